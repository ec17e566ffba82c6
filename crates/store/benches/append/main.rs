//! Durable appends a second, beside a bare loop that writes the same rows; folding and making views anew.
//!
//! Prints rows of a markdown table. The figures that are compared are taken in turns in the same run, on the same disk.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod bare;
mod server;
mod trade;

use std::path::Path;
use std::time::{Duration, Instant};

use insight::view::View;
use journal::{Actor, Append, Journal, NewEvent, Recorded, StreamId, Write};
use lexicon::Moment;
use store::{Config, MasterKey, Store};

const WRITERS: usize = 64;
const ROUNDS: usize = 5;
const APPENDS_A_ROUND: usize = 40_000;
/// A stream has so many entries, as a matter that people work on has.
const STREAM_LENGTH: u64 = 16;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    println!("| figure | store | bare loop | share |");
    println!("|---|---|---|---|");
    appends(&runtime);
    appends_with_views(&runtime);
    rebuilding(&runtime);
    server::appends(&runtime);
}

/// Appends of one entry each by 64 writers, and the same rows by prepared statements.
fn appends(runtime: &tokio::runtime::Runtime) {
    let (mut journal, mut bare, mut commit, mut waits) = (vec![], vec![], vec![], vec![]);
    for round in 0..=ROUNDS {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(folder.path(), &[]);
        let (took, waited) = runtime.block_on(append_all(&store));
        let rows = runtime.block_on(store.read(0, APPENDS_A_ROUND)).expect("the rows");
        drop(store);
        let folder = tempfile::tempdir().expect("a folder");
        let bare_took = bare::write(&folder.path().join("bare.db"), &rows, WRITERS);
        // The first round warms up.
        if round > 0 {
            journal.push(took);
            waits.extend(waited);
            bare.push(bare_took);
            commit.push(bare_took / (rows.len() / WRITERS) as u32);
        }
    }
    let (journal, bare) = (a_second(APPENDS_A_ROUND, journal), a_second(APPENDS_A_ROUND, bare));
    let (bytes, commit) = (trade::payload(0).len(), median(commit).as_micros());
    println!(
        "| journal appends/s, {WRITERS} writers, {bytes} bytes each | {journal} | {bare} | {} % |",
        journal * 100 / bare
    );
    waits.sort();
    let part = |percent: usize| waits[(waits.len() - 1) * percent / 100].as_micros();
    println!(
        "| wait of one append, µs: median, p99, longest (bare: a commit of {WRITERS}) | {}, {}, {} | {commit} | |",
        part(50),
        part(99),
        part(100)
    );
}

fn appends_with_views(runtime: &tokio::runtime::Runtime) {
    let mut times = vec![];
    for _ in 0..3 {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(folder.path(), trade::VIEWS);
        times.push(runtime.block_on(append_all(&store)).0);
    }
    let views = trade::VIEWS.len();
    println!("| the same with {views} views in the same commit | {} | | |", a_second(APPENDS_A_ROUND, times));
}

/// A fold alone, and a table made anew on disk while the store serves.
fn rebuilding(runtime: &tokio::runtime::Runtime) {
    const ENTRIES: usize = 400_000;
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path(), trade::VIEWS);
    runtime.block_on(async {
        for first in (0..ENTRIES / 4).step_by(1_000) {
            let many = (first..first + 1_000).map(|number| {
                let events = (0..4).map(|_| event(number)).collect();
                Write { stream: stream(&format!("trade-{number}")), expected: 0, events }
            });
            let mut append = append(many.collect());
            append.at = Moment::from_micros(first as i64);
            store.append(append).await.expect("appended");
        }
    });
    let entries = runtime.block_on(store.read(0, ENTRIES)).expect("the entries");
    let times = (0..3).map(|_| pure_fold(trade::VIEWS[0], &entries)).collect();
    println!("| pure fold, entries/s | {} | | |", a_second(ENTRIES, times));
    let times = (0..3).map(|_| {
        let start = Instant::now();
        store.rebuild(trade::VIEWS[0].name, &mut |_, _| ()).expect("made anew");
        start.elapsed()
    });
    println!("| view made anew on disk, entries/s | {} | | |", a_second(ENTRIES, times.collect()));
    let start = Instant::now();
    let report = store.verify(&[], &mut |_| ()).expect("verified");
    assert!(report.is_sound(), "{:?}", report.differences);
    println!("| verify, entries/s | {} | | |", a_second(ENTRIES, vec![start.elapsed()]));
}

fn pure_fold(view: &'static View, entries: &[Recorded]) -> Duration {
    let mut rows = trade::Heap::default();
    let start = Instant::now();
    for entry in entries {
        (view.fold)(entry, &mut rows).expect("folded");
    }
    let took = start.elapsed();
    assert_eq!(rows.len(), entries.len() / 4);
    took
}

/// How long all took, and each.
async fn append_all(store: &Store) -> (Duration, Vec<Duration>) {
    let start = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut waited = vec![];
                for number in 0..(APPENDS_A_ROUND / WRITERS) as u64 {
                    let stream = stream(&format!("trade-{writer:02}-{}", number / STREAM_LENGTH));
                    let (expected, events) = (number % STREAM_LENGTH, vec![event(number as usize)]);
                    let write = Write { stream, expected, events };
                    let asked = Instant::now();
                    store.append(append(vec![write])).await.expect("appended");
                    waited.push(asked.elapsed());
                }
                waited
            })
        })
        .collect();
    let mut waited = vec![];
    for writer in writers {
        waited.extend(writer.await.expect("the writer ends"));
    }
    (start.elapsed(), waited)
}

fn open(folder: &Path, views: &'static [&'static View]) -> Store {
    let config = Config { folder: folder.into(), database: None, views, master_key: MasterKey::InFolder };
    Store::open(config).expect("the store opens")
}

fn stream(name: &str) -> StreamId {
    name.parse().expect("a stream name")
}

fn event(number: usize) -> NewEvent {
    NewEvent { name: "Traded", shape: 1, data: trade::payload(number), decoded: journal::Decoded::default() }
}

fn append(writes: Vec<Write>) -> Append {
    let at = Moment::from_micros(1_767_225_600_000_000);
    Append { writes, guards: vec![], at, actor: Actor::system("bench"), caused_by: None, idempotency: None }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn a_second(count: usize, times: Vec<Duration>) -> u64 {
    (count as f64 / median(times).as_secs_f64()) as u64
}
