//! The address of a database, whose password is never shown.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// The URL of a PostgreSQL database. It is shown without its password, whatever is done with it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    pub(super) config: Config,
    pub(super) tls: Tls,
}

/// How what goes over the wire is kept from others.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Tls {
    /// It is not.
    Off,
    /// By a certificate of the server that one of these roots stands for: those of a file, else those of the system.
    Verified { roots: Option<PathBuf> },
}

/// The text is no address of a database. No part of the text is repeated: it may hold the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDatabaseUrl {
    /// Not a URL of that kind.
    #[error(
        "the database is not named as postgresql://USER:PASSWORD@HOST:PORT/DATABASE; write characters such as @ : / ? # % of a password as %40 %3A %2F %3F %23 %25"
    )]
    Form,
    /// No database after the host.
    #[error(
        "the URL of the database does not say which database: postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    )]
    NoName,
    /// A mode that the product does not know.
    #[error("sslmode in the URL of the database is one of verify-full, require, disable")]
    Mode,
    /// Another machine, and nothing said about encryption.
    #[error(
        "the database is on another machine: add ?sslmode=verify-full to its URL, or ?sslmode=disable where the network itself is private"
    )]
    Open,
}

impl FromStr for DatabaseUrl {
    type Err = BadDatabaseUrl;

    fn from_str(text: &str) -> Result<DatabaseUrl, BadDatabaseUrl> {
        let text = text.trim();
        if !text.starts_with("postgresql://") && !text.starts_with("postgres://") {
            return Err(BadDatabaseUrl::Form);
        }
        let (place, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut roots, mut rest) = (None, None, vec![]);
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(PathBuf::from(value.replace("%2F", "/"))),
                _ => rest.push(part),
            }
        }
        let url = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        let mut config: Config = url.parse().map_err(|_| BadDatabaseUrl::Form)?;
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(BadDatabaseUrl::NoName);
        }
        let local = config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
            Host::Unix(_) => true,
        });
        let tls = match mode {
            // `require` verifies too: what is encrypted for whoever answers is not kept from anyone.
            Some("verify-full" | "require") => Tls::Verified { roots },
            Some("disable") => Tls::Off,
            Some(_) => return Err(BadDatabaseUrl::Mode),
            None if local => Tls::Off,
            None => return Err(BadDatabaseUrl::Open),
        };
        config.ssl_mode(if tls == Tls::Off { SslMode::Disable } else { SslMode::Require });
        Ok(DatabaseUrl { config, tls })
    }
}

/// Who, where and which; never the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgresql://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (at, host) in self.config.get_hosts().iter().enumerate() {
            f.write_str(if at > 0 { "," } else { "" })?;
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            if let Some(port) = ports.get(at).or(ports.last()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.name())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl DatabaseUrl {
    /// The name of the database.
    pub(super) fn name(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_shown_without_its_password() {
        let cases = [
            ("postgresql://ann:s3cret@127.0.0.1:5433/claims", "postgresql://ann@127.0.0.1:5433/claims"),
            (
                "postgres://ann:s3cret@localhost/claims?sslmode=disable",
                "postgresql://ann@localhost:5432/claims",
            ),
            ("postgresql://ann@localhost/claims?password=s3cret", "postgresql://ann@localhost:5432/claims"),
            ("postgresql://ann:s3?cret@localhost/claims", "postgresql://ann@localhost:5432/claims"),
            (
                "postgresql://ann:s3cret@one:1,two:2/claims?sslmode=verify-full",
                "postgresql://ann@one:1,two:2/claims",
            ),
            ("postgresql://ann@%2Frun%2Fpg/claims", "postgresql://ann@/run/pg:5432/claims"),
        ];
        for (text, shown) in cases {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!((url.to_string(), format!("{url:?}")), (shown.to_owned(), shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_read_is_not_repeated() {
        let cases = [
            ("", BadDatabaseUrl::Form),
            ("host=localhost password=s3cret", BadDatabaseUrl::Form),
            ("postgresql://ann:s3cret@localhost:many/claims", BadDatabaseUrl::Form),
            ("postgresql://ann:s3cret@localhost", BadDatabaseUrl::NoName),
            ("postgresql://ann:s3cret@db/claims", BadDatabaseUrl::Open),
            ("postgresql://ann:s3cret@db/claims?sslmode=prefer", BadDatabaseUrl::Mode),
        ];
        for (text, expected) in cases {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("s3cret") && !error.to_string().contains("cret@"), "{error}");
        }
    }
}
