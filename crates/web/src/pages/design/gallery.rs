//! The components one by one.

use lexicon::Severity;
use maud::{Markup, html};

use super::{minutes, now, yuan};
use crate::Viewer;
use crate::components::*;
use crate::shell::{self, Customer};

/// Whole screens, by their addresses.
const SCREENS: [(&str, &str); 7] = [
    ("home", "design-screen-home"),
    ("cause", "design-screen-cause"),
    ("damage", "design-screen-damage"),
    ("progress", "design-screen-progress"),
    ("work", "design-screen-work"),
    ("claim", "design-screen-claim"),
    ("overview", "design-screen-overview"),
];

pub(super) fn page(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("design-title");
    let screens = html! {
        ul.rows {
            @for (name, code) in SCREENS {
                li { a.row href={ "/design/" (name) } { span.row-text { (words.say(code)) } (icon("chevron-right")) } }
            }
        }
    };
    let sections: [(&str, Markup); 9] = [
        ("design-screens", screens),
        ("design-status", status(viewer)),
        ("design-notices", notices(viewer)),
        ("design-buttons", buttons(viewer)),
        ("design-fields", fields(viewer)),
        ("design-lists", lists(viewer)),
        ("design-timeline", times(viewer)),
        ("design-photos", photos(viewer)),
        ("design-car", car::marked(words, &["rear-bumper", "tail-lamp-right", "quarter-panel-right"])),
    ];
    shell::customer(
        viewer,
        Customer { title: &title, ..Customer::default() },
        html! {
            div.stack {
                h1 { (title) }
                p.note { (words.say("design-note")) }
                @for (code, content) in sections {
                    section.stack { h2 { (words.say(code)) } (content) }
                }
            }
        },
    )
}

fn status(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let until = words.until(minutes(40), now());
    html! {
        @for (holder, what) in [
            (Holder::Customer, "design-ball-customer"),
            (Holder::Us, "design-ball-us"),
            (Holder::Bank, "design-ball-bank"),
            (Holder::Nobody, "design-ball-nobody"),
            (Holder::Decided, "ball-declined"),
        ] {
            (ball(words, Ball { holder, what: &words.say(what), until: (!matches!(holder, Holder::Nobody | Holder::Decided)).then_some(&until) }))
        }
        p.buttons {
            @for grade in [Severity::Minor, Severity::General, Severity::Major] { (severity(words, grade)) }
            (badge(Tone::Green, "check", &words.say("design-paid")))
            (badge(Tone::Blue, "hourglass", &words.say("design-checking")))
        }
        (stages(words, &stage_names(viewer), 3))
    }
}

/// The names of the stages.
pub(super) fn stage_names(viewer: &Viewer) -> Vec<String> {
    let words = viewer.words();
    ["notice", "triage", "inspection", "assessment", "adjudication", "payment", "closed"]
        .iter()
        .map(|stage| words.say(&format!("design-stage-{stage}")).into_owned())
        .collect()
}

fn notices(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        @for tone in [Tone::Blue, Tone::Amber, Tone::Red, Tone::Green] {
            (notice(tone, &words.say("design-notice-head"), html! { p { (words.say("design-notice-body")) } }))
        }
        (empty("car", &words.say("design-empty"), Some(("/design/cause", &words.say("design-report")))))
        (skeleton(words, 3))
    }
}

fn buttons(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    html! {
        div.buttons {
            button.button.button-main type="button" { (words.say("action-submit")) }
            button.button type="button" { (words.say("action-cancel")) }
            button.button.button-plain type="button" { (icon("camera")) (words.say("action-more")) }
        }
        (confirm(&words.say("design-withdraw"), true, html! {
            p { (words.say("design-withdraw-note")) }
            button.button.button-danger type="button" { (words.say("design-withdraw")) }
        }))
    }
}

fn fields(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let mut mistakes = Mistakes::new();
    mistakes.note("plate", words.say("design-plate-wrong"));
    let days = [
        Choice::new("today", words.say("time-today")),
        Choice::new("yesterday", words.say("time-yesterday")),
    ];
    let injured = [
        Choice::new("none", words.say("design-injured-none")),
        Choice::new("light", words.say("design-injured-light")).note(words.say("design-injured-light-note")),
    ];
    html! {
        form.stack method="get" action="/design" novalidate {
            (summary(words, &mistakes))
            (Field::new(words, "plate", "design-plate").hint("design-plate-hint").checked(&mistakes).code("京A·1234", None))
            (Field::new(words, "amount", "design-amount").optional().money("2400.00"))
            (Field::new(words, "day", "design-day").select(&days, "today"))
            (Field::new(words, "injured", "design-injured").radios(&injured, "none"))
            (Field::new(words, "story", "design-story").optional().area(""))
            (Field::new(words, "photos", "design-photo").hint("design-photo-hint").optional().photos())
        }
    }
}

fn lists(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let code = |text: &str| html! { span.code { (text) } };
    html! {
        (pairs(&[
            (&words.say("design-plate"), code("京A·12345")),
            (&words.say("design-vin"), code("LSVAA4182E2184847")),
            (&words.say("design-when"), when(words, minutes(-3), now())),
        ]))
        (amount(words, yuan(230_000)))
        p.note { (words.capitals(yuan(230_000))) }
        (pairs_money(
            words,
            &[(&words.say("design-repair"), yuan(240_000)), (&words.say("design-other-ctpl"), yuan(-10_000))],
            (&words.say("design-total"), yuan(230_000)),
        ))
    }
}

fn times(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let point = |step, code: &str, at: Option<i64>| Point {
        step,
        what: words.say(code).into_owned(),
        when: at.map(|at| when(words, minutes(at), now())),
        more: None,
    };
    timeline(
        words,
        &[
            point(Step::Done, "design-step-reported", Some(-180)),
            point(Step::Done, "design-step-photos", Some(-95)),
            point(Step::Now, "design-ball-us", Some(-3)),
            point(Step::Next, "design-step-paid", None),
        ],
    )
}

fn photos(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let photo = |code: &str, current| Photo {
        name: words.say(code).into_owned(),
        shown: None,
        href: "/design".to_owned(),
        current,
    };
    grid(
        words,
        &[
            photo("design-photo-scene", true),
            photo("design-photo-plate", false),
            photo("design-photo-near", false),
        ],
    )
}
