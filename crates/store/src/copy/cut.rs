//! Where a copy ends.

use std::collections::HashSet;

use journal::{Recorded, StreamId};
use lexicon::Moment;

use super::CopyError;

/// Up to where a copy goes. An append that reaches beyond is left out as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To the end.
    End,
    /// To the entry at this position.
    Position(u64),
    /// To the last entry before the first that was recorded later than this.
    Moment(Moment),
}

/// Holds back the entries of one append until its end is known.
pub(super) struct Cut {
    until: Until,
    /// Entries that may be of one append.
    run: Vec<Recorded>,
    streams: HashSet<StreamId>,
    passed: bool,
}

/// Takes an entry that belongs to the copy.
type Keep<'a> = dyn FnMut(Recorded) -> Result<(), CopyError> + 'a;

impl Cut {
    pub(super) fn at(until: Until) -> Cut {
        Cut { until, run: vec![], streams: HashSet::new(), passed: false }
    }

    /// Hears `entry`; hands on what is known to belong to the copy. Answers whether more may belong to it.
    pub(super) fn hear(&mut self, entry: Recorded, keep: &mut Keep<'_>) -> Result<bool, CopyError> {
        if !self.goes_on(&entry) {
            self.end(keep)?;
        }
        if self.passed {
            return Ok(false);
        }
        self.streams.insert(entry.stream.clone());
        self.run.push(entry);
        Ok(true)
    }

    /// Whether `entry` may belong to the same append as those held back: recorded at the same time by the same actor for the same
    /// cause, each stream once, its entries side by side. Two appends may look like one; then both are in or out.
    fn goes_on(&self, entry: &Recorded) -> bool {
        self.run.last().is_some_and(|last| {
            (last.at, &last.actor, last.caused_by) == (entry.at, &entry.actor, entry.caused_by)
                && (last.stream == entry.stream || !self.streams.contains(&entry.stream))
        })
    }

    /// The append that was heard last is whole.
    pub(super) fn end(&mut self, keep: &mut Keep<'_>) -> Result<(), CopyError> {
        self.streams.clear();
        self.passed |= self.run.iter().any(|entry| match self.until {
            Until::End => false,
            Until::Position(position) => entry.position > position,
            Until::Moment(moment) => entry.at > moment,
        });
        match self.passed {
            true => self.run.clear(),
            false => self.run.drain(..).try_for_each(keep)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use journal::{Actor, Decoded, Hash};

    use super::*;

    /// `stream@time` as an entry.
    fn entry(position: u64, text: &str) -> Recorded {
        let (stream, at) = text.split_once('@').unwrap();
        Recorded {
            position,
            stream: stream.parse().unwrap(),
            version: 1,
            name: "Placed".into(),
            shape: 1,
            at: Moment::from_micros(at.parse().unwrap()),
            actor: Actor::system("test"),
            caused_by: None,
            data: "{}".into(),
            hash: Hash::START,
            decoded: Decoded::default(),
        }
    }

    #[test]
    fn an_append_is_in_or_out_as_a_whole() {
        // Four appends: two streams at once, one alone, three entries of two streams, one alone at the same time as those.
        let journal = ["t-a@1", "t-b@1", "t-a@2", "t-c@3", "t-c@3", "t-d@3", "t-c@3"];
        for (until, kept) in [
            (Until::End, 7),
            (Until::Position(7), 7),
            (Until::Position(6), 6),
            (Until::Position(5), 3),
            (Until::Position(4), 3),
            (Until::Position(3), 3),
            (Until::Position(1), 0),
            (Until::Moment(Moment::from_micros(3)), 7),
            (Until::Moment(Moment::from_micros(2)), 3),
            (Until::Moment(Moment::from_micros(0)), 0),
        ] {
            let (mut cut, mut count) = (Cut::at(until), 0);
            let mut take = |_| {
                count += 1;
                Ok(())
            };
            for (position, text) in (1..).zip(journal) {
                cut.hear(entry(position, text), &mut take).unwrap();
            }
            cut.end(&mut take).unwrap();
            assert_eq!(count, kept, "{until:?}");
        }
    }
}
