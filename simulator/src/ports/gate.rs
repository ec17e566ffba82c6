//! Randomness, passwords, and pictures.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use app::ports::{Chance, Passwords, Picture, PictureError, PictureFormat, Pictures};
use tokio::runtime::Handle;

use crate::dice::Dice;

/// Bytes from the seed.
pub struct SeededChance(Mutex<Dice>);

impl SeededChance {
    /// Chance of `dice`.
    pub fn new(dice: Dice) -> SeededChance {
        SeededChance(Mutex::new(dice))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        let mut dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            let length = chunk.len();
            chunk.copy_from_slice(&dice.number().to_be_bytes()[..length]);
        }
    }
}

/// Hashes that cost nothing.
pub struct Plain;

impl Passwords for Plain {
    fn hash(&self, password: &str) -> String {
        format!("plain:{password}")
    }

    fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        hash == Some(&self.hash(password))
    }
}

/// Work on the one other thread ends only while the world has nothing else to do, and knows of all that ended before, so that where it
/// comes in is no matter of chance.
#[derive(Default)]
pub struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    idle: bool,
    closed: bool,
    /// How often the world had nothing to do.
    pauses: u64,
    /// How often it had when it came to who waits here: it heard of all that had ended by then.
    heard: Option<u64>,
}

impl Gate {
    /// The world has nothing to do, or goes on.
    pub fn idle(&self, idle: bool) {
        self.set(|state| {
            state.idle = idle;
            state.pauses += u64::from(idle);
        });
    }

    /// The life ends: nobody waits any longer.
    pub fn close(&self) {
        self.set(|state| state.closed = true);
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn pass(self: &Arc<Self>) {
        self.set(|state| state.heard = None);
        let gate = self.clone();
        // It comes behind the word that earlier work has ended.
        Handle::current().spawn(async move { gate.set(|state| state.heard = Some(state.pauses)) });
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = self.changed.wait_while(state, |state| {
            let paused_since = state.heard.is_some_and(|heard| state.pauses > heard);
            !(state.closed || state.idle && paused_since)
        });
        drop(passed.unwrap_or_else(PoisonError::into_inner));
    }
}

/// Files that begin so are no pictures.
const NO_PICTURE: &[u8] = b"no picture";

/// Takes every file for a picture, but those that say they are none.
pub struct QuickPictures(pub Arc<Gate>);

impl Pictures for QuickPictures {
    fn accept(&self, bytes: &[u8]) -> Result<Picture, PictureError> {
        self.0.pass();
        if bytes.starts_with(NO_PICTURE) {
            return Err(PictureError::Format);
        }
        Ok(Picture {
            format: PictureFormat::Jpeg,
            width: 640,
            height: 480,
            shown: [b"shown ", bytes].concat(),
        })
    }
}

/// Files of this number and above are no pictures.
pub const BROKEN_FROM: u64 = 1 << 40;

/// The file of that number: the same number, the same file.
pub fn picture(number: u64) -> Vec<u8> {
    match number >= BROKEN_FROM {
        true => [NO_PICTURE, &number.to_be_bytes()].concat(),
        false => format!("picture {number} of a simulated car").into_bytes(),
    }
}
