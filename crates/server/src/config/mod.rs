//! What can be set, and where each value comes from: a flag, the environment, the file, or the default, in this order.

mod nearest;
mod print;
mod read;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use app::outside::DoorRules;
use store::{DatabaseUrl, MasterKey};
use web::{Insurer, Limits};
use zeroize::Zeroizing;

use crate::observe::{Observe, Traces};
use crate::service::Shown;

use crate::doors::Doors;

pub use print::print;
pub use read::{Given, Origin, Resolved, resolve};

/// Something that can be set: `--listen`, `ANPEI_LISTEN`, or `listen = "…"` in the file.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file and as a flag.
    pub name: &'static str,
    /// What it means.
    pub help: &'static str,
    /// How its value is called in help texts.
    pub value: &'static str,
    /// Without a default it stays unset.
    pub default: Option<&'static str>,
    /// Never printed, and no flag: whoever lists processes reads flags.
    pub secret: bool,
}

const fn setting(name: &'static str, value: &'static str, help: &'static str) -> Setting {
    Setting { name, help, value, default: None, secret: false }
}

impl Setting {
    const fn or(self, default: &'static str) -> Setting {
        Setting { default: Some(default), ..self }
    }

    const fn kept_secret(self) -> Setting {
        Setting { secret: true, ..self }
    }

    /// Its name in the environment.
    pub fn variable(&self) -> String {
        format!("ANPEI_{}", self.name.to_uppercase().replace('-', "_"))
    }
}

/// Everything that can be set.
pub const SETTINGS: &[Setting] = &[
    setting("data", "DIR", "The data folder: journal, files, keys. It must exist").or("anpei-data"),
    setting(
        "database",
        "URL",
        "The PostgreSQL database of journal, views and wrapped keys, postgresql://USER:PASSWORD@HOST:PORT/DATABASE; several processes may \
         work on it, and the data folder that they share holds the master key and the files. Whoever lists processes reads flags: name \
         it in the environment or in the file where it holds a password",
    ),
    setting("listen", "ADDRESS", "The address to listen at; port 0 takes a free one").or("127.0.0.1:8420"),
    setting(
        "base-url",
        "URL",
        "How people reach us, as in links. With https (a proxy in front ends TLS) cookies are marked Secure. \
         Default: http:// and the address listened at",
    ),
    setting("insurer-name", "NAME", "The insurer's name, as its customers know it; shown on their pages"),
    setting("service-phone", "NUMBER", "The number of the service desk; shown on customers' pages"),
    setting("rescue-phone", "NUMBER", "The number of roadside rescue; shown on customers' pages"),
    setting("partners", "KIND", "Bank and messages: `none`, or `fake` for stand-ins that move no money")
        .or("none"),
    setting(
        "fake-bank",
        "MOOD",
        "How the stand-in bank behaves: `prompt` pays at once, `faulty` is late, loses answers, or declines",
    )
    .or("prompt"),
    setting(
        "nats",
        "URL",
        "The NATS server whose JetStream others read, nats://HOST:4222; from the environment or the file only",
    )
    .kept_secret(),
    setting(
        "webhooks-inside",
        "WHERE",
        "Where webhooks may go beside public addresses: `none`, `loopback` (http too), `private`, or `both`",
    )
    .or("none"),
    setting(
        "master-key-file",
        "FILE",
        "The file with the master key, 64 hexadecimal digits; by default `master.key` in the data folder",
    ),
    setting("master-key", "HEX", "The master key itself; from the environment or the file only")
        .kept_secret(),
    setting("log-level", "FILTER", "What is logged: error, warn, info, debug, trace, or a filter by module")
        .or("info"),
    setting("log-format", "FORMAT", "How it is logged: `json` or `text`").or("json"),
    setting(
        "traces-to",
        "URL",
        "Where traces are sent, as OTLP over HTTP: http://localhost:4318/v1/traces. Without it none are kept",
    ),
    setting("traces-per-mille", "COUNT", "Of a thousand traces so many are kept").or("1000"),
    setting(
        "slow-statement-milliseconds",
        "COUNT",
        "A statement of the store that takes so long is told in the log",
    )
    .or("200"),
    setting("slow-use-case-milliseconds", "COUNT", "A use case that takes so long is told in the log")
        .or("1000"),
    setting(
        "requests-at-once",
        "COUNT",
        "So many requests of customers are worked on at once, and as many of staff; others wait their turn",
    )
    .or("64"),
    setting("requests-waiting", "COUNT", "So many of each wait; whoever comes then is told to come again (503)")
        .or("256"),
    setting("upload-mebibytes", "COUNT", "Files of so many mebibytes are held in memory at once")
        .or("192"),
    setting(
        "stop-seconds",
        "SECONDS",
        "How long requests under way may take to finish when we are told to stop",
    )
    .or("10"),
];

/// The configuration, read into types.
#[derive(Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The PostgreSQL database; `None`: everything is in the data folder.
    pub database: Option<DatabaseUrl>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How people reach us; `None`: at the address listened at.
    pub base_url: Option<String>,
    /// What customers are told of the insurer.
    pub insurer: Insurer,
    /// The partners outside.
    pub partners: Partners,
    /// How other systems are told.
    pub doors: Doors,
    /// Where the master key comes from.
    pub master_key: MasterKey,
    /// What is logged.
    pub log_level: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// How long requests may take to finish at the end.
    pub stop_after: Duration,
    /// How many are let in at once.
    pub limits: Limits,
    /// What is watched beside requests.
    pub observe: Observe,
    /// Every setting as operators are shown it, secrets masked.
    settings: Vec<web::inside::Setting>,
}

/// Which banks and message providers are spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partners {
    /// None are set.
    None,
    /// Stand-ins.
    Fake(Mood),
}

/// How the stand-in bank behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Pays at once.
    Prompt,
    /// As badly as real ones do.
    Faulty,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl Config {
    /// Reads the values that were found.
    pub fn of(found: &Resolved) -> Result<Config> {
        let mood = found.word("fake-bank", &[("prompt", Mood::Prompt), ("faulty", Mood::Faulty)])?;
        let partners = &[("none", Partners::None), ("fake", Partners::Fake(mood))];
        let formats = &[("json", LogFormat::Json), ("text", LogFormat::Text)];
        let level: String = found.needed("log-level")?;
        if tracing_subscriber::EnvFilter::try_new(&level).is_err() {
            bail!("log-level: `{level}` is no filter; say for example `info` or `warn,app=debug`");
        }
        Ok(Config {
            data: found.needed("data")?,
            database: found.get("database").map(database).transpose()?,
            listen: found
                .needed("listen")
                .context("an address has an IP and a port, such as 127.0.0.1:8420")?,
            base_url: found.get("base-url").map(base_url).transpose()?,
            insurer: insurer(found)?,
            partners: found.word("partners", partners)?,
            doors: doors(found)?,
            master_key: master_key(found)?,
            log_level: level,
            log_format: found.word("log-format", formats)?,
            stop_after: Duration::from_secs(found.needed("stop-seconds")?),
            limits: Limits {
                at_once: found.needed("requests-at-once")?,
                waiting: found.needed("requests-waiting")?,
                file_bytes: found.needed::<usize>("upload-mebibytes")?.saturating_mul(1 << 20),
                ..Limits::default()
            },
            observe: observe(found)?,
            settings: print::shown(found),
        })
    }
}

impl Config {
    /// What operators are shown of it.
    pub(crate) fn shown(&self) -> Shown {
        Shown { data: self.data.clone(), settings: self.settings.clone(), limits: self.limits }
    }
}

fn observe(found: &Resolved) -> Result<Observe> {
    let milliseconds = |name: &str| Ok::<_, anyhow::Error>(Duration::from_millis(found.needed(name)?));
    let per_mille: u16 = found.needed("traces-per-mille")?;
    if per_mille > 1_000 {
        bail!("traces-per-mille: {per_mille} is more than 1000");
    }
    let to = found.get("traces-to").map(|text| {
        match text.starts_with("http://") || text.starts_with("https://") {
            true => Ok(text.to_owned()),
            false => bail!("traces-to: `{text}` is no address such as http://localhost:4318/v1/traces"),
        }
    });
    Ok(Observe {
        traces: to.transpose()?.map(|to| Traces { to, per_mille }),
        slow_statement: milliseconds("slow-statement-milliseconds")?,
        slow_use_case: milliseconds("slow-use-case-milliseconds")?,
    })
}

/// What is wrong with it is told without repeating it.
fn database(text: &str) -> Result<DatabaseUrl> {
    text.parse().map_err(|problem| anyhow!("database: {problem}"))
}

fn base_url(text: &str) -> Result<String> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ']) => Ok(text.to_owned()),
        _ => bail!("base-url: `{text}` is no address such as https://claims.example.com (without a path)"),
    }
}

fn doors(found: &Resolved) -> Result<Doors> {
    let rules = |allow_loopback, allow_private| DoorRules { allow_loopback, allow_private };
    let places = &[
        ("none", rules(false, false)),
        ("loopback", rules(true, false)),
        ("private", rules(false, true)),
        ("both", rules(true, true)),
    ];
    Ok(Doors {
        rules: found.word("webhooks-inside", places)?,
        nats: found.get("nats").map(str::to_owned),
        source: found.get("base-url").map(base_url).transpose()?,
    })
}

fn insurer(found: &Resolved) -> Result<Insurer> {
    let phone = |name: &str| found.get(name).map(|number| phone(name, number)).transpose();
    Ok(Insurer {
        name: found.get("insurer-name").map(|name| name.trim().to_owned()),
        service_phone: phone("service-phone")?,
        rescue_phone: phone("rescue-phone")?,
    })
}

/// A number as people read it: digits, parted by blanks and dashes, after a `+` where it names its country.
fn phone(name: &str, number: &str) -> Result<String> {
    let number = number.trim();
    let (digits, others): (Vec<char>, Vec<char>) =
        number.strip_prefix('+').unwrap_or(number).chars().partition(char::is_ascii_digit);
    if !(3..=15).contains(&digits.len()) || others.iter().any(|sign| !matches!(sign, ' ' | '-')) {
        bail!("{name}: `{number}` is no number to call, such as 400-123-4567");
    }
    Ok(number.to_owned())
}

fn master_key(found: &Resolved) -> Result<MasterKey> {
    match (found.get("master-key"), found.get("master-key-file")) {
        (Some(_), Some(_)) => bail!("master-key and master-key-file are both set; keep one of them"),
        (Some(text), None) => Ok(MasterKey::Text(Zeroizing::new(text.to_owned()))),
        (None, Some(path)) => Ok(MasterKey::File(path.into())),
        (None, None) => Ok(MasterKey::InFolder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(file: &str) -> Result<Config> {
        Config::of(&resolve(&Default::default(), |_| None, Some((std::path::Path::new("a.toml"), file)))?)
    }

    #[test]
    fn values_are_read_into_types() {
        let config =
            config("listen = \"0.0.0.0:80\"\nbase-url = \"https://a.example/\"\npartners = \"fake\"\n")
                .unwrap();
        assert_eq!(config.listen, "0.0.0.0:80".parse().unwrap());
        assert_eq!(config.base_url.as_deref(), Some("https://a.example"));
        assert_eq!(config.partners, Partners::Fake(Mood::Prompt));
        assert_eq!(config.stop_after, Duration::from_secs(10));
        assert_eq!(config.insurer, Insurer::default());
    }

    #[test]
    fn the_insurer_is_told_as_it_was_set() {
        let set = "insurer-name = \"示例财险\"\nservice-phone = \"+86 10 0000 0000\"\nrescue-phone = \"400-000-0001\"";
        let insurer = config(set).unwrap().insurer;
        assert_eq!(insurer.name.as_deref(), Some("示例财险"));
        assert_eq!(insurer.service_phone.as_deref(), Some("+86 10 0000 0000"));
        assert_eq!(insurer.rescue_phone.as_deref(), Some("400-000-0001"));
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_with_its_place() {
        for (file, told) in [
            ("listen = \"here\"", "listen in a.toml"),
            ("base-url = \"claims.example.com\"", "base-url"),
            ("base-url = \"https://a.example/claims\"", "base-url"),
            ("partners = \"real\"", "partners in a.toml: `real` is none of none, fake"),
            ("service-phone = \"call us\"", "service-phone"),
            ("rescue-phone = \"12\"", "rescue-phone"),
            ("database = \"mysql://a@b/c\"", "postgresql://USER"),
            ("database = \"postgres://anpei:pw@db.example/anpei\"", "sslmode=verify-full"),
            ("stop-seconds = -1", "stop-seconds in a.toml"),
            ("log-level = \"a=b=c\"", "log-level"),
            ("traces-to = \"localhost:4318\"", "traces-to"),
            ("traces-per-mille = 1001", "traces-per-mille"),
            ("slow-use-case-milliseconds = \"soon\"", "slow-use-case-milliseconds in a.toml"),
            ("master-key = \"00\"\nmaster-key-file = \"k\"", "both set"),
        ] {
            let error = format!("{:#}", config(file).unwrap_err());
            assert!(error.contains(told), "{file}: {error}");
        }
    }
}
