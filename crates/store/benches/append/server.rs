//! The same on PostgreSQL, where the environment names a server: its figures stand beside a loop that writes the same rows by one
//! multi-row statement a commit.

use std::time::{Duration, Instant};

use journal::{Journal, Recorded};
use store::{Config, MasterKey, Store};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use crate::{APPENDS_A_ROUND, WRITERS, a_second, append_all, trade};

const VARIABLE: &str = "ANPEI_TEST_POSTGRES";
const ROUNDS: usize = 3;

/// Prints rows like those of the embedded store, or one that says why there are none.
pub fn appends(runtime: &Runtime) {
    let Ok(server) = std::env::var(VARIABLE) else {
        println!("| PostgreSQL | passed by: {VARIABLE} names no server | | |");
        return;
    };
    let (mut journal, mut bare, mut waits, mut viewed) = (vec![], vec![], vec![], vec![]);
    for round in 0..=ROUNDS {
        let (took, waited, rows) = with_database(runtime, &server, |url| measure(runtime, url, &[]));
        let bare_took = with_database(runtime, &server, |url| runtime.block_on(write(url, &rows)));
        let (with_views, ..) = with_database(runtime, &server, |url| measure(runtime, url, trade::VIEWS));
        // The first round warms up.
        if round > 0 {
            journal.push(took);
            waits.extend(waited);
            bare.push(bare_took);
            viewed.push(with_views);
        }
    }
    let (journal, bare) = (a_second(APPENDS_A_ROUND, journal), a_second(APPENDS_A_ROUND, bare));
    println!(
        "| PostgreSQL: journal appends/s, {WRITERS} writers | {journal} | {bare} | {} % |",
        journal * 100 / bare
    );
    waits.sort();
    let part = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_micros();
    println!(
        "| PostgreSQL: wait of one append, µs: median, p99, longest | {}, {}, {} | | |",
        part(50),
        part(99),
        part(100)
    );
    let views = trade::VIEWS.len();
    println!(
        "| PostgreSQL: the same with {views} views in the same commit | {} | | |",
        a_second(APPENDS_A_ROUND, viewed)
    );
}

fn measure(
    runtime: &Runtime,
    url: &str,
    views: &'static [&'static insight::view::View],
) -> (Duration, Vec<Duration>, Vec<Recorded>) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Some(url.parse().expect("a URL"));
    let config = Config { folder: folder.path().into(), database, views, master_key: MasterKey::InFolder };
    let store = Store::open(config).expect("the store opens");
    let (took, waited) = runtime.block_on(append_all(&store));
    (took, waited, runtime.block_on(store.read(0, APPENDS_A_ROUND)).expect("the rows"))
}

/// Works with a fresh database.
fn with_database<T>(runtime: &Runtime, server: &str, work: impl FnOnce(&str) -> T) -> T {
    let say = |sql: &str| {
        runtime
            .block_on(async { connect(server).await.batch_execute(sql).await.expect("the server does it") });
    };
    let (place, _) = server.rsplit_once('/').expect("a URL");
    let name = format!("bench{}", std::process::id());
    say(&format!("CREATE DATABASE {name}"));
    let done = work(&format!("{place}/{name}"));
    say(&format!("DROP DATABASE {name} WITH (FORCE)"));
    done
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the server");
    tokio::spawn(connection);
    client
}

/// The yardstick: the journal's rows alone, so many a commit, one statement each.
async fn write(url: &str, rows: &[Recorded]) -> Duration {
    let client = connect(url).await;
    let tables = "CREATE TABLE events (position bigint PRIMARY KEY, stream text COLLATE \"C\" NOT NULL, version bigint NOT NULL,
        name text NOT NULL, shape integer NOT NULL, at bigint NOT NULL, actor text NOT NULL, data text NOT NULL,
        hash bytea NOT NULL, UNIQUE (stream, version))";
    client.batch_execute(tables).await.expect("a table");
    let sql = "INSERT INTO events SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::integer[],
        $6::bigint[], $7::text[], $8::text[], $9::bytea[])";
    let insert = client.prepare(sql).await.expect("a statement");
    let start = Instant::now();
    for rows in rows.chunks(WRITERS) {
        let positions: Vec<i64> = rows.iter().map(|row| row.position as i64).collect();
        let streams: Vec<&str> = rows.iter().map(|row| row.stream.as_str()).collect();
        let versions: Vec<i64> = rows.iter().map(|row| row.version as i64).collect();
        let names: Vec<&str> = rows.iter().map(|row| &*row.name).collect();
        let shapes: Vec<i32> = rows.iter().map(|row| i32::from(row.shape)).collect();
        let times: Vec<i64> = rows.iter().map(|row| row.at.micros()).collect();
        let actors: Vec<String> = rows.iter().map(|row| row.actor.to_string()).collect();
        let data: Vec<&str> = rows.iter().map(|row| &*row.data).collect();
        let hashes: Vec<&[u8]> = rows.iter().map(|row| &row.hash.0[..]).collect();
        client
            .execute(
                &insert,
                &[&positions, &streams, &versions, &names, &shapes, &times, &actors, &data, &hashes],
            )
            .await
            .expect("written");
    }
    start.elapsed()
}
