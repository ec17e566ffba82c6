//! The one thread of this node that commits entries. It takes what waits, up to a cap, into one transaction.
//!
//! The transaction locks the one row of `log` before it reads anything, and lets go of it with the commit: so all nodes commit
//! one after the other. Two ways to the server and back: the lock with all that the checks need, then all rows with the commit.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, mpsc};
use std::time::Instant;

use futures::executor::block_on;
use insight::view::{FoldError, Kind};
use journal::{AppendError, Appended, Recorded, Unavailable};
use tokio::sync::oneshot;
use tokio_postgres::Error;

use super::ground::{self, Fetched, KeptRows, Remembered, Standpoint, Wanted};
use super::link::{Link, Pipeline, Purpose, unavailable};
use super::tables::Table;
use super::{Shared, commit, entries};
use crate::admit::{Admitted, Prepared};
use crate::fold::Folding;
use crate::group::{Outcomes, Queue};

/// Of so many rows of each inline view the writer remembers the content.
const ROWS_REMEMBERED: usize = 8_192;
/// Entries that another release committed are folded under the lock so many at a time.
const CATCH_UP: usize = 1_024;
/// How often a commit is begun anew when the connection is lost under it.
const ATTEMPTS: usize = 3;

/// What the writer is asked.
pub(super) enum Work {
    /// Add facts.
    Append(Box<Prepared>, oneshot::Sender<Result<Appended, AppendError>>),
    /// Fold into the inline views what others committed without them.
    CatchUp,
    /// Stop, after what was asked before.
    Close,
}

pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    queue: Queue<Work>,
    link: Option<Link>,
    ground: Remembered,
    /// Where the log stood after the last commit of this node; `None` when nothing is remembered.
    stood: Option<Standpoint>,
    inline: Vec<Inline>,
    /// Told after each commit.
    nudge: SyncSender<()>,
    /// Whether it was told to stop while a commit was in doubt.
    closing: bool,
}

/// An inline view and its place among all views.
pub(super) struct Inline {
    place: usize,
    pub(super) folding: Folding,
    pub(super) table: Arc<Table>,
    /// Whether it is folded: it is not while its first table is in the making.
    pub(super) serving: bool,
}

/// Why a group was not committed; nothing of it is kept.
pub(super) enum Failed {
    /// The connection was lost, or the server gave up on us.
    Lost(Unavailable),
    /// The server refuses a row: one of the appends is at fault.
    Refused(Unavailable),
    /// Nobody can say now; the store closes.
    Closing,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        // Data that cannot be kept, a row that would stand twice, a value too long for an index.
        let refused = error.code().is_some_and(|code| ["22", "23", "54"].contains(&&code.code()[..2]));
        if refused { Failed::Refused(unavailable(error)) } else { Failed::Lost(unavailable(error)) }
    }
}

impl From<Unavailable> for Failed {
    fn from(problem: Unavailable) -> Failed {
        Failed::Lost(problem)
    }
}

type Asked = (Box<Prepared>, oneshot::Sender<Result<Appended, AppendError>>);

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, work: mpsc::Receiver<Work>, nudge: SyncSender<()>) -> Writer {
        let inline = shared.views.iter().enumerate().filter(|(_, view)| view.kind == Kind::Inline);
        let inline = inline.map(|(place, view)| Inline {
            place,
            folding: Folding::new(view, ROWS_REMEMBERED),
            table: shared.tables[place].clone(),
            serving: false,
        });
        let inline = inline.collect();
        let (queue, ground) = (Queue::new(work), Remembered::default());
        Writer { shared, queue, link: None, ground, stood: None, inline, nudge, closing: false }
    }

    /// Serves until it is closed.
    pub(super) fn run(mut self) {
        while let Some(first) = self.queue.first() {
            let (mut group, mut close, mut next, mut deadline) = (vec![], false, Some(first), None);
            while let Some(work) = next {
                match work {
                    Work::Append(append, to) => group.push((append, to)),
                    Work::CatchUp => {}
                    Work::Close => close = true,
                }
                next = if close { None } else { self.queue.next(group.len(), &mut deadline) };
            }
            // What was asked before the end is done before it.
            if !close || !group.is_empty() {
                let start = Instant::now();
                self.group(group);
                self.queue.committed(start.elapsed(), self.shared.under_way());
            }
            if close || self.closing {
                return;
            }
        }
    }

    /// Decides all of `group`, and tells everyone.
    fn group(&mut self, group: Vec<Asked>) {
        let (appends, to): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        let appends: Vec<&Prepared> = appends.iter().map(|append| &**append).collect();
        let mut outcomes = Outcomes::default();
        let decided = self.decide(&appends);
        for (to, decided) in to.into_iter().zip(decided) {
            // Who hears nothing learns that the store is closed.
            if let Some(decided) = decided {
                outcomes.appended(to, decided);
            }
        }
        outcomes.tell(&Ok(()));
    }

    /// What becomes of each of `appends`; `None` where nobody can say before the store closes.
    fn decide(&mut self, appends: &[&Prepared]) -> Vec<Option<Result<Appended, AppendError>>> {
        let mut tried = 1;
        let problem = loop {
            match self.attempt(appends) {
                Ok(decided) => return decided.into_iter().map(Some).collect(),
                Err(Failed::Closing) => return vec![None; appends.len()],
                // One is at fault; the others are not to suffer for it.
                Err(Failed::Refused(_)) if appends.len() > 1 => {
                    return appends.chunks(1).flat_map(|append| self.decide(append)).collect();
                }
                Err(Failed::Refused(problem)) => break problem,
                Err(Failed::Lost(problem)) if tried == ATTEMPTS || self.shared.stopping() => break problem,
                Err(Failed::Lost(problem)) => {
                    tracing::warn!(%problem, "a commit was not begun or undone; trying again");
                    tried += 1;
                }
            }
        };
        tracing::error!(%problem, "a commit failed; nothing of it was kept");
        appends.iter().map(|_| Some(Err(problem.clone().into()))).collect()
    }

    /// One transaction.
    fn attempt(&mut self, appends: &[&Prepared]) -> Result<Vec<Result<Appended, AppendError>>, Failed> {
        let link = match self.link.take() {
            Some(link) if !link.is_closed() => link,
            _ => {
                self.forget();
                self.shared.connector.link_now(Purpose::Write)?
            }
        };
        let done = self.transact(&link, appends);
        match &done {
            Ok(_) => self.link = Some(link),
            Err(_) => {
                self.forget();
                // A connection in doubt is not used again; its end undoes what was begun on it.
                if !link.is_closed() && link.batch_now("ROLLBACK").is_ok() {
                    self.link = Some(link);
                }
            }
        }
        done
    }

    fn transact(
        &mut self,
        link: &Link,
        appends: &[&Prepared],
    ) -> Result<Vec<Result<Appended, AppendError>>, Failed> {
        for inline in &mut self.inline {
            inline.serving = self.shared.serving.serves(inline.place);
        }
        let wanted = self.wanted(appends);
        let (stand, mut fetched) = block_on(self.lock(link, wanted))?;
        if self.stood.as_ref() != Some(&stand) {
            // Another node has committed: what was remembered may have moved. What was just read has not.
            let known = self.stood.replace(stand.clone()).is_some();
            if known {
                self.forget();
                self.stood = Some(stand.clone());
                let wanted = self.wanted(appends);
                fetched = block_on(self.read(link, wanted))?;
            }
        }
        let behind = self.catch_up(link, &stand)?;
        let mut group = commit::Group::new(&stand);
        let decided = appends.iter().map(|append| self.admit(link, append, &fetched, &mut group)).collect();
        if group.entries.is_empty() && !behind {
            block_on(link.client.batch_execute("ROLLBACK"))?;
            self.inline.iter_mut().for_each(|inline| inline.folding.settle());
            return Ok(decided);
        }
        let serving = self.inline.iter().filter(|inline| inline.serving);
        let forms: Vec<String> = serving.map(|inline| inline.table.form.clone()).collect();
        let after = group.standpoint(&stand, forms);
        let touched = self.ground.touched();
        let sent = block_on(group.send(link, (&stand, &after), touched, &self.inline));
        if let Err(error) = sent
            && !self.recorded_all_the_same(link, &error, group.entries.last())?
        {
            return Err(error.into());
        }
        self.committed(group.entries, after);
        Ok(decided)
    }

    /// The lock, and what was asked for under it.
    async fn lock(&mut self, link: &Link, wanted: Wanted) -> Result<(Standpoint, Fetched), Failed> {
        wanted.prepare(link).await?;
        let lock = link.prepare(ground::LOCK).await?;
        let tables: Vec<_> = self.inline.iter().map(|inline| inline.table.clone()).collect();
        let tables: Vec<&Table> = tables.iter().map(|table| &**table).collect();
        for (inline, table) in self.inline.iter().zip(&tables) {
            if inline.serving {
                table.prepare(link).await?;
            }
        }
        let answers = {
            let mut pipeline = Pipeline::new(link);
            pipeline.say("BEGIN ISOLATION LEVEL READ COMMITTED");
            pipeline.send(lock, vec![]);
            wanted.send(&mut pipeline, link, &tables).await?;
            pipeline.finish().await?
        };
        let mut answers = answers.into_iter().skip(1);
        let row = answers.next().and_then(|rows| rows.into_iter().next());
        let row = row.ok_or_else(|| Unavailable("the log has no row".into()))?;
        let fetched = wanted.receive(&mut self.ground, &tables, answers)?;
        Ok((Standpoint::read(&row)?, fetched))
    }

    /// The same once more, when the lock is held already.
    async fn read(&mut self, link: &Link, wanted: Wanted) -> Result<Fetched, Failed> {
        let tables: Vec<_> = self.inline.iter().map(|inline| inline.table.clone()).collect();
        let tables: Vec<&Table> = tables.iter().map(|table| &**table).collect();
        let answers = {
            let mut pipeline = Pipeline::new(link);
            wanted.send(&mut pipeline, link, &tables).await?;
            pipeline.finish().await?
        };
        Ok(wanted.receive(&mut self.ground, &tables, answers.into_iter())?)
    }

    /// What is to be read before `appends` can be decided.
    fn wanted(&mut self, appends: &[&Prepared]) -> Wanted {
        let mut wanted = self.ground.wanted(appends);
        let views: Vec<Option<&Folding>> =
            self.inline.iter().map(|inline| inline.serving.then_some(&inline.folding)).collect();
        for append in appends {
            wanted.scout(&views, append.entries());
        }
        wanted
    }

    /// Checks and folds one append; a refused one leaves nothing.
    fn admit(
        &mut self,
        link: &Link,
        append: &Prepared,
        fetched: &Fetched,
        group: &mut commit::Group,
    ) -> Result<Appended, AppendError> {
        let (entries, asked) = match append.admit(&mut self.ground, group.head() + 1)? {
            Admitted::Replay(answer) => return Ok(Appended::Replayed { answer }),
            Admitted::Record(entries, asked) => (entries, asked),
        };
        self.fold(link, &entries, fetched).map_err(|error| Unavailable(error.to_string()))?;
        entries.iter().for_each(|entry| self.ground.recorded(entry));
        group.record(entries);
        if let Some(asked) = asked {
            self.ground.answered(&asked);
            group.answers.push((asked, group.head()));
        }
        Ok(Appended::Recorded { position: group.head() })
    }

    /// Folds `entries` into every inline view that serves, or into none.
    fn fold(&mut self, link: &Link, entries: &[Recorded], fetched: &Fetched) -> Result<(), FoldError> {
        let folded = entries.iter().try_for_each(|entry| {
            self.inline.iter_mut().enumerate().try_for_each(|(number, inline)| {
                if !inline.serving || !inline.folding.hears(entry) {
                    return Ok(());
                }
                let mut rows = KeptRows { link, table: &inline.table, fetched: fetched.get(number) };
                inline.folding.fold(entry, &mut rows)
            })
        });
        for inline in &mut self.inline {
            match folded {
                Ok(()) => inline.folding.agree(),
                Err(_) => inline.folding.take_back(),
            }
        }
        folded
    }

    /// Folds what another release committed without our tables; whether there is any such table.
    fn catch_up(&mut self, link: &Link, stand: &Standpoint) -> Result<bool, Failed> {
        let mut any = false;
        for inline in self.inline.iter_mut().filter(|inline| inline.serving) {
            if stand.forms.contains(&inline.table.form) {
                continue;
            }
            any = true;
            let rows = link.query_now("SELECT position FROM views WHERE form = $1", &[&inline.table.form])?;
            let mut position = match rows.first() {
                Some(row) => entries::unsigned(row, 0)?,
                None => return Err(Unavailable(format!("{} is not kept", inline.table.form)).into()),
            };
            while position < stand.head {
                let batch = block_on(entries::after(link, position, CATCH_UP))?;
                for entry in &batch {
                    if inline.folding.hears(entry) {
                        let mut rows = KeptRows { link, table: &inline.table, fetched: None };
                        let folded = inline.folding.fold(entry, &mut rows);
                        folded.map_err(|error| Unavailable(error.to_string()))?;
                        inline.folding.agree();
                    }
                }
                position = batch.last().map_or(stand.head, |entry| entry.position);
            }
        }
        Ok(any)
    }

    /// Everyone may know.
    fn committed(&mut self, entries: Vec<Recorded>, after: Standpoint) {
        self.inline.iter_mut().for_each(|inline| inline.folding.settle());
        let head = after.head;
        self.stood = Some(after);
        // A commit without entries may stand behind some of other nodes that are not remembered yet: the watch fetches them.
        if !entries.is_empty() {
            self.shared.recent.committed(entries.into_iter());
            self.shared.reached(head);
        }
        // A full channel means that the follower is awake already.
        let _ = self.nudge.try_send(());
    }

    /// Tells those who wait that the database is away: nothing of theirs was begun. Whether the store is to close.
    pub(super) fn refuse_waiting(&mut self) -> bool {
        while let Some(work) = self.queue.waiting() {
            match work {
                Work::Append(_, to) => {
                    // Whoever asked may be gone.
                    let _ = to.send(Err(Unavailable("the database does not answer".into()).into()));
                }
                Work::CatchUp => {}
                Work::Close => self.closing = true,
            }
        }
        self.closing
    }

    /// What is in the database is the truth.
    fn forget(&mut self) {
        self.ground.forget();
        self.stood = None;
        self.inline.iter_mut().for_each(|inline| inline.folding.forget());
    }
}
