//! Names with values, amounts, times.

use app::words::Words;
use lexicon::{Moment, Money};
use maud::{Markup, Render, html};

/// Names of people, one after the other.
pub fn names(words: &Words, list: &[String]) -> String {
    list.join(&words.say("names-and"))
}

/// Names and values, one pair per line.
pub fn pairs<V: Render>(list: &[(&str, V)]) -> Markup {
    html! {
        dl.pairs {
            @for (name, value) in list { dt { (name) } dd { (value) } }
        }
    }
}

/// Lines of arithmetic with their sum: amounts to the right, two places.
pub fn pairs_money(words: &Words, lines: &[(&str, Money)], total: (&str, Money)) -> Markup {
    html! {
        dl."pairs pairs-money" {
            @for (name, value) in lines { dt { (name) } dd.money { (words.money(*value)) } }
            dt.total { (total.0) } dd.money.total { (words.yuan(total.1)) }
        }
    }
}

/// An amount, large.
pub fn amount(words: &Words, value: Money) -> Markup {
    html! { p."amount money" data-fen=(value.fen()) { (words.yuan(value)) } }
}

/// A time as one says it, with the exact one at hand.
pub fn when(words: &Words, moment: Moment, now: Moment) -> Markup {
    html! { time datetime=(moment) title=(words.moment(moment)) { (words.relative(moment, now)) } }
}
