//! The rows of one commit, sent in one go.

use journal::chain::log_link;
use journal::{Hash, Idempotency, Recorded};
use tokio_postgres::Error;

use super::HEAD_CHANNEL;
use super::entries::{self, int};
use super::ground::Standpoint;
use super::link::{Link, Pipeline};
use super::writer::Inline;

/// Every so many positions a link of the log is kept.
const LINK_STEP: u64 = 256;

/// Sets where the log stands.
const ADVANCE: &str = "UPDATE log SET head = $1, hash = $2, forms = $3";
/// Tables that are not folded any more have heard everything up to here.
const LEFT_BEHIND: &str = "UPDATE views SET position = $1 WHERE form = ANY ($2)";
const TELL: &str = "SELECT pg_notify($1, $2)";

/// What the appends of one commit record.
pub(super) struct Group {
    pub(super) entries: Vec<Recorded>,
    /// Answers, each with the position where the journal ended when it was given.
    pub(super) answers: Vec<(Idempotency, u64)>,
    head: u64,
    tip: Hash,
    links: Vec<(i64, Hash)>,
}

impl Group {
    pub(super) fn new(stand: &Standpoint) -> Group {
        Group { entries: vec![], answers: vec![], head: stand.head, tip: stand.tip, links: vec![] }
    }

    /// Position of the last entry.
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    pub(super) fn record(&mut self, entries: Vec<Recorded>) {
        for entry in &entries {
            self.head = entry.position;
            self.tip = log_link(self.tip, entry.position, entry.hash);
            if self.head.is_multiple_of(LINK_STEP) {
                self.links.push((int(self.head), self.tip));
            }
        }
        self.entries.extend(entries);
    }

    /// Where the log stands after this commit, in which `forms` are folded.
    pub(super) fn standpoint(&self, before: &Standpoint, mut forms: Vec<String>) -> Standpoint {
        if self.head == before.head {
            // Nothing is added: who had heard everything still has.
            forms.extend(before.forms.iter().cloned());
        }
        forms.sort_unstable();
        forms.dedup();
        Standpoint { head: self.head, tip: self.tip, forms, making: before.making }
    }

    /// Sends all rows and the commit, and waits for the answer.
    pub(super) async fn send(
        &self,
        link: &Link,
        (before, after): (&Standpoint, &Standpoint),
        (categories, last_of): (Vec<String>, Vec<i64>),
        inline: &[Inline],
    ) -> Result<(), Error> {
        for sql in [
            entries::INSERT,
            entries::KEEP_ANSWERS,
            entries::KEEP_LAST_OF,
            entries::KEEP_LINKS,
            ADVANCE,
            LEFT_BEHIND,
            TELL,
        ] {
            link.prepare(sql).await?;
        }
        let mut pipeline = Pipeline::new(link);
        if !self.entries.is_empty() {
            pipeline.send(link.prepare(entries::INSERT).await?, entries::as_columns(&self.entries));
            let statement = link.prepare(entries::KEEP_LAST_OF).await?;
            pipeline.send(statement, vec![Box::new(categories), Box::new(last_of)]);
            let statement = link.prepare(TELL).await?;
            pipeline.send(statement, vec![Box::new(HEAD_CHANNEL), Box::new(after.head.to_string())]);
        }
        if !self.answers.is_empty() {
            let statement = link.prepare(entries::KEEP_ANSWERS).await?;
            pipeline.send(statement, entries::answers_as_columns(&self.answers));
        }
        if !self.links.is_empty() {
            let (positions, hashes): (Vec<i64>, Vec<&[u8]>) =
                self.links.iter().map(|(position, hash)| (position, &hash.0[..])).unzip();
            let statement = link.prepare(entries::KEEP_LINKS).await?;
            pipeline.send(statement, vec![Box::new(positions), Box::new(hashes)]);
        }
        for inline in inline.iter().filter(|inline| inline.serving) {
            inline.table.write(&mut pipeline, link, inline.folding.changes()).await?;
        }
        let left: Vec<&String> = before.forms.iter().filter(|form| !after.forms.contains(form)).collect();
        if !left.is_empty() {
            let statement = link.prepare(LEFT_BEHIND).await?;
            pipeline.send(statement, vec![Box::new(int(before.head)), Box::new(left)]);
        }
        let statement = link.prepare(ADVANCE).await?;
        pipeline.send(
            statement,
            vec![Box::new(int(after.head)), Box::new(&after.tip.0[..]), Box::new(&after.forms[..])],
        );
        pipeline.say("COMMIT");
        pipeline.finish().await?;
        Ok(())
    }
}

/// Whether `entry` stands in the journal. The caller holds the lock.
pub(super) async fn stands(link: &Link, entry: &Recorded) -> Result<bool, Error> {
    let rows = link.query("SELECT hash FROM events WHERE position = $1", &[&int(entry.position)]).await?;
    rows.first().map_or(Ok(false), |row| Ok(entries::hash(row, 0)? == entry.hash))
}
