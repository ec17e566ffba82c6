//! A store in memory with the same semantics, for tests and for what need not last.

mod pages;
mod snapshot;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(feature = "mutants")]
use app::mutants::{Mutant, at_work};
use app::ports::Session;
use insight::view::{FoldError, Kind, Query, Row, Value, View};
use journal::chain::log_link;
use journal::{AppendError, Appended, Decoded, Hash, Recorded, StoredAnswer, StreamId, Unavailable};
use lexicon::{AccountId, Moment};
use tokio::sync::watch;

use crate::admit::{Admitted, Ground, Prepared, Standing};
use crate::fold::{Folding, Kept};

/// The whole store behind one lock.
pub(crate) struct Memory {
    state: Mutex<State>,
    head: watch::Sender<u64>,
}

struct State {
    log: Log,
    views: Vec<Table>,
    sessions: HashMap<String, Session>,
    checkpoints: HashMap<String, u64>,
}

/// The journal proper.
#[derive(Default)]
struct Log {
    entries: Vec<Recorded>,
    links: Vec<Hash>,
    streams: HashMap<StreamId, Vec<usize>>,
    last_of: HashMap<String, u64>,
    answers: HashMap<(String, String), StoredAnswer>,
}

/// One view: its rows, and how far it has heard.
struct Table {
    folding: Folding,
    rows: BTreeMap<Vec<Value>, Row>,
    position: u64,
}

impl Memory {
    pub(crate) fn new(views: &'static [&'static View]) -> Memory {
        let state = State {
            log: Log::default(),
            views: views.iter().map(|view| Table::new(view)).collect(),
            sessions: HashMap::new(),
            checkpoints: HashMap::new(),
        };
        Memory { state: Mutex::new(state), head: watch::Sender::new(0) }
    }

    pub(crate) fn head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    pub(crate) fn append(&self, append: Prepared) -> Result<Appended, AppendError> {
        let mut state = self.state();
        let State { log, views, .. } = &mut *state;
        let first = log.head() + 1;
        let (entries, asked) = match append.admit(log, first)? {
            Admitted::Replay(answer) => return Ok(Appended::Replayed { answer }),
            Admitted::Record(entries, asked) => (entries.into_iter().map(as_text), asked),
        };
        let entries: Vec<_> = entries.collect();
        #[cfg(feature = "mutants")]
        if at_work(Mutant::AnswerBeforeCommit) && first.is_multiple_of(31) {
            return Ok(Appended::Recorded { position: log.head() });
        }
        #[cfg(feature = "mutants")]
        let entries: Vec<_> = match at_work(Mutant::HalfRecorded) {
            true => entries.iter().filter(|entry| entry.stream == entries[0].stream).cloned().collect(),
            false => entries,
        };
        let heard = &entries[..];
        #[cfg(feature = "mutants")]
        let heard = if at_work(Mutant::ViewNotInCommit) && first.is_multiple_of(7) { &[] } else { heard };
        fold_inline(views, heard).map_err(|error| Unavailable(error.to_string()))?;
        for entry in entries {
            log.push(entry);
        }
        #[cfg(feature = "mutants")]
        let asked = asked.filter(|_| !at_work(Mutant::AnswerNotKept));
        if let Some(asked) = asked {
            let answer = StoredAnswer { request: asked.request, answer: asked.answer };
            log.answers.insert((asked.scope, asked.key), answer);
        }
        for table in views.iter_mut() {
            match table.folding.view().kind {
                Kind::Inline => table.position = log.head(),
                // A trailing view that cannot go on stays where it is, and its lag shows it.
                Kind::Trailing => table.follow(log).unwrap_or_else(|error| {
                    tracing::error!(view = table.folding.view().name, %error, "a trailing view stands still");
                }),
            }
        }
        let position = log.head();
        // Under the lock: of two appends the later is told last, and the head never goes back.
        self.head.send_replace(position);
        Ok(Appended::Recorded { position })
    }

    pub(crate) fn stream(&self, stream: &StreamId, version: u64) -> Vec<Recorded> {
        let state = self.state();
        let places = state.log.streams.get(stream).map_or(&[][..], Vec::as_slice);
        let after = usize::try_from(version).unwrap_or(usize::MAX).min(places.len());
        places[after..].iter().map(|&place| state.log.entries[place].clone()).collect()
    }

    pub(crate) fn read(&self, position: u64, limit: usize) -> Vec<Recorded> {
        let state = self.state();
        let after = usize::try_from(position).unwrap_or(usize::MAX).min(state.log.entries.len());
        state.log.entries[after..].iter().take(limit).cloned().collect()
    }

    pub(crate) fn answer(&self, scope: &str, key: &str) -> Option<StoredAnswer> {
        self.state().log.answers.get(&(scope.to_owned(), key.to_owned())).cloned()
    }

    pub(crate) fn row(&self, view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        let state = self.state();
        Ok(state.table(view)?.rows.get(key).cloned())
    }

    pub(crate) fn page(&self, query: &Query) -> Result<Vec<Row>, Unavailable> {
        let state = self.state();
        Ok(pages::page(&state.table(query.view)?.rows, query))
    }

    pub(crate) fn count(&self, query: &Query) -> Result<u64, Unavailable> {
        let state = self.state();
        Ok(pages::count(&state.table(query.view)?.rows, query))
    }

    /// How far each trailing view is behind.
    pub(crate) fn lags(&self) -> Vec<(&'static str, u64)> {
        let state = self.state();
        let head = state.log.head();
        let trailing = state.views.iter().filter(|table| table.folding.view().kind == Kind::Trailing);
        trailing.map(|table| (table.folding.view().name, head.saturating_sub(table.position))).collect()
    }

    /// Folds `view` anew from the first entry.
    pub(crate) fn rebuild(&self, view: &str, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Unavailable> {
        let mut state = self.state();
        let place = state.views.iter().position(|table| table.folding.view().name == view);
        let place = place.ok_or_else(|| crate::undeclared(view))?;
        let mut fresh = Table::new(state.views[place].folding.view());
        fresh.follow(&state.log).map_err(|error| Unavailable(error.to_string()))?;
        progress(state.log.head(), state.log.head());
        state.views[place] = fresh;
        Ok(())
    }

    pub(crate) fn reached(&self, name: &str) -> u64 {
        self.state().checkpoints.get(name).copied().unwrap_or(0)
    }

    pub(crate) fn reach(&self, name: &str, position: u64) {
        self.state().checkpoints.insert(name.to_owned(), position);
    }

    pub(crate) fn keep_session(&self, session: Session) {
        self.state().sessions.insert(session.token_hash.clone(), session);
    }

    pub(crate) fn find_session(&self, token_hash: &str) -> Option<Session> {
        self.state().sessions.get(token_hash).cloned()
    }

    pub(crate) fn end_session(&self, token_hash: &str) {
        self.state().sessions.remove(token_hash);
    }

    pub(crate) fn end_sessions_of(&self, account: &AccountId) {
        self.state().sessions.retain(|_, session| session.account != *account);
    }

    pub(crate) fn sweep_sessions(&self, moment: Moment) {
        self.state().sessions.retain(|_, session| session.ends_at >= moment);
    }

    /// A panic elsewhere leaves the state whole: every change of it is made after all that can fail.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Folds `entries` into every inline view, or into none.
fn fold_inline(views: &mut [Table], entries: &[Recorded]) -> Result<(), FoldError> {
    let mut inline: Vec<&mut Table> =
        views.iter_mut().filter(|table| table.folding.view().kind == Kind::Inline).collect();
    let folded =
        entries.iter().try_for_each(|entry| inline.iter_mut().try_for_each(|table| table.fold(entry)));
    for table in inline {
        match folded {
            Ok(()) => table.settle(),
            Err(_) => table.folding.take_back(),
        }
    }
    folded
}

impl State {
    fn table(&self, view: &'static View) -> Result<&Table, Unavailable> {
        let found = self.views.iter().find(|table| table.folding.view().name == view.name);
        found.ok_or_else(|| crate::undeclared(view.name))
    }
}

impl Log {
    fn head(&self) -> u64 {
        self.entries.len() as u64
    }

    fn push(&mut self, entry: Recorded) {
        let before = self.links.last().copied().unwrap_or(Hash::START);
        #[cfg(feature = "mutants")]
        let before = if at_work(Mutant::LogLinkSkipped) { Hash::START } else { before };
        self.links.push(log_link(before, entry.position, entry.hash));
        self.last_of.insert(entry.stream.category().to_owned(), entry.position);
        self.streams.entry(entry.stream.clone()).or_default().push(self.entries.len());
        self.entries.push(entry);
    }
}

impl Ground for Log {
    fn answer(&mut self, scope: &str, key: &str) -> Result<Option<StoredAnswer>, Unavailable> {
        Ok(self.answers.get(&(scope.to_owned(), key.to_owned())).cloned())
    }

    fn standing(&mut self, stream: &StreamId) -> Result<Standing, Unavailable> {
        let last = self.streams.get(stream).and_then(|places| places.last());
        Ok(last.map_or(Standing::START, |&place| {
            let Recorded { version, hash, .. } = self.entries[place];
            Standing { version, hash }
        }))
    }

    fn last_of(&mut self, category: &str) -> Result<u64, Unavailable> {
        Ok(self.last_of.get(category).copied().unwrap_or(0))
    }
}

impl Table {
    fn new(view: &'static View) -> Table {
        Table { folding: Folding::new(view, 0), rows: BTreeMap::new(), position: 0 }
    }

    fn fold(&mut self, entry: &Recorded) -> Result<(), FoldError> {
        match self.folding.hears(entry) {
            true => self.folding.fold(entry, &mut KeptRows(&self.rows)),
            false => Ok(()),
        }
    }

    fn settle(&mut self) {
        for change in self.folding.changes() {
            match change.after {
                Some(row) => self.rows.insert(change.key.to_vec(), row.clone()),
                None => self.rows.remove(change.key),
            };
        }
        self.folding.settle();
    }

    /// Folds what was not heard yet, up to the first entry that cannot be folded.
    fn follow(&mut self, log: &Log) -> Result<(), FoldError> {
        while let Some(entry) = log.entries.get(self.position as usize) {
            if let Err(error) = self.fold(entry) {
                self.folding.take_back();
                return Err(error);
            }
            self.settle();
            self.position = entry.position;
        }
        Ok(())
    }
}

struct KeptRows<'a>(&'a BTreeMap<Vec<Value>, Row>);

impl Kept for KeptRows<'_> {
    fn row(&mut self, _view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable> {
        Ok(self.0.get(key).cloned())
    }
}

/// Without the event itself: what is read back from memory goes through its JSON text, as what is read from disk does.
fn as_text(entry: Recorded) -> Recorded {
    Recorded { decoded: Decoded::default(), ..entry }
}
