//! What people asked, and what they were told: the clients' own list.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use app::words::Lang;
use app::{Principal, Request, RequestKey};
use lexicon::ClaimId;
use sha2::{Digest, Sha256};

use crate::people::{Op, Person};

/// The route under which everything is asked here.
const ROUTE: &str = "simulated";

/// A request as its sender remembers it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Who sent it.
    pub who: usize,
    /// What it asks.
    pub op: Op,
    /// What its sender knows of it.
    pub state: State,
}

/// What a sender knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing yet; they will ask again.
    Open,
    /// It is done, and this was the answer.
    Told(String),
    /// It was refused.
    Refused(String),
    /// Nothing, and they will not ask again: it may or may not be done.
    Abandoned,
}

/// What came back from one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done.
    Told(String),
    /// Not done, and why.
    Refused(String),
    /// Nothing that says whether it is done.
    Unheard(String),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Told(text) => write!(f, "done: {text}"),
            Answer::Refused(why) => write!(f, "not done: {why}"),
            Answer::Unheard(why) => write!(f, "no answer: {why}"),
        }
    }
}

/// Every request of a world, in the order in which they were first sent.
#[derive(Default)]
pub struct Requests {
    sent: Mutex<Vec<Sent>>,
    /// How often each accident was told, by customer and number.
    notices: Mutex<HashMap<(usize, usize), usize>>,
}

impl Requests {
    /// Sends something new.
    pub fn send(&self, who: usize, op: Op) -> usize {
        let mut all = self.all();
        all.push(Sent { who, op, state: State::Open });
        all.len() - 1
    }

    /// The request at `index`.
    pub fn sent(&self, index: usize) -> Sent {
        self.all()[index].clone()
    }

    /// All of them.
    pub fn list(&self) -> Vec<Sent> {
        self.all().clone()
    }

    /// The request at `index` as the product gets it: the same key at every delivery.
    pub fn request(&self, index: usize, principal: &Principal) -> Request {
        let body = format!("{:?}", self.all()[index].op);
        let key = RequestKey {
            route: ROUTE.to_owned(),
            key: format!("request-{index}"),
            request: Sha256::digest(body.as_bytes()).into(),
        };
        Request { principal: principal.clone(), lang: Lang::Zh, key: Some(key), expected_version: None }
    }

    /// Notes what came back; what is wrong with it, if something is. An answer that was `told` before this delivery began is given
    /// again, for ever; of two deliveries under way at once one may be refused before the other is done.
    pub fn heard(&self, index: usize, answer: Answer, told: bool) -> Option<String> {
        let mut all = self.all();
        let Sent { op, state, .. } = &mut all[index];
        let before = state.clone();
        match (&before, answer) {
            (State::Told(first), Answer::Told(again)) if *first != again => {
                Some(format!("[answers] {} #{index} was answered `{first}`, and again `{again}`", op.name()))
            }
            (State::Told(first), Answer::Refused(why)) if told => Some(format!(
                "[answers] {} #{index} was answered `{first}`, and its repeat refused: {why}",
                op.name()
            )),
            (State::Told(_), _) | (_, Answer::Unheard(_)) => None,
            (_, Answer::Told(text)) => {
                *state = State::Told(text);
                None
            }
            (_, Answer::Refused(why)) => {
                *state = State::Refused(why);
                None
            }
        }
    }

    /// The sender of the request at `index` gives up.
    pub fn abandon(&self, index: usize) {
        self.all()[index].state = State::Abandoned;
    }

    /// A request of `who` that is still to be answered.
    pub fn open_of(&self, who: usize) -> Option<usize> {
        self.all().iter().position(|sent| sent.who == who && sent.state == State::Open)
    }

    /// A request of `who` that was answered long ago or just now.
    pub fn some_told_of(&self, who: usize, person: &Person) -> Option<usize> {
        let all = self.all();
        let told = all.iter().enumerate().filter(|(_, sent)| sent.who == who);
        let told: Vec<usize> =
            told.filter_map(|(index, sent)| matches!(sent.state, State::Told(_)).then_some(index)).collect();
        (!told.is_empty()).then(|| person.roll(|dice| *dice.pick(&told)))
    }

    /// The claims that `who` was told of as theirs.
    pub fn claims_of(&self, who: usize) -> Vec<ClaimId> {
        self.all().iter().filter(|sent| sent.who == who).filter_map(opened).collect()
    }

    /// Every claim that anybody was told of.
    pub fn claims(&self) -> Vec<ClaimId> {
        self.all().iter().filter_map(opened).collect()
    }

    /// How often `who` has told accident `number`.
    pub fn notices(&self, who: usize, number: usize) -> usize {
        self.told().get(&(who, number)).copied().unwrap_or(0)
    }

    /// `who` tells accident `number`.
    pub fn telling(&self, who: usize, number: usize) {
        *self.told().entry((who, number)).or_default() += 1;
    }

    fn all(&self) -> MutexGuard<'_, Vec<Sent>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self) -> MutexGuard<'_, HashMap<(usize, usize), usize>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The claim that a notice opened, as its sender was told.
fn opened(sent: &Sent) -> Option<ClaimId> {
    let State::Told(text) = &sent.state else { return None };
    matches!(sent.op, Op::Notice(_)).then(|| text.strip_prefix("new ")?.parse().ok())?
}
