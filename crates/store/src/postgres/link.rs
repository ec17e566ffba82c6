//! Connections: how they are made, what they are set to, and what their failures mean.

use std::collections::HashMap;
use std::error::Error as _;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::executor::block_on;
use journal::Unavailable;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, Error, NoTls, Notification, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::url::{DatabaseUrl, Tls};

/// Longest wait for a connection.
const CONNECTING_MAX: Duration = Duration::from_secs(5);
/// Statements kept prepared on one connection.
const PREPARED_MAX: usize = 512;

/// A parameter of a statement.
pub(super) type Parameter<'a> = &'a (dyn ToSql + Sync);

/// A parameter that can travel: mostly a list of the cells of one column.
pub(super) type Cells<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// `cells` as parameters.
pub(super) fn parameters<'a>(cells: &'a [Cells<'_>]) -> Vec<Parameter<'a>> {
    cells.iter().map(|cells| &**cells as Parameter<'_>).collect()
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Short statements: readers, the vault, sessions.
    Read,
    /// Commits under the lock of the log. Whoever hangs with that lock is thrown out before others stop waiting for it.
    Write,
    /// Statements that may take as long as they need: verification, making views anew, changes of the schema.
    Long,
}

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    url: DatabaseUrl,
    tls: Option<MakeRustlsConnect>,
    /// Drives the connections.
    runtime: Handle,
}

/// A connection and the statements prepared on it.
pub(super) struct Link {
    pub(super) client: Client,
    statements: Mutex<HashMap<String, Statement>>,
}

impl Connector {
    /// Fails where the certificates that the server's stands on cannot be read.
    pub(super) fn new(url: &DatabaseUrl, runtime: Handle) -> Result<Connector, String> {
        let tls = match &url.tls {
            Tls::Off => None,
            Tls::Verified { roots } => {
                let mut store = RootCertStore::empty();
                match roots {
                    Some(path) => {
                        let wrong = |error| format!("sslrootcert {}: {error}", path.display());
                        for certificate in CertificateDer::pem_file_iter(path).map_err(wrong)? {
                            let certificate = certificate.map_err(wrong)?;
                            store.add(certificate).map_err(|error| format!("sslrootcert: {error}"))?;
                        }
                        if store.is_empty() {
                            return Err(format!("sslrootcert {} holds no certificate", path.display()));
                        }
                    }
                    None => {
                        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                    }
                }
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let config = ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()
                    .map_err(|error| error.to_string())?;
                let config = config.with_root_certificates(store).with_no_client_auth();
                Some(MakeRustlsConnect::new(config))
            }
        };
        Ok(Connector { url: url.clone(), tls, runtime })
    }

    pub(super) fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// A connection to the primary.
    pub(super) async fn link(&self, purpose: Purpose) -> Result<Link, Error> {
        Ok(self.open(purpose).await?.0)
    }

    /// The same for a thread that waits.
    pub(super) fn link_now(&self, purpose: Purpose) -> Result<Link, Error> {
        block_on(self.link(purpose))
    }

    /// A connection, and what the server tells it unasked.
    pub(super) async fn open(
        &self,
        purpose: Purpose,
    ) -> Result<(Link, UnboundedReceiver<Notification>), Error> {
        let config = self.config(purpose);
        let (told, notices) = unbounded_channel();
        let tls = self.tls.clone();
        let mut connecting = Box::pin(async move {
            match tls {
                Some(tls) => {
                    let (client, connection) = config.connect(tls).await?;
                    tokio::spawn(drive(connection, told));
                    Ok(client)
                }
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    tokio::spawn(drive(connection, told));
                    Ok(client)
                }
            }
        });
        // Whoever asks may be a thread without a runtime: the sockets belong to ours.
        let client = poll_fn(|context| {
            let _within = self.runtime.enter();
            connecting.as_mut().poll(context)
        })
        .await?;
        // What was acknowledged is on disk, whatever the server's setting; a stricter one stays.
        client
            .batch_execute(
                "SELECT set_config('synchronous_commit', 'on', false)
                 WHERE current_setting('synchronous_commit') = 'off'",
            )
            .await?;
        Ok((Link { client, statements: Mutex::default() }, notices))
    }

    fn config(&self, purpose: Purpose) -> Config {
        let mut config = self.url.config.clone();
        // The product's tables are known by index; a plan must not turn to reading whole tables while they are small.
        let mut options = "-c search_path=anpei -c default_transaction_isolation=read\\ committed \
            -c client_connection_check_interval=2000 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 \
            -c tcp_keepalives_count=3 -c jit=off -c max_parallel_workers_per_gather=0"
            .to_owned();
        options.push_str(match purpose {
            Purpose::Read => {
                " -c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=30000 \
                 -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
                 -c plan_cache_mode=force_generic_plan"
            }
            Purpose::Write => {
                " -c statement_timeout=30000 -c lock_timeout=12000 -c idle_in_transaction_session_timeout=5000 \
                 -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
                 -c plan_cache_mode=force_generic_plan"
            }
            Purpose::Long => {
                " -c statement_timeout=0 -c lock_timeout=120000 -c idle_in_transaction_session_timeout=0"
            }
        });
        let given = config.get_options().map(str::to_owned);
        config
            .options(given.map_or(options.clone(), |given| format!("{given} {options}")))
            .application_name("anpei")
            .connect_timeout(CONNECTING_MAX)
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(5))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(20))
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        config
    }
}

/// Works for a connection until it ends.
async fn drive<S, T>(
    mut connection: tokio_postgres::Connection<S, T>,
    told: tokio::sync::mpsc::UnboundedSender<Notification>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    // The client hears of every failure itself.
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(notification) = message {
            // Most connections listen to nothing.
            let _ = told.send(notification);
        }
    }
}

impl Link {
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// `sql`, prepared once.
    pub(super) async fn prepare(&self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        let mut statements = self.statements();
        if statements.len() >= PREPARED_MAX {
            statements.clear();
        }
        statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(super) async fn query(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>, Error> {
        let statement = self.prepare(sql).await?;
        self.client.query(&statement, parameters).await
    }

    pub(super) async fn execute(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<u64, Error> {
        let statement = self.prepare(sql).await?;
        self.client.execute(&statement, parameters).await
    }

    /// The same for a thread that waits.
    pub(super) fn query_now(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<Vec<Row>, Error> {
        block_on(self.query(sql, parameters))
    }

    pub(super) fn execute_now(&self, sql: &str, parameters: &[Parameter<'_>]) -> Result<u64, Error> {
        block_on(self.execute(sql, parameters))
    }

    pub(super) fn batch_now(&self, sql: &str) -> Result<(), Error> {
        block_on(self.client.batch_execute(sql))
    }

    fn statements(&self) -> std::sync::MutexGuard<'_, HashMap<String, Statement>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Statements sent one after the other without waiting for the answers.
pub(super) struct Pipeline<'a> {
    link: &'a Link,
    sent: Vec<Sent<'a>>,
}

type Answered<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + Send + 'a>>;

enum Sent<'a> {
    Waiting(Answered<'a>),
    Answered(Result<Vec<Row>, Error>),
}

impl<'a> Pipeline<'a> {
    pub(super) fn new(link: &'a Link) -> Pipeline<'a> {
        Pipeline { link, sent: vec![] }
    }

    /// Sends `statement`, prepared on this link.
    pub(super) fn send(&mut self, statement: Statement, cells: Vec<Cells<'a>>) {
        let link = self.link;
        self.start(Box::pin(async move { link.client.query(&statement, &parameters(&cells)).await }));
    }

    /// Sends `sql` as it is: the beginning or the end of a transaction.
    pub(super) fn say(&mut self, sql: &'static str) {
        let link = self.link;
        self.start(Box::pin(async move { link.client.batch_execute(sql).await.map(|()| vec![]) }));
    }

    /// A request leaves with the first poll of its future.
    fn start(&mut self, mut answer: Answered<'a>) {
        let sent = match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Sent::Answered(answer),
            Poll::Pending => Sent::Waiting(answer),
        };
        self.sent.push(sent);
    }

    /// All answers, in the order of sending, or the first failure.
    pub(super) async fn finish(self) -> Result<Vec<Vec<Row>>, Error> {
        let mut answers = Vec::with_capacity(self.sent.len());
        for sent in self.sent {
            answers.push(match sent {
                Sent::Waiting(answer) => answer.await?,
                Sent::Answered(answer) => answer?,
            });
        }
        Ok(answers)
    }
}

/// What the server or the network said, in one line and without any value of a row.
pub(super) fn told(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words = format!("{words}: {cause_words}");
        }
        source = cause.source();
    }
    words
}

pub(super) fn unavailable(error: Error) -> Unavailable {
    Unavailable(format!("database: {}", told(&error)))
}
