//! What happened: the story, the vehicles, the people, the policy.

use app::App;
use app::claims as model;
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::ClaimId;
use maud::{Markup, html};

use super::{CORRECTION, POLICY, Reading, SELF_CLAIM, Screen, answer, choices, reporters, vehicles, victims};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    html! {
        (story(screen))
        (reporters::view(screen))
        (vehicles::view(screen))
        (victims::view(screen))
        (agreement(screen))
        (policy_section(screen))
    }
}

fn story(screen: &Screen<'_>) -> Markup {
    let (words, story) = (screen.words(), &screen.page.story);
    let erased = || html! { span.note { (words.say("desk-erased")) } };
    let text = |text: &Option<String>| match text {
        Some(text) if text.is_empty() => html! { span.note { (words.say("desk-none")) } },
        Some(text) => html! { (text) },
        None => erased(),
    };
    let property = if story.other_property { "desk-yes" } else { "desk-no" };
    let mut list: Vec<(&str, Markup)> = vec![
        ("desk-occurred", html! { (words.moment(story.occurred_at.0)) }),
        ("desk-notified", html! { (words.moment(screen.page.notified_at.0)) }),
        ("desk-cause", html! { (screen.term("cause", &story.cause)) }),
        ("desk-place", text(&story.place)),
    ];
    if let Some((latitude, longitude)) = story.position {
        list.push(("desk-position", html! { span.figures { (format!("{latitude:.5}, {longitude:.5}")) } }));
    }
    list.extend([
        ("desk-injury", html! { (screen.term("injury", &story.injury)) }),
        ("desk-other-property", html! { (words.say(property)) }),
        ("desk-story", text(&story.text)),
        ("desk-contact", text(&story.contact_name)),
        (
            "desk-phone",
            match &screen.staff.contact_phone {
                Some(phone) => html! { a.code href={ "tel:" (phone) } { (phone) } },
                None => erased(),
            },
        ),
    ]);
    let list: Vec<_> = list.iter().map(|(code, value)| (words.say(code), value)).collect();
    let list: Vec<(&str, &Markup)> = list.iter().map(|(name, value)| (&**name, *value)).collect();
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-facts-story")) } (screen.offer(CORRECTION, "")) }
            @if screen.edits(CORRECTION, "") { (correction_form(screen)) } @else { (pairs(&list)) }
        }
    }
}

fn correction_form(screen: &Screen<'_>) -> Markup {
    let (words, story) = (screen.words(), &screen.page.story);
    let offered = screen.app.report_form();
    let property = choices(words, "desk", ["no", "yes"]);
    screen.form(
        CORRECTION,
        "",
        html! {
            div.form-grid {
                (screen.field("occurred_at", "desk-occurred")
                    .text("datetime-local", &screen.value("occurred_at", words.typed(story.occurred_at.0)), None))
                (screen.field("cause", "desk-cause")
                    .select(&choices(words, "cause", offered.causes), &screen.value("cause", &story.cause)))
                (screen.field("injury", "desk-injury")
                    .select(&choices(words, "injury", offered.injuries), &screen.value("injury", &story.injury)))
                (screen.field("other_property", "desk-other-property").select(
                    &property,
                    &screen.value("other_property", if story.other_property { "yes" } else { "no" }),
                ))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/correction`
pub(crate) async fn correct(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let done = async {
        let known = app.staff_claim_page(&claim, sent.words()).await?.story;
        let mut read = Reading::of(&sent);
        let occurred_at = read.moment("occurred_at");
        let cause = read.word("cause", "desk-cause");
        let injury = read.word("injury", "desk-injury");
        let other_property = Some(read.text("other_property") == "yes");
        // Only what was changed is a correction: an input holds minutes, the notice may hold seconds.
        let same_minute =
            |moment: &lexicon::Moment| sent.words().typed(*moment) == sent.words().typed(known.occurred_at.0);
        let corrected = model::CircumstancesCorrected {
            occurred_at: occurred_at.filter(|moment| !same_minute(moment)),
            cause: cause.filter(|cause: &model::Cause| cause.word() != known.cause),
            injury: injury.filter(|injury: &model::Injury| injury.word() != known.injury),
            other_property: other_property.filter(|told| *told != known.other_property),
        };
        let corrected = read.whole(Some(corrected))?;
        Ok(app.correct(&sent.asked, &claim, corrected).await?)
    };
    let done = done.await;
    answer(&app, &claim, &sent, CORRECTION, "", done).await
}

fn agreement(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    if screen.page.vehicles.len() < 2 {
        return html! {};
    }
    let agreed = screen.page.self_claim_agreed;
    let (state, ask) = if agreed {
        ("desk-self-claim-agreed", "desk-self-claim-undo")
    } else {
        ("desk-self-claim-open", "desk-self-claim-do")
    };
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-facts-self-claim")) } }
            p { (words.say(state)) }
            @if screen.viewer.may(SELF_CLAIM.action) {
                form.desk-line method="post" action={ "/desk/claims/" (screen.claim) "/self-claim" } {
                    (screen.marks(SELF_CLAIM))
                    (hidden("agreed", if agreed { "" } else { "yes" }))
                    button.button type="submit" { (words.say(ask)) }
                }
            }
        }
    }
}

/// `POST /desk/claims/{claim}/self-claim`
pub(crate) async fn self_claim(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let agreed = Reading::of(&sent).ticked("agreed");
    let done = app.agree_self_claim(&sent.asked, &claim, agreed).await.map_err(Into::into);
    answer(&app, &claim, &sent, SELF_CLAIM, "", done).await
}

fn policy_section(screen: &Screen<'_>) -> Markup {
    let (words, policy) = (screen.words(), &screen.staff.policy);
    let tone = if policy.fact == "in-force" { Tone::Green } else { Tone::Amber };
    let number = html! {
        @match &policy.policy {
            Some(number) => span.code { (number) },
            None => span.note { (words.say("desk-none")) },
        }
    };
    let fact = badge(tone, tone.icon(), &screen.term("policy-fact", &policy.fact));
    let days =
        policy.days.map(|days| words.say_with("desk-policy-days", &[("count", days.into())]).into_owned());
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (words.say("desk-facts-policy")) } (screen.offer(POLICY, "")) }
            p.desk-line { (number) (fact) @if let Some(days) = days { span.note { (days) } } }
            @if screen.edits(POLICY, "") {
                (screen.form(POLICY, "", html! {
                    (screen.field("policy", "desk-policy-number").hint("desk-policy-hint")
                        .code(&screen.value("policy", policy.policy.clone().unwrap_or_default()), Some("off")))
                }))
            }
        }
    }
}

/// `POST /desk/claims/{claim}/policy`
pub(crate) async fn policy(
    State(app): State<App>,
    Path(claim): Path<ClaimId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let policy = read.id("policy", "desk-policy-number");
    let done = async { Ok(app.set_policy(&sent.asked, &claim, &read.whole(policy)?).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, POLICY, "", done).await
}
