//! A view made anew over a long journal, while people go on working.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use claim::incident::{Event as IncidentEvent, SelfClaimAgreed};
use insight::view::{Column, FoldError, Index, Kind, Query, Row, Rows, Type, Value, View, Views};
use journal::{Actor, Append, Event, Journal, Recorded, StreamId, Write};
use lexicon::Moment;
use store::{Config, MasterKey, Store};

const STREAMS: u64 = 110_000;
const AT_ONCE: u64 = 500;
/// Much less than the journal or the table would take if either were held whole.
const MEMORY_MAX: u64 = 192 * 1024 * 1024;

/// How often the parties of an accident changed their mind.
static MINDS: View = View {
    name: "minds",
    version: 1,
    kind: Kind::Inline,
    categories: &["incident"],
    columns: &[
        Column { name: "incident", kind: Type::Text },
        Column { name: "changes", kind: Type::Integer },
        Column { name: "agreed", kind: Type::Integer },
    ],
    key: 1,
    indexes: &[Index { name: "by_agreed", columns: &["agreed"] }],
    fold,
};

static VIEWS: &[&View] = &[&MINDS];

fn fold(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let IncidentEvent::SelfClaimAgreed(SelfClaimAgreed { agreed }) = entry.decode()? else { return Ok(()) };
    let id = Value::from(entry.stream.id());
    let changes = match rows.get(std::slice::from_ref(&id))?.map(|row| row[1].clone()) {
        Some(Value::Integer(changes)) => changes + 1,
        _ => 1,
    };
    rows.put(vec![id, Value::Integer(changes), Value::Integer(agreed.into())])
}

fn change(streams: impl Iterator<Item = String>, version: u64, agreed: bool) -> Append {
    let writes = streams.map(|id| Write {
        stream: StreamId::of::<IncidentEvent>(id),
        expected: version,
        events: vec![IncidentEvent::from(SelfClaimAgreed { agreed }).encode()],
    });
    Append {
        writes: writes.collect(),
        guards: vec![],
        at: Moment::from_micros(1_777_705_200_000_000),
        actor: Actor::system("test"),
        caused_by: None,
        idempotency: None,
    }
}

/// Memory of this process now.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1024
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes a journal of 220,000 entries first"]
async fn a_view_is_made_anew_over_a_long_journal_while_appends_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        folder: folder.path().to_owned(),
        database: None,
        views: VIEWS,
        master_key: MasterKey::InFolder,
    };
    let store = Store::open(config).unwrap();
    for version in 0..2 {
        for first in (0..STREAMS).step_by(AT_ONCE as usize) {
            let ids = (first..first + AT_ONCE).map(|number| format!("I{number:06}"));
            store.append(change(ids, version, version == 1)).await.unwrap();
        }
    }
    assert_eq!(*store.head().borrow(), 2 * STREAMS);
    let of_agreed = Query::of(&MINDS, "by_agreed", 1).equal(1);
    assert_eq!(store.count(of_agreed.clone()).await.unwrap(), STREAMS);

    let (over, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writer = tokio::spawn({
        let (store, over, written) = (store.clone(), over.clone(), written.clone());
        async move {
            let mut version = 2;
            while !over.load(Ordering::SeqCst) {
                let ids = ["I000000".to_owned(), format!("new-{version}")];
                let [old, new] = ids;
                store.append(change([old].into_iter(), version, true)).await.unwrap();
                store.append(change([new].into_iter(), 0, false)).await.unwrap();
                version += 1;
                written.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let (before, rebuilt) = (resident(), store.clone());
    let (most, during) = tokio::task::spawn_blocking(move || {
        let (mut most, start) = (0, written.load(Ordering::SeqCst));
        rebuilt.rebuild("minds", &mut |_, _| most = most.max(resident())).unwrap();
        (most, written.load(Ordering::SeqCst) - start)
    })
    .await
    .unwrap();
    over.store(true, Ordering::SeqCst);
    writer.await.unwrap();
    assert!(during > 0, "nobody could write meanwhile");
    let grown = most.saturating_sub(before);
    assert!(grown < MEMORY_MAX, "{grown} bytes more than before, with {during} rounds of appends meanwhile");

    let head = *store.head().borrow();
    let rounds = (head - 2 * STREAMS) / 2;
    let first: Row = store.page(Query::of(&MINDS, "by_agreed", 1).equal(1)).await.unwrap().remove(0);
    assert_eq!(first[1], Value::Integer(2 + rounds as i64), "{first:?}");
    assert_eq!(store.count(of_agreed).await.unwrap(), STREAMS);
    let of_new = Query::of(&MINDS, "by_agreed", 1).equal(0);
    assert_eq!(store.count(of_new).await.unwrap(), rounds);
    let report = tokio::task::spawn_blocking(move || store.verify(&[], &mut |_| ()).unwrap()).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.differences);
}
