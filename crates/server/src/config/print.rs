//! The configuration as a file that gives the same one, each value with its origin.

use super::{Resolved, SETTINGS};

/// Every setting with its value and where that comes from; secrets are masked.
pub fn print(found: &Resolved) -> String {
    let lines: Vec<(String, String)> = SETTINGS
        .iter()
        .map(|setting| match found.with_origin(setting.name) {
            Some((_, origin)) if setting.secret => {
                (format!("# {} = \"***\"", setting.name), origin.to_string())
            }
            Some((value, origin)) => {
                (format!("{} = {}", setting.name, toml::Value::from(value)), origin.to_string())
            }
            None => (format!("# {} =", setting.name), "not set".to_owned()),
        })
        .collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    let aligned = lines.iter().map(|(line, origin)| format!("{line:<width$}  # {origin}"));
    aligned.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::resolve;

    #[test]
    fn what_is_printed_says_where_it_is_from_and_keeps_secrets() {
        let variables = |name: &str| (name == "ANPEI_MASTER_KEY").then(|| "feed".to_owned());
        let file = (Path::new("a.toml"), "listen = \"1.2.3.4:5\"");
        let text = print(&resolve(&Default::default(), variables, Some(file)).unwrap());
        for line in [
            "data = \"anpei-data\"  # default",
            "listen = \"1.2.3.4:5\"  # a.toml",
            "# base-url =  # not set",
            "# master-key = \"***\"  # environment ANPEI_MASTER_KEY",
        ] {
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.lines().any(|printed| squeezed(printed) == squeezed(line)), "{line}\n{text}");
        }
        assert!(!text.contains("feed"), "{text}");
    }

    #[test]
    fn what_is_printed_can_be_read_again() {
        let found = resolve(&Default::default(), |_| None, None).unwrap();
        let again =
            resolve(&Default::default(), |_| None, Some((Path::new("a.toml"), &print(&found)))).unwrap();
        for setting in SETTINGS {
            assert_eq!(found.get(setting.name), again.get(setting.name), "{}", setting.name);
        }
    }
}
