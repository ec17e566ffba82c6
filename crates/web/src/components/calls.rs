//! Numbers to call: at the roadside the first thing somebody looks for.

use app::words::Words;
use maud::{Markup, html};

use super::icon;
use crate::insurer::Insurer;

/// Rescue and service of the insurer, as far as it has them.
pub fn calls(words: &Words, insurer: &Insurer) -> Markup {
    let list = [
        ("wrench", "call-rescue", insurer.rescue_phone.as_deref()),
        ("phone", "call-service", insurer.service_phone.as_deref()),
    ];
    let list: Vec<_> =
        list.into_iter().filter_map(|(picture, code, number)| Some((picture, code, number?))).collect();
    html! { @if !list.is_empty() { (buttons(words, &list)) } }
}

/// The same, and ambulance and police.
pub fn all_calls(words: &Words, insurer: &Insurer) -> Markup {
    html! {
        (calls(words, insurer))
        (buttons(words, &[("siren", "call-ambulance", "120"), ("shield", "call-police", "122")]))
    }
}

fn buttons(words: &Words, list: &[(&str, &str, &str)]) -> Markup {
    html! {
        div."pairs-of-buttons calls" {
            @for (picture, code, number) in list {
                a."button call" href={ "tel:" (dialled(number)) } {
                    (icon(picture))
                    span { (words.say(code)) " " span.figures { (number) } }
                }
            }
        }
    }
}

/// What a phone dials: the digits, and the plus of a country.
fn dialled(number: &str) -> String {
    number.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect()
}

#[cfg(test)]
mod tests {
    use app::words::Lang;

    use super::*;

    #[test]
    fn only_numbers_that_are_known_are_shown() {
        let words = Words::of(Lang::Zh);
        assert_eq!(calls(words, &Insurer::default()).into_string(), "");
        let insurer = Insurer { rescue_phone: Some("400-000-0001".to_owned()), ..Insurer::default() };
        let shown = calls(words, &insurer).into_string();
        assert!(shown.contains("href=\"tel:4000000001\"") && shown.contains("400-000-0001"), "{shown}");
        assert_eq!(shown.matches("<a ").count(), 1, "{shown}");
    }
}
