//! A small vocabulary, its views, and stores to try them on.

pub mod database;

use std::sync::Arc;

use insight::view::{Column, FoldError, Index, Kind, Row, Rows, Type, Value, View};
use journal::{Actor, Append, AppendError, Appended, Event, Idempotency, Journal, Recorded, StreamId, Write};
use lexicon::{Moment, Private, SubjectId};
use serde::{Deserialize, Serialize};
use store::{Config, MasterKey, Store};

pub use database::Database;

/// Something was put on a shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    pub shelf: Option<i64>,
    pub owner: Option<Private<String>>,
}

/// It was put on another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    pub shelf: Option<i64>,
}

/// It was taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {}

/// No view can fold this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Jammed {
    /// Whether the fold panics rather than refuses.
    pub hard: bool,
}

fn none(_: &str, _: u16, _: serde_json::Value) -> Option<serde_json::Value> {
    None
}

journal::events! {
    "thing", upcast = none;
    /// What happens to things.
    pub enum ThingEvent { Placed = 1, Moved = 1, Taken = 1, Jammed = 1 }
}

pub static VIEWS: &[&View] = &[&THINGS, &SHELVES];

/// Where every thing is.
pub static THINGS: View = View {
    name: "things",
    version: 1,
    kind: Kind::Inline,
    categories: &["thing"],
    columns: &[
        Column { name: "id", kind: Type::Text },
        Column { name: "shelf", kind: Type::Integer },
        Column { name: "owner", kind: Type::Text },
        Column { name: "moves", kind: Type::Integer },
    ],
    key: 1,
    indexes: &[
        Index { name: "by_shelf", columns: &["shelf"] },
        Index { name: "by_owner", columns: &["owner", "shelf"] },
    ],
    fold: fold_thing,
};

/// How many things were ever put on each shelf.
pub static SHELVES: View = View {
    name: "shelves",
    version: 1,
    kind: Kind::Trailing,
    categories: &["thing"],
    columns: &[Column { name: "shelf", kind: Type::Integer }, Column { name: "puts", kind: Type::Integer }],
    key: 1,
    indexes: &[],
    fold: fold_shelf,
};

fn fold_thing(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let id = Value::from(entry.stream.id());
    let shelf = |shelf: Option<i64>| shelf.map_or(Value::Null, Value::Integer);
    match entry.decode()? {
        ThingEvent::Placed(Placed { shelf: at, owner }) => {
            let owner = owner.map(|owner| serde_json::to_string(&owner).expect("sealed text has a form"));
            let owner = owner.map_or(Value::Null, Value::from);
            rows.put(vec![id, shelf(at), owner, Value::Integer(0)])
        }
        ThingEvent::Moved(Moved { shelf: to }) => {
            let Some(mut row) = rows.get(&[id])? else { return Ok(()) };
            row[1] = shelf(to);
            if let Value::Integer(moves) = &mut row[3] {
                *moves += 1;
            }
            rows.put(row)
        }
        ThingEvent::Taken(Taken {}) => rows.remove(&[id]),
        ThingEvent::Jammed(Jammed { hard: false }) => {
            rows.remove(&[id])?;
            rows.put(vec![Value::Null])
        }
        ThingEvent::Jammed(Jammed { hard: true }) => panic!("a fold that panics"),
    }
}

fn fold_shelf(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let (ThingEvent::Placed(Placed { shelf: Some(shelf), .. })
    | ThingEvent::Moved(Moved { shelf: Some(shelf) })) = entry.decode()?
    else {
        return Ok(());
    };
    let key = Value::Integer(shelf);
    let puts = match rows.get(std::slice::from_ref(&key))?.as_deref() {
        Some([_, Value::Integer(puts)]) => puts + 1,
        _ => 1,
    };
    rows.put(vec![key, Value::Integer(puts)])
}

/// A store to try, and the folder under it.
pub struct World {
    pub store: Store,
    pub folder: Option<tempfile::TempDir>,
}

impl World {
    pub fn memory() -> World {
        World { store: Store::memory(VIEWS), folder: None }
    }

    pub fn sqlite() -> World {
        let folder = tempfile::tempdir().expect("a folder for the test");
        World { store: open(folder.path()), folder: Some(folder) }
    }

    /// Everything once more from disk, where there is one.
    pub fn reopened(self) -> World {
        let World { store, folder } = self;
        match folder {
            None => World { store, folder },
            Some(folder) => {
                drop(store);
                World { store: open(folder.path()), folder: Some(folder) }
            }
        }
    }

    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.store.append(append).await
    }

    /// Appends what must succeed.
    pub async fn put(&self, stream: &str, expected: u64, events: Vec<ThingEvent>) -> u64 {
        match self.append(append(stream, expected, events)).await {
            Ok(Appended::Recorded { position }) => position,
            other => panic!("not recorded: {other:?}"),
        }
    }

    pub async fn names(&self, name: &str) -> Vec<Arc<str>> {
        let entries = Journal::stream(&self.store, &stream(name), 0).await.unwrap();
        entries.into_iter().map(|entry| entry.name).collect()
    }

    /// Waits until the trailing views have heard everything.
    pub async fn catch_up(&self) {
        for _ in 0..1_000 {
            if self.store.trailing_lag() == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("trailing views are {} entries behind", self.store.trailing_lag());
    }

    pub async fn thing(&self, id: &str) -> Option<Row> {
        insight::view::Views::get(&self.store, &THINGS, vec![id.into()]).await.unwrap()
    }

    /// Verifies; nothing may differ.
    pub async fn check_sound(&self) {
        let store = self.store.clone();
        let report =
            tokio::task::spawn_blocking(move || store.verify(&[], &mut |_| ())).await.unwrap().unwrap();
        assert_eq!(report.differences, []);
        assert_eq!(report.views, 2);
    }
}

pub fn open(folder: &std::path::Path) -> Store {
    Store::open(config(folder)).expect("the store opens")
}

pub fn config(folder: &std::path::Path) -> Config {
    // What names a database stands in a file, so that a world is opened anew as it was.
    let database = std::fs::read_to_string(folder.join("database")).ok();
    let database = database.map(|url| url.parse().expect("a URL of a database"));
    Config { folder: folder.into(), database, views: VIEWS, master_key: MasterKey::InFolder }
}

pub fn stream(name: &str) -> StreamId {
    name.parse().unwrap()
}

pub fn subject(name: &str) -> SubjectId {
    name.parse().unwrap()
}

pub fn write(stream: &str, expected: u64, events: Vec<ThingEvent>) -> Write {
    Write { stream: self::stream(stream), expected, events: events.iter().map(Event::encode).collect() }
}

pub fn append(stream: &str, expected: u64, events: Vec<ThingEvent>) -> Append {
    writes(vec![write(stream, expected, events)])
}

pub fn writes(writes: Vec<Write>) -> Append {
    Append {
        writes,
        guards: vec![],
        at: Moment::from_micros(1_000_000),
        actor: Actor::system("test"),
        caused_by: None,
        idempotency: None,
    }
}

pub fn asked(key: &str, request: u8, answer: &str) -> Option<Idempotency> {
    let (scope, key, answer) = ("someone /things".to_owned(), key.to_owned(), answer.to_owned());
    Some(Idempotency { scope, key, request: [request; 32], answer })
}

pub fn placed(shelf: i64) -> ThingEvent {
    Placed { shelf: Some(shelf), owner: None }.into()
}

pub fn moved(shelf: i64) -> ThingEvent {
    Moved { shelf: Some(shelf) }.into()
}

pub fn taken() -> ThingEvent {
    Taken {}.into()
}
