//! The schema, in numbered steps.
//!
//! A step marked `-- expand` only adds: the release before goes on serving while it runs and after it, so it is taken when a
//! store is opened. One marked `-- contract` takes away what only releases before needed: it runs when it is asked for, once
//! none of them serves any more. What each kind may hold is checked by the tests.

use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::failure::Failure;

/// Held by whoever opens a store or changes the schema, one at a time over all nodes.
pub(super) const LOCK: i64 = 0x616e_7067_0000_0001;
/// Held by whoever makes a view anew, for as long as that takes.
pub(super) const MAKING_LOCK: i64 = 0x616e_7067_0000_0002;

macro_rules! steps {
    ($($number:literal $name:literal $kind:ident;)*) => {
        const STEPS: &[Step] = &[$(Step {
            number: $number,
            name: $name,
            kind: Kind::$kind,
            sql: include_str!(concat!("migrations/", $name, ".sql")),
        }),*];
    };
}

steps! {
    1 "0001_journal" Expand;
    2 "0002_vault" Expand;
    3 "0003_leases" Expand;
}

/// What a step of the schema does to releases that do not know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It adds, and disturbs none.
    Expand,
    /// It takes away what they use.
    Contract,
}

struct Step {
    number: i32,
    name: &'static str,
    kind: Kind,
    sql: &'static str,
}

/// A step of the schema, and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number; they are taken in order.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// What it does to releases that do not know it.
    pub kind: Kind,
    /// Whether it was taken.
    pub applied: bool,
}

impl Kind {
    /// The word as written in the file and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Expand => "expand",
            Kind::Contract => "contract",
        }
    }
}

/// The steps that this release knows, and whether the database has them. Refuses a database of another product, one that was
/// altered by hand, and one whose form this release cannot serve.
pub(super) async fn state(client: &Client) -> Result<Vec<Migration>, Failure> {
    let ours = "SELECT to_regclass('anpei.migrations') IS NOT NULL,
        EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')";
    let row = client.query_one(ours, &[]).await?;
    let taken = match (row.get(0), row.get(1)) {
        (true, _) => {
            let sql = "SELECT number, kind, checksum FROM anpei.migrations ORDER BY number";
            client.query(sql, &[]).await?
        }
        (false, true) => return Err(Failure::Foreign),
        (false, false) => vec![],
    };
    let known = STEPS.last().map_or(0, |step| step.number);
    let mut applied = vec![];
    for row in taken {
        let (number, kind, checksum): (i32, &str, Vec<u8>) = (row.get(0), row.get(1), row.get(2));
        match STEPS.iter().find(|step| step.number == number) {
            Some(step) if checksum != sum(step.sql) => return Err(Failure::Altered { name: step.name }),
            Some(_) => applied.push(number),
            // What a newer release added is not in the way; what it took away is missing.
            None if kind == Kind::Expand.word() => {
                tracing::info!(number, known, "the database was prepared for a newer release");
            }
            None => return Err(Failure::Newer { found: number, known }),
        }
    }
    let migration = |step: &Step| Migration {
        number: step.number,
        name: step.name.to_owned(),
        kind: step.kind,
        applied: applied.contains(&step.number),
    };
    Ok(STEPS.iter().map(migration).collect())
}

/// Takes what is not taken yet: steps that expand, and with `contract` the others too. The caller holds [`LOCK`].
pub(super) async fn apply(client: &Client, contract: bool) -> Result<(), Failure> {
    let state = state(client).await?;
    let due = state.iter().zip(STEPS).filter(|(migration, _)| !migration.applied);
    for (_, step) in due.filter(|(migration, _)| contract || migration.kind == Kind::Expand) {
        tracing::info!(step = step.name, "taking a step of the schema");
        take(client, step).await?;
    }
    Ok(())
}

async fn take(client: &Client, step: &Step) -> Result<(), Failure> {
    client
        .batch_execute(
            "CREATE SCHEMA IF NOT EXISTS anpei;
             CREATE TABLE IF NOT EXISTS anpei.migrations (
                 number integer PRIMARY KEY, name text NOT NULL, kind text NOT NULL, checksum bytea NOT NULL,
                 applied_at timestamptz NOT NULL DEFAULT now())",
        )
        .await?;
    let record = "INSERT INTO anpei.migrations (number, name, kind, checksum) VALUES ($1, $2, $3, $4)";
    let record = client.prepare(record).await?;
    // An index built beside running commits cannot be part of a transaction; such a step says IF NOT EXISTS.
    let alone = step.sql.contains("CONCURRENTLY");
    client.batch_execute(if alone { "" } else { "BEGIN" }).await?;
    let done = async {
        client.batch_execute(step.sql).await?;
        client.execute(&record, &[&step.number, &step.name, &step.kind.word(), &sum(step.sql)]).await?;
        client.batch_execute(if alone { "" } else { "COMMIT" }).await
    };
    let done: Result<(), tokio_postgres::Error> = done.await;
    if done.is_err() {
        client.batch_execute("ROLLBACK").await?;
    }
    Ok(done?)
}

fn sum(sql: &str) -> Vec<u8> {
    Sha256::digest(sql.as_bytes()).to_vec()
}
