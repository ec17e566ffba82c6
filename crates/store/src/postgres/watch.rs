//! Hears what other nodes did: notifications wake it, and a slow look at the database makes up for those that were lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;
use tokio_postgres::{Error, Notification};

use super::link::{Link, Purpose, told};
use super::writer::Work;
use super::{ERASED_CHANNEL, HEAD_CHANNEL, Postgres, entries};

/// How often the database is looked at when nothing is heard. Remembered keys may be used for a few times as long.
const LOOK: Duration = Duration::from_millis(150);
/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(500);
/// What others committed is fetched when it is at most so many entries; followers read more than that from the database.
const FETCHED_MAX: u64 = 2_048;

/// Where the log stands, who is up to date with it, and how many subjects were erased.
const STATE: &str = "SELECT head, forms, (SELECT count FROM vault.erasures) FROM log";

/// Watches until the store closes.
pub(super) async fn watch(store: Arc<Postgres>) {
    let mut quiet = false;
    while !store.shared.stopping() {
        let told_of = match connect(&store).await {
            Ok((link, notices)) => {
                quiet = false;
                follow(&store, &link, notices).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = told_of {
            if !quiet && !store.shared.stopping() {
                tracing::warn!(problem = told(&error), "the database is not heard; trying again");
            }
            quiet = true;
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn connect(store: &Postgres) -> Result<(Link, UnboundedReceiver<Notification>), Error> {
    let (link, notices) = store.shared.connector.open(Purpose::Read).await?;
    link.client.batch_execute(&format!("LISTEN {HEAD_CHANNEL}; LISTEN {ERASED_CHANNEL}")).await?;
    Ok((link, notices))
}

async fn follow(
    store: &Arc<Postgres>,
    link: &Link,
    mut notices: UnboundedReceiver<Notification>,
) -> Result<(), Error> {
    while !store.shared.stopping() {
        look(store, link).await?;
        // Our own commits are known before they are heard of.
        while let Ok(heard) = timeout(LOOK, notices.recv()).await {
            match heard {
                Some(notice) if notice.channel() == HEAD_CHANNEL => {
                    let position = notice.payload().parse().unwrap_or(u64::MAX);
                    if position > store.shared.head() {
                        break;
                    }
                }
                // An erasure; or the connection is lost, and the next look says why.
                Some(_) | None => break,
            }
        }
    }
    Ok(())
}

/// Looks at the database, and tells whoever waits.
async fn look(store: &Arc<Postgres>, link: &Link) -> Result<(), Error> {
    let shared = &store.shared;
    let asked = Instant::now();
    let rows = link.query(STATE, &[]).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (head, forms): (u64, Vec<String>) = (entries::unsigned(row, 0)?, row.try_get(1)?);
    shared.keys.heard(asked, row.try_get(2)?);
    let known = shared.head();
    if head > known {
        match entries::after(link, known, (head - known).min(FETCHED_MAX) as usize).await {
            Ok(entries) if head - known <= FETCHED_MAX => shared.recent.committed(entries.into_iter()),
            _ => shared.recent.clear(),
        }
        shared.reached(head);
        // A full channel means that the follower is awake already.
        let _ = store.nudge.try_send(());
    }
    if shared.inline_forms().any(|form| !forms.contains(form)) {
        // A closed queue means that the store is closing.
        let _ = store.queue.send(Work::CatchUp);
    }
    Ok(())
}
