//! Reads a form of the desk, and notes at each field what is wrong with it: all of it at once.

use app::{Failure, Refused};
use lexicon::{Moment, Money, Plate, Ratio};
use serde::de::DeserializeOwned;

use crate::api::bodies;
use crate::components::Mistakes;
use crate::request::{Sent, sentence};

/// A form that is being read.
pub(super) struct Reading<'a> {
    sent: &'a Sent,
    mistakes: Mistakes,
}

/// Why a form was not done.
pub(super) enum Stop {
    /// Something in it is wrong.
    Wrong(Mistakes),
    /// The product did not do it.
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

impl<'a> Reading<'a> {
    /// Begins to read `sent`.
    pub(super) fn of(sent: &'a Sent) -> Reading<'a> {
        Reading { sent, mistakes: Mistakes::new() }
    }

    /// What was read, unless something was wrong.
    pub(super) fn whole<T>(self, read: Option<T>) -> Result<T, Stop> {
        match read {
            Some(read) if self.mistakes.is_empty() => Ok(read),
            _ => Err(Stop::Wrong(self.mistakes)),
        }
    }

    /// The text of `name`; it may be empty.
    pub(super) fn text(&self, name: &str) -> String {
        self.sent.form.text(name).to_owned()
    }

    /// Whether the box `name` is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        !self.sent.form.text(name).is_empty()
    }

    /// The text of `name`, which must be there. `label` is the code under which the form names it.
    pub(super) fn needed(&mut self, name: &str, label: &str) -> Option<String> {
        let text = self.text(name);
        if text.is_empty() {
            self.miss(name, label);
            return None;
        }
        Some(text)
    }

    /// Notes that `name` was left empty.
    pub(super) fn miss(&mut self, name: &str, label: &str) {
        let words = self.sent.words();
        self.tell(name, words.say_with("desk-missing", &[("what", words.say(label).into())]).into_owned());
    }

    /// A word of a closed set.
    pub(super) fn word<T: DeserializeOwned>(&mut self, name: &str, label: &str) -> Option<T> {
        let text = self.needed(name, label)?;
        self.take(name, bodies::word(&text, ""))
    }

    /// An amount; nothing when it was left empty.
    pub(super) fn money(&mut self, name: &str) -> Option<Money> {
        // People type what they read elsewhere on the page: 12,345.60.
        let text = self.text(name).replace([',', '，', ' '], "");
        if text.is_empty() { None } else { self.take(name, bodies::money(&text, "")) }
    }

    /// An amount, which must be there.
    pub(super) fn needed_money(&mut self, name: &str, label: &str) -> Option<Money> {
        self.needed(name, label)?;
        self.money(name)
    }

    /// The beginning of a day as an input holds it, which must be there.
    pub(super) fn day(&mut self, name: &str, label: &str) -> Option<Moment> {
        let text = self.needed(name, label)?;
        let read = self.sent.words().read_typed(&format!("{text}T00:00"));
        self.take(name, read.ok_or_else(|| Failure::refused("form.refused.time")))
    }

    /// A time as an input holds it; nothing when it was left empty.
    pub(super) fn moment(&mut self, name: &str) -> Option<Moment> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let read = self.sent.words().read_typed(&text);
        self.take(name, read.ok_or_else(|| Failure::refused("form.refused.time")))
    }

    /// A plate; nothing when it was left empty.
    pub(super) fn plate(&mut self, name: &str) -> Option<Plate> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        self.take(name, text.parse().map_err(|_| Failure::refused("form.refused.plate")))
    }

    /// A share in percent; nothing when it was left empty.
    pub(super) fn percent(&mut self, name: &str) -> Option<Ratio> {
        let text = self.text(name).replace(['%', '％', ' '], "");
        if text.is_empty() {
            return None;
        }
        let part = text.parse::<Ratio>().ok();
        let share =
            part.and_then(|part| Ratio::new(part.numerator(), part.denominator().checked_mul(100)?).ok());
        let share = share.filter(|share| share.is_share());
        self.take(name, share.ok_or_else(|| Failure::refused("desk.refused.percent")))
    }

    /// The id of something.
    pub(super) fn id<T: std::str::FromStr>(&mut self, name: &str, label: &str) -> Option<T> {
        let text = self.needed(name, label)?;
        self.take(name, bodies::id(&text, ""))
    }

    /// What `read` holds; what it refuses is noted at `name`.
    pub(super) fn take<T>(&mut self, name: &str, read: Result<T, Failure>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(Failure::Refused(refused)) => {
                self.tell(name, sentence(self.sent.words(), &refused));
                None
            }
            // Reading asks nobody; nothing else can come.
            Err(_) => {
                self.note(name, "form.refused.word");
                None
            }
        }
    }

    /// Notes the sentence of `code` at `name`.
    pub(super) fn note(&mut self, name: &str, code: &'static str) {
        self.tell(name, sentence(self.sent.words(), &Refused::new(code)));
    }

    /// Notes a sentence at `name`.
    pub(super) fn tell(&mut self, name: &str, sentence: String) {
        self.mistakes.note(name, sentence);
    }
}

/// A share as people say it: `0.7` → `70`.
pub(super) fn percent(share: &str) -> String {
    let whole = share.parse::<Ratio>().ok();
    let whole =
        whole.and_then(|share| Ratio::new(share.numerator().checked_mul(100)?, share.denominator()).ok());
    whole.map_or_else(|| share.to_owned(), |percent| percent.to_string())
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_said_in_percent() {
        for (share, said) in
            [("0.7", "70"), ("1", "100"), ("0", "0"), ("0.335", "33.5"), ("1/3", "100/3"), ("?", "?")]
        {
            assert_eq!(percent(share), said, "{share}");
        }
    }
}
