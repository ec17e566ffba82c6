//! Lists every file of `locales/` for the word catalogue, so that adding a file needs no second place.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=locales");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("locales");
    let mut list = String::from("[\n");
    for language in ["zh", "en"] {
        let mut names: Vec<_> = fs::read_dir(root.join(language))?
            .map(|entry| entry.map(|found| found.path()))
            .collect::<Result<_, _>>()?;
        names.retain(|path| path.extension().is_some_and(|extension| extension == "ftl"));
        names.sort();
        for path in names {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            writeln!(list, "    ({language:?}, {name:?}, include_str!({:?})),", path.display().to_string())
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("locales.rs"), list)
}
