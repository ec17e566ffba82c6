//! Folding events into rows: what a fold changed stays in memory until its commit, and can be taken back event by event.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use insight::view::{FoldError, Row, Rows, Type, Value, View};
use journal::{Recorded, Unavailable};

/// Where the rows of a view are kept.
pub(crate) trait Kept {
    /// The kept row under `key`.
    fn row(&mut self, view: &'static View, key: &[Value]) -> Result<Option<Row>, Unavailable>;
}

/// One view while events are folded into it.
pub(crate) struct Folding {
    view: &'static View,
    places: HashMap<Vec<Value>, usize>,
    slots: Vec<Slot>,
    /// Slots that differ from what is kept, each once.
    changed: Vec<usize>,
    /// What the events folded since the last [`Folding::agree`] replaced.
    undo: Vec<(usize, Option<Row>)>,
    /// Of so many settled rows the content is remembered.
    remembered_max: usize,
}

/// A row in memory.
struct Slot {
    key: Vec<Value>,
    now: Option<Row>,
    kept: Option<Row>,
    changed: bool,
}

/// A row to be kept, put in place of another, or dropped.
pub(crate) struct Change<'a> {
    pub(crate) key: &'a [Value],
    pub(crate) before: Option<&'a Row>,
    pub(crate) after: Option<&'a Row>,
}

/// A [`Change`] that can travel.
pub(crate) struct OwnedChange {
    key: Vec<Value>,
    before: Option<Row>,
    after: Option<Row>,
}

impl OwnedChange {
    pub(crate) fn borrowed(&self) -> Change<'_> {
        Change { key: &self.key, before: self.before.as_ref(), after: self.after.as_ref() }
    }
}

impl Folding {
    pub(crate) fn new(view: &'static View, remembered_max: usize) -> Folding {
        let (places, slots, changed, undo) = (HashMap::new(), vec![], vec![], vec![]);
        Folding { view, places, slots, changed, undo, remembered_max }
    }

    pub(crate) fn view(&self) -> &'static View {
        self.view
    }

    /// Whether the view hears `entry`.
    pub(crate) fn hears(&self, entry: &Recorded) -> bool {
        self.view.categories.contains(&entry.stream.category())
    }

    /// The row under `key` as it is now, as far as it is in memory.
    pub(crate) fn known(&self, key: &[Value]) -> Option<Option<Row>> {
        self.places.get(key).map(|&place| self.slots[place].now.clone())
    }

    /// Folds `entry`. After an error, [`Folding::take_back`] is due.
    pub(crate) fn fold(&mut self, entry: &Recorded, kept: &mut dyn Kept) -> Result<(), FoldError> {
        let view = self.view;
        // A fold that panics on one entry must not end the service for all others.
        catch_unwind(AssertUnwindSafe(|| (view.fold)(entry, &mut Open { folding: self, kept })))
            .unwrap_or_else(|_| {
                Err(Unavailable(format!("view {} panicked on entry {}", view.name, entry.position)).into())
            })
    }

    /// What was folded since the last agreement stays.
    pub(crate) fn agree(&mut self) {
        self.undo.clear();
    }

    /// What was folded since the last agreement is undone.
    pub(crate) fn take_back(&mut self) {
        while let Some((place, before)) = self.undo.pop() {
            self.slots[place].now = before;
        }
    }

    /// How many rows differ from what is kept.
    pub(crate) fn changed(&self) -> usize {
        self.changed.len()
    }

    /// The rows that differ from what is kept.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.changed
            .iter()
            .map(|&place| &self.slots[place])
            .filter(|slot| slot.now != slot.kept)
            .map(|slot| Change { key: &slot.key, before: slot.kept.as_ref(), after: slot.now.as_ref() })
    }

    /// The rows that differ from what is kept, to be written elsewhere.
    pub(crate) fn owned_changes(&self) -> Vec<OwnedChange> {
        let owned = |change: Change<'_>| OwnedChange {
            key: change.key.to_vec(),
            before: change.before.cloned(),
            after: change.after.cloned(),
        };
        self.changes().map(owned).collect()
    }

    /// The changes are kept now.
    pub(crate) fn settle(&mut self) {
        for place in self.changed.drain(..) {
            let slot = &mut self.slots[place];
            slot.kept = slot.now.clone();
            slot.changed = false;
        }
        self.undo.clear();
        if self.slots.len() > self.remembered_max {
            self.forget();
        }
    }

    /// The changes are lost: what is kept is the truth.
    pub(crate) fn forget(&mut self) {
        self.places.clear();
        self.slots.clear();
        self.changed.clear();
        self.undo.clear();
    }

    fn place(&mut self, key: &[Value], kept: &mut dyn Kept) -> Result<usize, FoldError> {
        if let Some(&place) = self.places.get(key) {
            return Ok(place);
        }
        let row = kept.row(self.view, key)?;
        let place = self.slots.len();
        self.slots.push(Slot { key: key.to_vec(), now: row.clone(), kept: row, changed: false });
        self.places.insert(key.to_vec(), place);
        Ok(place)
    }

    fn set(&mut self, place: usize, row: Option<Row>) {
        let slot = &mut self.slots[place];
        self.undo.push((place, std::mem::replace(&mut slot.now, row)));
        if !slot.changed {
            slot.changed = true;
            self.changed.push(place);
        }
    }
}

/// The rows as a fold sees them.
struct Open<'a> {
    folding: &'a mut Folding,
    kept: &'a mut dyn Kept,
}

impl Rows for Open<'_> {
    fn get(&mut self, key: &[Value]) -> Result<Option<Row>, FoldError> {
        check(self.folding.view, key, self.folding.view.key)?;
        let place = self.folding.place(key, self.kept)?;
        Ok(self.folding.slots[place].now.clone())
    }

    fn put(&mut self, row: Row) -> Result<(), FoldError> {
        let view = self.folding.view;
        check(view, &row, view.columns.len())?;
        let place = self.folding.place(&row[..view.key], self.kept)?;
        self.folding.set(place, Some(row));
        Ok(())
    }

    fn remove(&mut self, key: &[Value]) -> Result<(), FoldError> {
        check(self.folding.view, key, self.folding.view.key)?;
        let place = self.folding.place(key, self.kept)?;
        if self.folding.slots[place].now.is_some() {
            self.folding.set(place, None);
        }
        Ok(())
    }
}

/// Whether `cells` are the first `count` columns of `view` as declared.
fn check(view: &'static View, cells: &[Value], count: usize) -> Result<(), FoldError> {
    for (place, column) in view.columns[..count].iter().enumerate() {
        let fits = match (cells.get(place), column.kind) {
            (Some(Value::Null), _) => place >= view.key,
            (Some(Value::Integer(_)), Type::Integer) | (Some(Value::Text(_)), Type::Text) => true,
            _ => false,
        };
        if !fits {
            return Err(FoldError::Shape { view: view.name, column: column.name });
        }
    }
    match view.columns[..count].last() {
        Some(last) if cells.len() > count => Err(FoldError::Shape { view: view.name, column: last.name }),
        _ => Ok(()),
    }
}
