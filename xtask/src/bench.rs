//! Runs the benchmarks in the release profile and writes what they print into docs/BENCHMARKS.md.
//!
//! A benchmark prints its figures as rows of a Markdown table, lines that start with `| `; what else it prints
//! is for whoever watches. Every `[[bench]]` of a crate is run, so that a new one needs no line here.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::postgres::{Lent, VARIABLE};
use crate::shell::{cargo, command, read, root};

const PAGE: &str = "docs/BENCHMARKS.md";

/// The part of a `Cargo.toml` that is read here.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    bench: Vec<Bench>,
}

#[derive(Deserialize)]
struct Bench {
    name: String,
}

/// Runs the benchmarks whose `crate/bench` contains `wanted`; only a full run writes the page.
pub(crate) fn bench(wanted: Option<&str>) -> Result<()> {
    let mut page = String::from(
        "# Benchmarks\n\nWritten by `cargo xtask bench`; not edited by hand. A figure counts for the machine below and no \
         other.\nWhere a row has a bare loop beside it, that loop does the same work on the same disk without the product. \
         PostgreSQL runs on the\nsame machine.\n",
    );
    writeln!(page, "\n{}", machine()?)?;
    let server = Lent::get()?;
    let mut count = 0;
    for (name, bench) in benches()? {
        let title = format!("{name}/{bench}");
        if wanted.is_some_and(|wanted| !title.contains(wanted)) {
            continue;
        }
        println!("== {title}");
        let arguments = ["bench", "--package", &name, "--bench", &bench];
        let output = read(cargo().args(arguments).env(VARIABLE, server.url()))?;
        print!("{output}");
        let rows: Vec<&str> =
            output.lines().filter(|line| line.starts_with("| ") || line.starts_with("|-")).collect();
        ensure!(!rows.is_empty(), "{title} printed no row of figures (a line that starts with `| `)");
        writeln!(page, "\n## {title}\n\n`cargo {}`\n\n{}", arguments.join(" "), rows.join("\n"))?;
        count += 1;
    }
    ensure!(count > 0, "no benchmark is called so");
    if wanted.is_none() {
        fs::write(root().join(PAGE), page).with_context(|| format!("{PAGE} cannot be written"))?;
        println!("\n{PAGE} holds {count} benchmark(s)");
    }
    Ok(())
}

/// Every `[[bench]]` as crate and name, in order.
fn benches() -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let crates = root().join("crates");
    for entry in fs::read_dir(&crates).with_context(|| format!("{} cannot be read", crates.display()))? {
        let entry = entry?;
        let path = entry.path().join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let manifest: Manifest =
            toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.extend(manifest.bench.into_iter().map(|bench| (name.clone(), bench.name)));
    }
    found.sort();
    Ok(found)
}

/// What was measured on, as a list.
fn machine() -> Result<String> {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let gib =
        value(&memory, "MemTotal").and_then(|kib| kib.split(' ').next()?.parse::<u64>().ok()).unwrap_or(0)
            / (1024 * 1024);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = read(command("uname").arg("-sr"))?;
    let compiler = read(command("rustc").arg("--version"))?;
    let day = read(command("date").args(["--utc", "+%Y-%m-%d"]))?;
    let commit = read(command("git").args(["rev-parse", "--short", "HEAD"]))?;
    Ok([
        format!(
            "- Machine: {}, {cores} cores, {gib} GiB",
            value(&processor, "model name").unwrap_or("unknown")
        ),
        format!("- System: {}", kernel.trim()),
        format!("- Compiler: {}, release profile", compiler.trim()),
        format!("- Measured: {} at {}", day.trim(), commit.trim()),
    ]
    .join("\n"))
}

/// The value of the first `name: value` line.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_from_what_the_kernel_says() {
        let text = "processor\t: 0\nmodel name\t: Fast One\nmodel name\t: Other\nMemTotal:       24 kB\n";
        assert_eq!(value(text, "model name"), Some("Fast One"));
        assert_eq!(value(text, "MemTotal"), Some("24 kB"));
        assert_eq!(value(text, "bogomips"), None);
    }

    #[test]
    fn every_benchmark_named_in_a_manifest_is_found() {
        let found = benches().unwrap();
        for (name, bench) in &found {
            assert!(root().join("crates").join(name).is_dir(), "{name}/{bench}");
        }
        assert!(found.is_sorted());
    }
}
