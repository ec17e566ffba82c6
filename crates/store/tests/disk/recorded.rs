//! A store at work on a watched disk, and what it said meanwhile.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use futures::future::join_all;
use journal::{Append, Appended, Journal};
use lexicon::{Opened, Private, Reason};
use rusqlite::Connection;
use store::Store;
use torture::Dice;
use torture::disk::Disk;

use crate::world::{Placed, ThingEvent, World, append, asked, open, stream, subject, write, writes};

/// What clients asked for, by number; the number is on the tape once they were told that it is done.
#[derive(Default)]
pub struct Asked(Mutex<Vec<Wish>>);

/// Something a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A thing with a sealed owner, under a key that repeats get the same answer for.
    One(usize),
    /// Two things in one append.
    Pair(usize),
    /// The owner of a thing is erased.
    Erase(usize),
}

impl Wish {
    /// The streams it is about.
    fn things(&self) -> Vec<String> {
        match self {
            Wish::One(number) | Wish::Erase(number) => vec![format!("thing-{number}")],
            Wish::Pair(number) => vec![format!("thing-{number}a"), format!("thing-{number}b")],
        }
    }

    /// The append that it is.
    fn append(&self, store: &Store) -> Option<Append> {
        match self {
            Wish::One(number) => {
                let name = format!("thing-{number}");
                let owner = Private::seal(store, &subject(&format!("owner-{number}")), &name).unwrap();
                let event = Placed { shelf: Some(*number as i64 % 7), owner: Some(owner) };
                let mut append = append(&name, 0, vec![event.into()]);
                append.idempotency = asked(&format!("key-{number}"), 1, &name);
                Some(append)
            }
            Wish::Pair(number) => {
                let things = self.things();
                let event = || vec![crate::world::placed(*number as i64 % 7)];
                Some(writes(vec![write(&things[0], 0, event()), write(&things[1], 0, event())]))
            }
            Wish::Erase(_) => None,
        }
    }
}

impl Asked {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Wish>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, wish: Wish) -> u64 {
        let mut wishes = self.lock();
        wishes.push(wish);
        wishes.len() as u64 - 1
    }

    /// Asks, and notes it once it was acknowledged; says whether it was.
    async fn ask(&self, store: &Store, disk: &Disk, wish: Wish) -> bool {
        let append = wish.append(store);
        let number = self.add(wish.clone());
        let done = match append {
            Some(append) => matches!(store.append(append).await, Ok(Appended::Recorded { .. })),
            None => {
                let Wish::Erase(thing) = wish else { return false };
                store.erase(&subject(&format!("owner-{thing}"))).is_ok()
            }
        };
        if done {
            disk.tape().note(number);
        }
        done
    }

    /// Asks for one thing; says whether it was acknowledged.
    pub async fn one(&self, store: &Store, disk: &Disk) -> bool {
        let number = self.lock().len();
        self.ask(store, disk, Wish::One(number)).await
    }

    /// Some work of every kind, `turns` times.
    pub async fn work(&self, store: &Store, disk: &Disk, folder: &Path, turns: usize, dice: &mut Dice) {
        let checkpointer = Connection::open(folder.join("journal.db")).unwrap();
        for _ in 0..turns {
            let beside = 1 + dice.below(5);
            let first = self.lock().len();
            let wishes = (first..first + beside).map(|number| match dice.below(4) {
                0 => Wish::Pair(number),
                _ => Wish::One(number),
            });
            join_all(wishes.map(|wish| self.ask(store, disk, wish))).await;
            if dice.below(6) == 0 {
                let ones: Vec<_> =
                    self.lock().iter().filter(|wish| matches!(wish, Wish::One(_))).cloned().collect();
                if let Some(Wish::One(thing)) = ones.get(dice.below(ones.len())) {
                    self.ask(store, disk, Wish::Erase(*thing)).await;
                }
            }
            // What the store does every few thousand pages, so that cuts meet it often.
            if dice.below(8) == 0 {
                let how = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"][dice.below(4)];
                let sql = format!("PRAGMA wal_checkpoint({how})");
                checkpointer.query_row(&sql, [], |_| Ok(())).unwrap();
            }
        }
    }

    /// Opens the store that a cut left in `folder`, and compares it with what was told before step `steps`.
    pub async fn compare(&self, disk: &Disk, steps: usize, folder: &Path) -> Result<(), String> {
        let store =
            Store::open(crate::world::config(folder)).map_err(|error| format!("does not open: {error}"))?;
        let told = disk.tape().noted(steps);
        let wishes = self.lock().clone();
        let told: Vec<&Wish> =
            told.iter().filter_map(|number| wishes.get(usize::try_from(*number).ok()?)).collect();
        for (number, wish) in wishes.iter().enumerate() {
            let acknowledged = told.contains(&wish);
            let mut found = vec![];
            for name in wish.things() {
                let entries =
                    Journal::stream(&store, &stream(&name), 0).await.map_err(|error| error.to_string())?;
                found.push(entries.len());
                let Some(entry) = entries.first() else { continue };
                let Ok(ThingEvent::Placed(Placed { owner: Some(owner), .. })) = entry.decode() else {
                    continue;
                };
                let erased = |told: &&Wish| matches!(wish, Wish::One(thing) if **told == Wish::Erase(*thing));
                match owner.open(&store, Reason::Verification) {
                    Ok(Opened::Known(text)) if text != name => return Err(format!("{name} opens to {text}")),
                    Ok(Opened::Known(_)) if told.iter().any(erased) => {
                        return Err(format!("{name} is erased, and opens"));
                    }
                    Ok(_) => {}
                    Err(error) => return Err(format!("{name} does not open: {error}")),
                }
            }
            if matches!(wish, Wish::Erase(_)) {
                continue;
            }
            if found.iter().any(|count| *count != found[0] || *count > 1) {
                return Err(format!("{wish:?} is there in part: {found:?}"));
            }
            if acknowledged && found[0] == 0 {
                return Err(format!("{wish:?} (number {number}) was acknowledged, and is lost"));
            }
            // Only for some: each is a commit.
            if acknowledged
                && number % 16 == 0
                && let Wish::One(thing) = wish
            {
                let mut again = append(&wish.things()[0], 0, vec![crate::world::placed(1)]);
                again.idempotency = asked(&format!("key-{thing}"), 1, "another answer");
                match store.append(again).await {
                    Ok(Appended::Replayed { answer }) if answer == wish.things()[0] => {}
                    other => return Err(format!("the repeat of {wish:?} got {other:?}")),
                }
            }
        }
        let world = World { store, folder: None };
        world.catch_up().await;
        let store = world.store.clone();
        let report = tokio::task::spawn_blocking(move || store.verify(&[], &mut |_| ())).await;
        let report = report.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        if !report.differences.is_empty() {
            return Err(format!("{:?}", report.differences));
        }
        match world.append(append("thing-after", 0, vec![crate::world::placed(1)])).await {
            Ok(Appended::Recorded { .. }) => Ok(()),
            other => Err(format!("takes nothing more: {other:?}")),
        }
    }
}

/// Lets a new store work on a watched disk; what it was asked, and the folder with the master key.
pub async fn recorded(turns: usize, seed: u64) -> (tempfile::TempDir, Disk, Asked) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::watch(folder.path()).unwrap();
    let (asked, mut dice) = (Asked::default(), Dice::new(seed));
    for turns in [turns / 2, turns - turns / 2] {
        // Closed and opened in between: a clean end is made of many steps as well.
        let store = open(folder.path());
        asked.work(&store, &disk, folder.path(), turns, &mut dice).await;
        let world = World { store, folder: None };
        world.catch_up().await;
    }
    (folder, disk, asked)
}

/// A new folder with what a cut left and the master key, which was written before the first database was made.
pub fn left(image: &torture::disk::Image, from: &Path) -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("anpei-cut-").tempdir().unwrap();
    std::fs::copy(from.join("master.key"), folder.path().join("master.key")).unwrap();
    image.write_to(folder.path()).unwrap();
    folder
}

/// A number from the environment, for runs by hand.
pub fn wanted(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
