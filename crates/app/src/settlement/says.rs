//! The sentence of a step of a derivation.

use coverage::{Accident, Exact, Step, Term};
use lexicon::Money;

use crate::words::{Arg, Words};

/// What `step` did, in words.
pub(crate) fn sentence(step: &Step, accident: &Accident, words: &Words) -> String {
    sentence_as(step.code(), step, accident, words)
}

/// The same in the sentence of `code`, which may leave out what does not matter.
pub(crate) fn sentence_as(code: &str, step: &Step, accident: &Accident, words: &Words) -> String {
    let mut args: Vec<(&str, Arg<'_>)> = vec![("value", amount(&step.value(), words))];
    args.extend(step.terms().into_iter().map(|(name, term)| {
        let arg = match term {
            Term::Amount(exact) => amount(&exact, words),
            Term::Rate(rate) => Arg::from(rate.to_string()),
            Term::Count(count) => Arg::from(count),
            Term::Vehicle(vehicle) => Arg::from(accident.vehicles[vehicle].id.to_string()),
        };
        (name, arg)
    }));
    words.say_with(code, &args).into_owned()
}

/// An amount as people read it: to the fen, and marked where it is not a whole number of fen.
fn amount(exact: &Exact, words: &Words) -> Arg<'static> {
    match exact.half_up().map(Money::from_fen) {
        Some(amount) if exact.is_whole() => Arg::from(words.yuan(amount)),
        Some(amount) => Arg::from(format!("≈{}", words.yuan(amount))),
        None => Arg::from(exact.to_yuan()),
    }
}
