//! The configuration as a file that gives the same one, each value with its origin.

use super::{Resolved, SETTINGS, Setting};

/// Every setting with its value and where that comes from; secrets are masked.
pub fn print(found: &Resolved) -> String {
    let lines: Vec<(String, String)> = SETTINGS
        .iter()
        .map(|setting| match found.with_origin(setting.name) {
            Some((_, origin)) if setting.secret => {
                (format!("# {} = \"***\"", setting.name), origin.to_string())
            }
            Some((value, origin)) if without_password(value) != value => (
                format!("# {} = {}", setting.name, toml::Value::from(without_password(value))),
                origin.to_string(),
            ),
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

/// The same for `/debug`: secrets are masked, and so is a password inside an address.
pub(super) fn shown(found: &Resolved) -> Vec<web::inside::Setting> {
    let value = |setting: &Setting| match found.get(setting.name) {
        Some(_) if setting.secret => Some("***".to_owned()),
        value => value.map(without_password),
    };
    SETTINGS
        .iter()
        .map(|setting| web::inside::Setting { name: setting.name, value: value(setting) })
        .collect()
}

/// `https://user:secret@host/path?key=secret` as `https://user:***@host/path?***`; anything without a secret as it is.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) if query.split('&').all(|part| part.starts_with("sslmode=")) => {
            (rest, format!("?{query}"))
        }
        Some((rest, _)) => (rest, "?***".to_owned()),
        None => (rest, String::new()),
    };
    match rest.rsplit_once('@') {
        Some((who, host)) => {
            let user = match who.split_once(':') {
                Some((user, _)) => format!("{user}:***"),
                None => who.to_owned(),
            };
            format!("{scheme}://{user}@{host}{query}")
        }
        None => format!("{scheme}://{rest}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::resolve;

    #[test]
    fn what_is_printed_says_where_it_is_from_and_keeps_secrets() {
        let variables = |name: &str| match name {
            "ANPEI_MASTER_KEY" => Some("feed".to_owned()),
            "ANPEI_DATABASE" => Some("postgresql://anpei:feed@127.0.0.1/anpei".to_owned()),
            _ => None,
        };
        let file = (Path::new("a.toml"), "listen = \"1.2.3.4:5\"");
        let text = print(&resolve(&Default::default(), variables, Some(file)).unwrap());
        for line in [
            "data = \"anpei-data\"  # default",
            "listen = \"1.2.3.4:5\"  # a.toml",
            "# base-url =  # not set",
            "# database = \"postgresql://anpei:***@127.0.0.1/anpei\"  # environment ANPEI_DATABASE",
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

    #[test]
    fn what_is_shown_holds_no_secret() {
        for (text, shown) in [
            ("anpei-data", "anpei-data"),
            ("http://localhost:4318/v1/traces", "http://localhost:4318/v1/traces"),
            ("postgres://anpei:pw@db:5432/anpei", "postgres://anpei:***@db:5432/anpei"),
            (
                "postgres://anpei@db/anpei?sslmode=verify-full",
                "postgres://anpei@db/anpei?sslmode=verify-full",
            ),
            ("postgres://anpei:p@w@db/anpei?password=pw", "postgres://anpei:***@db/anpei?***"),
        ] {
            assert_eq!(without_password(text), shown);
        }
        let variables = |name: &str| (name == "ANPEI_MASTER_KEY").then(|| "feed".to_owned());
        let shown = shown(&resolve(&Default::default(), variables, None).unwrap());
        let key = shown.iter().find(|setting| setting.name == "master-key").unwrap();
        assert_eq!(key.value.as_deref(), Some("***"));
    }
}
