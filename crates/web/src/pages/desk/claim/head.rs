//! The frame of a claim's page: its header, who has the ball, the photos at the left, the tabs at the right.

use app::claims::Stage;
use maud::{Markup, html};

use super::super::{frame, work};
use super::{
    ASSESSMENT, Edit, INSPECTION, NOTES, POLICY, REFERRAL, REFUSAL_SERVICE, REOPENING, Screen, TABS,
};
use crate::Action;
use crate::components::*;
use crate::shell::Desk;

pub(super) fn page(screen: &Screen<'_>) -> Markup {
    let (viewer, page) = (screen.viewer, screen.page);
    let editing = !screen.look.edit.is_empty();
    // What somebody is writing is not taken away beneath their hands.
    let live = (!editing).then(|| format!("/desk/claims/{}/live?since={}", screen.claim, page.told));
    frame::page(
        viewer,
        Desk {
            title: &page.claim,
            here: "/desk",
            beside: Some(html! { div #claim-state.desk-header-part data-live-part { (beside(screen)) } }),
            tools: Some(html! { div #claim-tools.desk-header-part data-live-part { (tools(screen)) } }),
            scripts: if editing { &[] } else { &["live.js"] },
        },
        screen.look.done.as_deref(),
        html! {
            div #claim.stack data-live=[live] data-claim=(page.claim) {
                (ball_line(screen))
                div.split.desk-split {
                    section.split-keep.stack.desk-evidence aria-label=(screen.words().say("desk-evidence")) { (photos(screen)) }
                    div.stack.desk-panel { (panel(screen)) }
                }
            }
        },
    )
}

fn beside(screen: &Screen<'_>) -> Markup {
    let page = screen.page;
    html! {
        span.code { (page.plate) }
        (work::grade(screen.viewer, page.severity.as_deref()))
        (way(screen))
    }
}

/// The stages; where the claim ended on a side way, that end stands last.
fn way(screen: &Screen<'_>) -> Markup {
    let stage = Stage::from_word(&screen.page.stage);
    // Who takes the photos needs no inspection.
    let inspected = screen.page.route.as_deref() == Some("inspection") || stage == Some(Stage::Inspecting);
    let mut way = Stage::WAY.to_vec();
    way.retain(|stage| *stage != Stage::Inspecting || inspected);
    if let Some(end @ (Stage::Declined | Stage::Withdrawn)) = stage {
        way = vec![Stage::Reported, end];
    }
    let current = way.iter().position(|one| Some(*one) == stage).unwrap_or(0);
    let names: Vec<String> = way.iter().map(|stage| screen.term("stage", stage.word())).collect();
    stages(screen.words(), &names, current)
}

fn tools(screen: &Screen<'_>) -> Markup {
    let due = screen.staff.tasks.iter().filter(|task| task.done_at.is_none()).map(|task| task.due).min();
    let clock = due.map(|due| frame::clock(screen.words(), due, screen.now()));
    let main = main_action(screen);
    let referral = screen.viewer.may(REFERRAL.action).then(|| screen.edit_href(REFERRAL, ""));
    let note = screen.viewer.may(NOTES.action).then(|| screen.edit_href(NOTES, ""));
    let first_is_note =
        main.as_ref().is_some_and(|(_, label)| *label == screen.term("desk-edit", NOTES.word));
    html! {
        @if let Some(clock) = clock { span.money.(clock.class.unwrap_or_default()) { (clock.shows) } }
        @if let Some(href) = referral {
            a.button.button-plain.desk-wide href=(href) data-key="r" { (screen.term("desk-edit", REFERRAL.word)) }
        }
        @if let Some(href) = note && !first_is_note {
            a.button.button-plain.desk-wide href=(href) data-key="n" { (screen.term("desk-edit", NOTES.word)) }
        }
        @if let Some((href, label)) = main { a.button.button-main href=(href) data-key=(if first_is_note { "a n" } else { "a" }) { (label) } }
    }
}

/// The next thing to do that the viewer may do: by the open tasks, the one due first first.
fn main_action(screen: &Screen<'_>) -> Option<(String, String)> {
    let may = |edit: Edit| screen.viewer.may(edit.action);
    let mut open: Vec<_> = screen.staff.tasks.iter().filter(|task| task.done_at.is_none()).collect();
    open.sort_by_key(|task| task.due);
    let of = |task: &str| -> Option<String> {
        match task {
            "inspect" => may(INSPECTION).then(|| screen.edit_href(INSPECTION, "")),
            "assess" => may(ASSESSMENT).then(|| screen.edit_href(ASSESSMENT, &screen.page.vehicle)),
            // The first of two people has done their part.
            _ if is_first(screen, task) => None,
            "confirm-assessment" => may(ASSESSMENT).then(|| screen.href("assessment")),
            "serve-refusal" => may(REFUSAL_SERVICE).then(|| screen.edit_href(REFUSAL_SERVICE, "")),
            "take-note" => screen.viewer.may(Action::Overview).then(|| screen.href("tasks")),
            "adjudicate" | "second-approval" | "confirm-refusal" | "agree-reserve" => {
                may(super::APPROVAL).then(|| format!("{}#decision", screen.href("settlement")))
            }
            "find-policy" => may(POLICY).then(|| screen.edit_href(POLICY, "")),
            "contact" | "answer" => may(NOTES).then(|| screen.edit_href(NOTES, "")),
            other => may(NOTES).then(|| screen.href(work::tab_of(other))),
        }
    };
    // What was computed waits for a decision, whether or not a task says so.
    let decides =
        screen.page.stage == "adjudicating" && screen.page.adjudication.is_some() && may(super::APPROVAL);
    let by_task = open.iter().find_map(|task| Some((of(&task.kind)?, screen.term("task", &task.kind))));
    let by_stage = || {
        decides
            .then(|| (format!("{}#decision", screen.href("settlement")), screen.term("task", "adjudicate")))
    };
    by_task.or_else(by_stage).or_else(|| {
        let edit = if over(screen) && may(REOPENING) { REOPENING } else { NOTES };
        may(edit).then(|| (screen.edit_href(edit, ""), screen.term("desk-edit", edit.word)))
    })
}

/// Whether the claim has come to its end.
fn over(screen: &Screen<'_>) -> bool {
    matches!(screen.page.stage.as_str(), "closed" | "declined" | "withdrawn")
}

/// Whether the viewer was the first of the two people that `task` needs.
fn is_first(screen: &Screen<'_>, task: &str) -> bool {
    let staff = screen.staff;
    match task {
        "second-approval" => staff.first_approval.iter().any(|first| screen.is_viewer(first)),
        "confirm-refusal" => staff.refusal_proposed.iter().any(|first| screen.is_viewer(&first.by)),
        "confirm-assessment" => staff.first_assessments.iter().all(|first| screen.is_viewer(&first.by)),
        _ => false,
    }
}

/// Who has the ball, as staff say it.
fn ball_line(screen: &Screen<'_>) -> Markup {
    let (words, ball) = (screen.words(), &screen.page.ball);
    if over(screen) && ball.holder != "us" {
        return html! {
            div.ball.(Tone::Green.class()) {
                (icon("circle-check"))
                p.ball-who { (words.say("holder-nobody")) }
                p.ball-what { (screen.term("desk-over", &screen.page.stage)) }
            }
        };
    }
    let (tone, picture, who) = match ball.holder.as_str() {
        "you" => (Tone::Amber, "user", "holder-staff-you"),
        "us" => (Tone::Blue, "shield", "holder-us"),
        "bank" => (Tone::Blue, "landmark", "holder-bank"),
        "other" => (Tone::Amber, "users", "holder-other"),
        _ => (Tone::Green, "circle-check", "holder-nobody"),
    };
    html! {
        div.ball.(tone.class()) {
            (icon(picture))
            p.ball-who { (words.say(who)) }
            p.ball-what { (words.say(&ball.what)) }
            @if let Some(until) = ball.until {
                p.ball-until { time datetime=(until.0) title=(words.due(until.0)) { (words.until(until.0, screen.now())) } }
            }
        }
    }
}

/// One photo large, all of them in a strip.
fn photos(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let evidence = &screen.page.evidence;
    // Damage is what is looked at most.
    let first = || evidence.iter().find(|one| one.kind.contains("damage")).or(evidence.first());
    let shown = evidence.iter().find(|one| Some(one.number) == screen.look.photo).or_else(first);
    let Some(shown) = shown else { return empty("image", &words.say("desk-no-photos"), None) };
    let address = |number: u32| format!("/desk/claims/{}/photos/{number}", screen.claim);
    let photo = |one: &app::pages::EvidencePage| Photo {
        name: format!("{} {}", one.number, screen.term("evidence", &one.kind)),
        shown: Some(address(one.number)),
        href: format!("/desk/claims/{}?tab={}&photo={}", screen.claim, screen.tab().0, one.number),
        current: one.number == shown.number,
    };
    let list: Vec<Photo> = evidence.iter().map(photo).collect();
    html! {
        (large(&photo(shown)))
        p.desk-caption {
            (when(words, shown.at.0, screen.now()))
            span { (words.say_with("desk-pixels", &[
                ("width", i64::from(shown.width).into()), ("height", i64::from(shown.height).into()),
            ])) }
            a href=(address(shown.number)) { (icon("zoom-in")) (words.say("desk-photo-alone")) }
        }
        (grid(words, &list))
    }
}

fn panel(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let (current, view) = screen.tab();
    let names: Vec<String> = TABS.iter().map(|(tab, _)| screen.term("desk-tab", tab)).collect();
    let count = |tab: &str| {
        let count = match tab {
            "papers" if !over(screen) => screen.page.papers_missing.len(),
            "tasks" => screen.staff.tasks.iter().filter(|task| task.done_at.is_none()).count(),
            "risk" => screen.staff.warnings.len(),
            _ => 0,
        };
        u64::try_from(count).ok().filter(|count| *count > 0)
    };
    let list: Vec<Tab<'_>> = TABS
        .iter()
        .zip(&names)
        .map(|((tab, _), name)| Tab {
            href: screen.href(tab),
            name,
            count: count(tab),
            current: *tab == current,
        })
        .collect();
    let note = screen.returned.as_ref().and_then(|returned| returned.note.as_deref());
    html! {
        (tabs(words, &list))
        @if let Some(note) = note {
            // Below the photos on a phone: the focus brings it into sight.
            div role="alert" tabindex="-1" autofocus {
                (notice(Tone::Red, &words.say("problem-title-refused"), html! { p { (note) } }))
            }
        }
        (view(screen))
    }
}
