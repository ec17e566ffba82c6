//! Finds the value of every setting.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Arg, ArgMatches};

use super::nearest::nearest;
use super::{SETTINGS, Setting};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    Flag(&'static str),
    /// A variable of the environment.
    Environment(String),
    /// The configuration file.
    File(PathBuf),
    /// Nobody said otherwise.
    Default,
}

/// Every value that was found, with its origin.
#[derive(Debug, Default)]
pub struct Resolved(BTreeMap<&'static str, (String, Origin)>);

/// The settings that a command takes which only opens the store.
const OF_THE_STORE: [&str; 3] = ["data", "database", "master-key-file"];

/// The settings of a command as flags, and `--config`: all of them when `WHOLE`, or those for opening the store alone.
#[derive(Clone, Debug)]
pub struct Given<const WHOLE: bool> {
    flags: BTreeMap<&'static str, String>,
    config: Option<PathBuf>,
}

impl<const WHOLE: bool> Given<WHOLE> {
    /// Finds every value.
    pub fn resolve(&self) -> Result<Resolved> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = self.config.clone().or_else(|| variable("ANPEI_CONFIG").map(PathBuf::from));
        let text = path.as_ref().map(|path| {
            std::fs::read_to_string(path)
                .with_context(|| format!("config file {} cannot be read", path.display()))
        });
        let text = text.transpose()?;
        let file = path.as_deref().zip(text.as_deref());
        resolve(&self.flags, variable, file)
    }
}

impl<const WHOLE: bool> clap::Args for Given<WHOLE> {
    fn augment_args(command: clap::Command) -> clap::Command {
        let config = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("A TOML file with settings, as `serve --print-config` writes it [env: ANPEI_CONFIG]");
        command.args(flags(WHOLE)).arg(config)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<const WHOLE: bool> clap::FromArgMatches for Given<WHOLE> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |setting: &Setting| matches.try_get_one::<String>(setting.name).ok().flatten().cloned();
        let flags = SETTINGS.iter().filter_map(|setting| Some((setting.name, value(setting)?))).collect();
        Ok(Given { flags, config: matches.get_one("config").cloned() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flags(whole: bool) -> impl Iterator<Item = Arg> {
    let settings = SETTINGS
        .iter()
        .filter(move |setting| !setting.secret && (whole || OF_THE_STORE.contains(&setting.name)));
    settings.map(|setting| {
        let default = setting.default.map(|default| format!(" [default: {default}]")).unwrap_or_default();
        Arg::new(setting.name).long(setting.name).value_name(setting.value).help(format!(
            "{} [env: {}]{default}",
            setting.help,
            setting.variable()
        ))
    })
}

/// Flags before environment before file before default.
pub fn resolve(
    flags: &BTreeMap<&'static str, String>,
    variables: impl Fn(&str) -> Option<String>,
    file: Option<(&Path, &str)>,
) -> Result<Resolved> {
    let mut in_file = match file {
        Some((path, text)) => parse(path, text)?,
        None => BTreeMap::new(),
    };
    let mut found = BTreeMap::new();
    for setting in SETTINGS {
        let variable = setting.variable();
        let value = if let Some(value) = flags.get(setting.name) {
            Some((value.clone(), Origin::Flag(setting.name)))
        } else if let Some(value) = variables(&variable) {
            Some((value, Origin::Environment(variable)))
        } else if let (Some(value), Some((path, _))) = (in_file.remove(setting.name), file) {
            Some((value, Origin::File(path.to_owned())))
        } else {
            setting.default.map(|value| (value.to_owned(), Origin::Default))
        };
        if let Some(value) = value {
            found.insert(setting.name, value);
        }
    }
    Ok(Resolved(found))
}

/// The settings of a file; one that does not exist is refused, with the one that may have been meant.
fn parse(path: &Path, text: &str) -> Result<BTreeMap<String, String>> {
    let place = path.display();
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        anyhow!("{place}: line {line}: {}", error.message())
    })?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !SETTINGS.iter().any(|setting| setting.name == name) {
            let known = nearest(&name, SETTINGS.iter().map(|setting| setting.name));
            let hint = known.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
            bail!("{place}: there is no setting `{name}`{hint}");
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            _ => bail!("{place}: `{name}` takes a text or a whole number"),
        };
        values.insert(name, value);
    }
    Ok(values)
}

impl Resolved {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|(value, _)| value.as_str())
    }

    /// The value of `name`, and where it is from.
    pub(super) fn with_origin(&self, name: &str) -> Option<(&str, &Origin)> {
        self.0.get(name).map(|(value, origin)| (value.as_str(), origin))
    }

    /// Sets `name` by a flag of another name.
    pub fn set(&mut self, name: &'static str, value: &str, flag: &'static str) {
        self.0.insert(name, (value.to_owned(), Origin::Flag(flag)));
    }

    /// The value of `name`, which has a default.
    pub(super) fn needed<T: FromStr>(&self, name: &str) -> Result<T>
    where
        T::Err: fmt::Display,
    {
        let (value, origin) = self.with_origin(name).with_context(|| format!("{name} is not set"))?;
        value.parse().map_err(|problem| anyhow!("{name}{}: `{value}`: {problem}", origin.place()))
    }

    /// The value of `name` as one of `words`.
    pub(super) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T> {
        let (value, origin) = self.with_origin(name).with_context(|| format!("{name} is not set"))?;
        let known = words.iter().find(|(word, _)| *word == value);
        known.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let all: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            anyhow!("{name}{}: `{value}` is none of {}", origin.place(), all.join(", "))
        })
    }
}

impl Origin {
    /// For a complaint, behind the name of the setting.
    fn place(&self) -> String {
        match self {
            Origin::Flag(_) | Origin::Default => String::new(),
            other => format!(" in {}", other.to_string().trim_start_matches("environment ")),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(name) => write!(f, "flag --{name}"),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(flag: Option<&str>, variable: Option<&str>, file: Option<&str>) -> (String, Origin) {
        let flags = flag.map(|value| ("listen", value.to_owned())).into_iter().collect();
        let variables = |name: &str| variable.filter(|_| name == "ANPEI_LISTEN").map(str::to_owned);
        let text = file.map(|value| format!("listen = \"{value}\"")).unwrap_or_default();
        let found = resolve(&flags, variables, Some((Path::new("a.toml"), &text))).unwrap();
        let (value, origin) = found.with_origin("listen").unwrap();
        (value.to_owned(), origin.clone())
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
        let variable = || Origin::Environment("ANPEI_LISTEN".to_owned());
        for (flag, environment, file, value, origin) in [
            (Some("1"), Some("2"), Some("3"), "1", Origin::Flag("listen")),
            (None, Some("2"), Some("3"), "2", variable()),
            (None, None, Some("3"), "3", Origin::File("a.toml".into())),
            (None, None, None, "127.0.0.1:8420", Origin::Default),
        ] {
            assert_eq!(find(flag, environment, file), (value.to_owned(), origin));
        }
    }

    #[test]
    fn a_file_is_refused_by_name_and_line() {
        for (file, told) in [
            ("lisen = \"1\"", "a.toml: there is no setting `lisen`; did you mean `listen`?"),
            ("log_level = \"warn\"", "did you mean `log-level`?"),
            ("favourite-colour = \"red\"", "a.toml: there is no setting `favourite-colour`"),
            ("data = \"x\"\nlisten = [1]", "a.toml: `listen` takes a text or a whole number"),
            ("data = \"x\"\nlisten = ", "a.toml: line 2:"),
        ] {
            let error = resolve(&BTreeMap::new(), |_| None, Some((Path::new("a.toml"), file))).unwrap_err();
            assert!(error.to_string().contains(told), "{file}: {error}");
        }
    }
}
