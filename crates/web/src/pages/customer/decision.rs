//! What was decided and why: the amount, its arithmetic in words, the rules that spoke; or the refusal with its clause.

use app::pages::{AdjudicationPage, AssessmentPage, ClaimPage, LinePage, OwedPage};
use app::words::{Arg, Words};
use maud::{Markup, html};

use super::plate;
use crate::Viewer;
use crate::components::{Tone, amount, badge, car, icon, names, notice, pairs, pairs_money};

/// Everything about money, once it is known.
pub(super) fn view(viewer: &Viewer, page: &ClaimPage) -> Markup {
    html! {
        @if let Some(declined) = &page.declined { (refusal(viewer, page, declined)) }
        @if let (Some(approved), Some(decided)) = (&page.approved, &page.adjudication) {
            (decision(viewer, page, approved.total.0, decided))
        }
        @for offer in &page.offers {
            (notice(Tone::Blue, &viewer.words().say(&format!("offer-{offer}")), html! {
                p { (viewer.words().say(&format!("offer-{offer}-note"))) }
            }))
        }
        @if let Some(assessed) = page.assessments.iter().find(|assessed| assessed.vehicle == page.vehicle) {
            (assessment(viewer, assessed))
        } @else if !page.proposed.is_empty() {
            (proposal(viewer, &page.proposed))
        }
    }
}

/// The notice of a refusal: on what clause, why, by whom, and what somebody who disagrees can do.
fn refusal(viewer: &Viewer, page: &ClaimPage, declined: &app::pages::DeclinedPage) -> Markup {
    let words = viewer.words();
    let (clause, reason, by) =
        (words.say("decision-clause"), words.say("decision-reason"), words.say("decision-by"));
    let (at, erased) = (words.say("decision-at"), words.say("decision-erased"));
    html! {
        h2 { (words.say("decision-declined")) }
        (pairs(&[
            (&*clause, html! { (declined.clause) }),
            (&*reason, html! { (declined.reason.as_deref().unwrap_or(&erased)) }),
            (&*by, html! { (names(words, &declined.by)) }),
            (&*at, html! { time datetime=(declined.at.0) { (words.moment(declined.at.0)) } }),
        ]))
        div.stack {
            h3 { (words.say("decision-disagree")) }
            p { (words.say("decision-disagree-person")) }
            p { a.button href={ "/claims/" (page.claim) "/person" } { (icon("user")) (words.say("decision-disagree-go")) } }
            p.note { (words.say("decision-declined-note")) }
        }
    }
}

fn decision(viewer: &Viewer, page: &ClaimPage, total: lexicon::Money, decided: &AdjudicationPage) -> Markup {
    let words = viewer.words();
    let own = decided.owed.iter().filter(|owed| owed.payee == page.vehicle);
    let own: lexicon::Money = own.map(|owed| owed.amount.0).sum();
    let lines: Vec<(String, lexicon::Money)> =
        decided.owed.iter().map(|owed| (line_name(words, page, owed), owed.amount.0)).collect();
    let lines: Vec<(&str, lexicon::Money)> =
        lines.iter().map(|(name, money)| (name.as_str(), *money)).collect();
    let automatic = page.approved.as_ref().is_some_and(|approved| approved.automatic);
    html! {
        h2 { (words.say("decision-amount")) }
        // What the policy pays to others is said beneath, so that nobody waits for money that goes elsewhere.
        (amount(words, if own.is_zero() { total } else { own }))
        @if lines.len() > 1 { (pairs_money(words, &lines, (&words.say("decision-total"), total))) }
        @if !page.payments.is_empty() { (payments(words, page)) }
        details.more {
            summary { (words.say("decision-how")) span.icon-turns { (icon("chevron-down")) } }
            div.stack {
                @for owed in &decided.owed {
                    div {
                        h3 { (line_name(words, page, owed)) }
                        ol.sentence-list { @for step in &owed.steps { li { (step) } } }
                        p { (words.say_with("decision-gives", &[("amount", owed.amount.0.into())])) }
                    }
                }
                p { (words.say_with("decision-capitals", &[("capitals", words.capitals(total).into())])) }
            }
        }
        (reasons(words, decided, automatic))
    }
}

/// Why it was decided so, in the words that a letter would use.
fn reasons(words: &Words, decided: &AdjudicationPage, automatic: bool) -> Markup {
    let sentence = |because: &app::pages::BecausePage| {
        let code = format!("{}-customer", because.rule);
        let values =
            because.values.iter().map(|(name, value)| (name.as_str(), Arg::told(name, value.as_str())));
        words.knows(&code).then(|| words.say_with(&code, &values.collect::<Vec<_>>()).into_owned())
    };
    let told: Vec<String> = decided.because.iter().filter_map(sentence).collect();
    html! {
        details.more {
            summary { (words.say("decision-why")) span.icon-turns { (icon("chevron-down")) } }
            div.stack {
                p { (words.say(if automatic { "decision-by-rule" } else { "decision-by-people" })) }
                @if !told.is_empty() { ul.plain-list { @for reason in &told { li { (reason) } } } }
            }
        }
    }
}

fn payments(words: &Words, page: &ClaimPage) -> Markup {
    html! {
        ul.payments {
            @for payment in &page.payments {
                @let (tone, picture) = match payment.status.as_str() {
                    "confirmed" => (Tone::Green, "circle-check"),
                    "rejected" => (Tone::Amber, "triangle-alert"),
                    "cancelled" => (Tone::Plain, "circle-x"),
                    _ => (Tone::Blue, "landmark"),
                };
                li {
                    (badge(tone, picture, &words.say(&format!("payment-status-{}", payment.status))))
                    span { (payee(words, page, &payment.payee)) }
                    span.money { (words.yuan(payment.amount.0)) }
                }
            }
        }
    }
}

/// `车损险 · 付给您`
fn line_name(words: &Words, page: &ClaimPage, owed: &OwedPage) -> String {
    let cover = words.say(&format!("cover-{}", owed.cover)).into_owned();
    format!("{cover} · {}", payee(words, page, &owed.payee))
}

fn payee(words: &Words, page: &ClaimPage, payee: &str) -> String {
    if payee == page.vehicle {
        return words.say("decision-to-you").into_owned();
    }
    let vehicle = page.vehicles.iter().find(|vehicle| vehicle.id == payee);
    match vehicle.map(|vehicle| vehicle.plate.as_deref()) {
        Some(Some(text)) => words.say_with("decision-to-other", &[("name", plate(text).into())]).into_owned(),
        Some(None) => words.say("decision-to-unknown").into_owned(),
        None => words.say_with("decision-to-other", &[("name", payee.into())]).into_owned(),
    }
}

fn assessment(viewer: &Viewer, assessed: &AssessmentPage) -> Markup {
    let words = viewer.words();
    let table = assessed.lines.iter().find_map(|line| line.table.as_deref());
    html! {
        h2 { (words.say("assessed-title")) }
        @if let Some(value) = assessed.actual_value {
            p { (words.say_with("assessed-total-loss", &[("amount", value.0.into())])) }
        }
        @if !assessed.lines.is_empty() { (lines(words, &assessed.lines, assessed.total.0)) }
        @if !assessed.rescue.0.is_zero() {
            p { (words.say_with("assessed-rescue", &[("amount", assessed.rescue.0.into())])) }
        }
        @if let Some(table) = table { p.note { (words.say_with("assessed-table", &[("version", table.into())])) } }
    }
}

fn proposal(viewer: &Viewer, proposed: &[LinePage]) -> Markup {
    let words = viewer.words();
    let total = proposed.iter().map(|line| line.price.0).sum();
    html! {
        h2 { (words.say("proposed-title")) }
        (lines(words, proposed, total))
        (notice(Tone::Blue, &words.say("proposed-head"), html! { p { (words.say("proposed-note")) } }))
    }
}

fn lines(words: &Words, list: &[LinePage], total: lexicon::Money) -> Markup {
    let name = |line: &LinePage| {
        let say = |prefix: &str, word: &str| words.say(&format!("{prefix}-{word}")).into_owned();
        format!("{} · {}", say("part", &line.part), say("operation", &line.operation))
    };
    let named: Vec<(String, lexicon::Money)> = list.iter().map(|line| (name(line), line.price.0)).collect();
    let named: Vec<(&str, lexicon::Money)> =
        named.iter().map(|(name, price)| (name.as_str(), *price)).collect();
    let parts: Vec<&str> = list.iter().map(|line| line.part.as_str()).collect();
    html! {
        (pairs_money(words, &named, (&words.say("assessed-sum"), total)))
        details.more {
            summary { (words.say("assessed-drawing")) span.icon-turns { (icon("chevron-down")) } }
            (car::marked(words, &parts))
        }
    }
}
