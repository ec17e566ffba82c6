//! The memory store as the verifier reads it.

use insight::view::{Row, View};
use journal::{Hash, Unavailable};

use super::{Memory, State};
use crate::verify::{Each, Snapshot};

impl Memory {
    /// Reads the whole store at one moment.
    pub(crate) fn with_snapshot<T>(&self, read: impl FnOnce(&mut dyn Snapshot) -> T) -> T {
        read(&mut &*self.state())
    }
}

impl Snapshot for &State {
    fn integrity(&mut self) -> Result<Vec<String>, Unavailable> {
        Ok(vec![])
    }

    fn head(&mut self) -> Result<u64, Unavailable> {
        Ok(self.log.head())
    }

    fn by_position(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable> {
        self.log.entries.iter().for_each(|entry| each(Ok(entry.clone())));
        Ok(())
    }

    fn by_stream(&mut self, each: &mut Each<'_>) -> Result<(), Unavailable> {
        let mut streams: Vec<_> = self.log.streams.iter().collect();
        streams.sort();
        for &place in streams.into_iter().flat_map(|(_, places)| places) {
            each(Ok(self.log.entries[place].clone()));
        }
        Ok(())
    }

    fn links(&mut self) -> Result<Vec<(u64, Hash)>, Unavailable> {
        Ok((1..).zip(self.log.links.iter().copied()).collect())
    }

    fn views(&mut self) -> Result<Vec<(&'static View, u64)>, Unavailable> {
        Ok(self.views.iter().map(|table| (table.folding.view(), table.position)).collect())
    }

    fn rows(&mut self, view: &'static View, each: &mut dyn FnMut(Row)) -> Result<(), Unavailable> {
        self.table(view)?.rows.values().for_each(|row| each(row.clone()));
        Ok(())
    }
}
