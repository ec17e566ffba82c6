//! Names hold together: the figures, their documentation, the dashboard, the alerts and the runbook.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use super::figures::{FIGURES, Kind};

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", name].iter().collect()
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The page that lists every figure.
fn page() -> String {
    let mut page = String::from(
        "# Figures\n\nWhat `/metrics` tells, for Prometheus. This page is made from the list in the code: \
         `UPDATE_GOLDEN=1 cargo test -p server figures` writes it.\n\nFigures of the business are looked up at most once in ten \
         seconds, however many read. Where several processes serve one store, each tells the same of it: take `max`, not \
         `sum`. No label holds an id.\n\n| figure | kind | labels | what it tells |\n|---|---|---|---|\n",
    );
    for figure in FIGURES {
        let kind = match figure.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let labels: Vec<_> = figure.labels.iter().map(|label| format!("`{label}`")).collect();
        writeln!(page, "| `{}` | {kind} | {} | {} |", figure.name, labels.join(" "), figure.help).unwrap();
    }
    page
}

#[test]
fn the_documentation_lists_the_figures() {
    const PAGE: &str = "docs/operations/metrics.md";
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path(PAGE), page()).unwrap();
    }
    assert_eq!(text(PAGE), page(), "UPDATE_GOLDEN=1 writes it");
}

#[test]
fn figures_are_named_as_prometheus_wants() {
    let mut seen = BTreeSet::new();
    for figure in FIGURES {
        assert!(seen.insert(figure.name), "{} is there twice", figure.name);
        assert!(figure.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", figure.name);
        assert_eq!(figure.name.ends_with("_total"), figure.kind == Kind::Counter, "{}", figure.name);
        assert!(figure.kind != Kind::Histogram || figure.name.ends_with("_seconds"), "{}", figure.name);
        assert!(!figure.help.is_empty() && !figure.help.ends_with('.'), "{}", figure.name);
    }
}

/// Names of our figures in `text`.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|sign: char| !(sign.is_ascii_lowercase() || sign == '_'));
    let histograms =
        |name: &str| FIGURES.iter().any(|figure| figure.name == name && figure.kind == Kind::Histogram);
    words
        .filter(|word| word.starts_with("anpei_") || word.starts_with("process_"))
        .map(|word| {
            let parts = ["_bucket", "_count", "_sum"].iter().find_map(|part| word.strip_suffix(part));
            parts.filter(|name| histograms(name)).unwrap_or(word)
        })
        .collect()
}

#[test]
fn the_dashboard_and_the_alerts_name_figures_that_exist_and_the_dashboard_shows_each() {
    let known: BTreeSet<&str> = FIGURES.iter().map(|figure| figure.name).collect();
    let (dashboard, alerts) = (text("ops/grafana/anpei.json"), text("ops/prometheus/alerts.yml"));
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    assert!(parsed["panels"].as_array().unwrap().len() > 20);
    for (file, text) in [("the dashboard", &dashboard), ("the alerts", &alerts)] {
        let unknown: Vec<_> = named(text).difference(&known).copied().collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
    let shown = named(&dashboard);
    let hidden: Vec<_> = known.difference(&shown).collect();
    assert!(hidden.is_empty(), "no panel shows {hidden:?}");
}

#[test]
fn every_alert_has_its_page_in_the_runbook_and_every_page_its_alert() {
    const LEADS: [&str; 5] = ["What it means.", "What users see.", "Look at.", "Do.", "Over when."];
    let (alerts, runbook) = (text("ops/prometheus/alerts.yml"), text("docs/operations/runbook.md"));
    let value = |line: &str, key: &str| {
        let value = line.trim().trim_start_matches("- ").strip_prefix(key)?.trim();
        Some(value.trim_matches('"').to_owned())
    };
    let names: Vec<String> = alerts.lines().filter_map(|line| value(line, "alert:")).collect();
    let pages: Vec<String> = alerts.lines().filter_map(|line| value(line, "runbook:")).collect();
    assert_eq!(names.len(), pages.len());
    for (name, page) in names.iter().zip(&pages) {
        assert_eq!(*page, format!("docs/operations/runbook.md#{}", name.to_lowercase()), "{name}");
    }
    let sections: Vec<(&str, &str)> =
        runbook.split("\n## ").skip(1).filter_map(|section| section.split_once('\n')).collect();
    let headings: Vec<&str> = sections.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(headings, names, "the runbook follows the alerts");
    for (heading, section) in sections {
        let mut rest = section;
        for lead in LEADS {
            let (before, after) =
                rest.split_once(&format!("**{lead}**")).unwrap_or_else(|| panic!("{heading}: {lead}"));
            assert!(lead == LEADS[0] || before.trim().len() > 5, "{heading}: nothing stands before {lead}");
            rest = after;
        }
        assert!(rest.trim().len() > 5, "{heading}: its last part is empty");
    }
}
