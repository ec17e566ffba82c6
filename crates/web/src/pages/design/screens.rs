//! Whole screens, as they are with everything on them.

use lexicon::Severity;
use maud::{Markup, html};

use super::gallery::stage_names;
use super::{minutes, now, yuan};
use crate::Viewer;
use crate::components::*;
use crate::shell::{self, Customer, Desk};

pub(super) fn home(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("brand");
    let until = words.until(minutes(40), now());
    shell::customer(
        viewer,
        Customer { title: &title, ..Customer::default() },
        html! {
            div.stack {
                h1 { (words.say("design-home-head")) }
                a.entrance href="/design/cause" {
                    (icon("car-front")) (words.say("design-report"))
                    span.note { (words.say("design-home-effort")) } (icon("arrow-right"))
                }
                div.pairs-of-buttons {
                    a.button href="/design/home" { (icon("wrench")) (words.say("design-rescue")) }
                    a.button href="/design/home" { (icon("phone")) (words.say("design-person")) }
                }
                section.stack {
                    h2 { (words.say("timeline-now")) }
                    ul.rows {
                        li {
                            a.row href="/design/progress" {
                                span.row-text {
                                    span.row-title { span.code { "京A·12345" } " " (words.say("design-rear-end")) }
                                    (ball_small(words, Ball {
                                        holder: Holder::Us, what: &words.say("design-ball-us"), until: Some(&until),
                                    }))
                                }
                                (icon("chevron-right"))
                            }
                        }
                        li {
                            a.row href="/design/progress" {
                                span.row-text {
                                    span.row-title { span.code { "京AD·67890" } " " (words.say("design-scrape")) }
                                    (ball_small(words, Ball {
                                        holder: Holder::Customer, what: &words.say("design-ball-customer"), until: None,
                                    }))
                                }
                                (icon("chevron-right"))
                            }
                        }
                    }
                }
            }
        },
    )
}

fn steps(viewer: &Viewer, previous: &str, next: &str) -> Markup {
    let words = viewer.words();
    html! {
        a.button href=(previous) { (words.say("action-previous")) }
        a.button.button-main href=(next) { (words.say("action-next")) }
    }
}

pub(super) fn cause(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("design-report");
    let choices: Vec<_> = ["rear-end", "scrape", "object", "reversing", "crash", "parked"]
        .iter()
        .zip([
            "design-rear-end",
            "design-scrape",
            "design-object",
            "design-reversing",
            "design-crash",
            "design-parked",
        ])
        .map(|(cause, code)| {
            Choice::new(cause, words.say(code)).picture(pictures::cause(cause).unwrap_or_default())
        })
        .collect();
    let page = Customer {
        title: &title,
        back: Some("/design/home"),
        step: Some((3, 6)),
        bar: Some(steps(viewer, "/design/home", "/design/damage")),
        ..Customer::default()
    };
    shell::customer(
        viewer,
        page,
        html! {
            form.stack method="get" action="/design/damage" {
                (Field::new(words, "cause", "design-cause").hint("design-cause-hint").heading().pictures(&choices, "rear-end"))
            }
        },
    )
}

pub(super) fn damage(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("design-report");
    let part = |code, zone, picked| car::Part { code, zone, picked };
    let parts = [
        part("front-bumper", "front", false),
        part("grille", "front", false),
        part("hood", "front", false),
        part("windscreen", "front", false),
        part("headlamp-left", "front", false),
        part("headlamp-right", "front", false),
        part("fog-lamp-left", "front", false),
        part("fog-lamp-right", "front", false),
        part("front-fender-left", "left", false),
        part("front-door-left", "left", false),
        part("front-door-glass-left", "left", false),
        part("rear-door-left", "left", false),
        part("rear-door-glass-left", "left", false),
        part("quarter-panel-left", "left", false),
        part("sill-left", "left", false),
        part("mirror-left", "left", false),
        part("front-wheel-left", "left", false),
        part("rear-wheel-left", "left", false),
        part("front-fender-right", "right", false),
        part("front-door-right", "right", false),
        part("front-door-glass-right", "right", false),
        part("rear-door-right", "right", false),
        part("rear-door-glass-right", "right", false),
        part("quarter-panel-right", "right", true),
        part("sill-right", "right", false),
        part("mirror-right", "right", false),
        part("front-wheel-right", "right", false),
        part("rear-wheel-right", "right", false),
        part("rear-bumper", "rear", true),
        part("trunk-lid", "rear", false),
        part("rear-window", "rear", false),
        part("tail-lamp-left", "rear", false),
        part("tail-lamp-right", "rear", true),
        part("roof", "top", false),
        part("sunroof-glass", "top", false),
    ];
    let page = Customer {
        title: &title,
        back: Some("/design/cause"),
        step: Some((4, 6)),
        bar: Some(steps(viewer, "/design/cause", "/design/progress")),
        ..Customer::default()
    };
    shell::customer(
        viewer,
        page,
        html! {
            form.stack method="get" action="/design/progress" {
                h1 { (words.say("design-damage-head")) }
                p.note { (words.say("design-damage-hint")) }
                (car::pick(words, &parts))
            }
        },
    )
}

pub(super) fn progress(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("design-rear-end");
    let until = words.until(minutes(40), now());
    let point = |step, code: &str, at: Option<i64>| Point {
        step,
        what: words.say(code).into_owned(),
        when: at.map(|at| when(words, minutes(at), now())),
        more: None,
    };
    let page = Customer { title: "A260502-7K3M9Q", back: Some("/design/home"), ..Customer::default() };
    shell::customer(
        viewer,
        page,
        html! {
            div.stack {
                h1 { span.code { "京A·12345" } " " (title) }
                (ball(words, Ball { holder: Holder::Us, what: &words.say("design-ball-us"), until: Some(&until) }))
                p.note { (words.say("design-promise")) }
                section.stack {
                    h2 { (words.say("design-amount-head")) }
                    (amount(words, yuan(230_000)))
                    (pairs_money(
                        words,
                        &[(&words.say("design-repair"), yuan(240_000)), (&words.say("design-other-ctpl"), yuan(-10_000))],
                        (&words.say("design-total"), yuan(230_000)),
                    ))
                }
                section.stack {
                    h2 { (words.say("timeline-label")) }
                    (timeline(words, &[
                        point(Step::Done, "design-step-reported", Some(-180)),
                        point(Step::Done, "design-step-photos", Some(-95)),
                        point(Step::Now, "design-ball-us", Some(-3)),
                        point(Step::Next, "design-step-paid", None),
                    ]))
                }
                section.stack {
                    h2 { (words.say("design-help")) }
                    div.buttons {
                        a.button href="/design/progress" { (icon("user-check")) (words.say("design-ask-person")) }
                        a.button href="/design/progress" { (icon("phone")) (words.say("design-person")) }
                    }
                }
            }
        },
    )
}

pub(super) fn work(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("nav-work");
    let say = |code: &str| words.say(code).into_owned();
    let tab =
        |name, count, current| Tab { href: "/design/work".to_owned(), name, count: Some(count), current };
    let column = |code: &'static str, side| Column { name: words.say(code), side };
    let columns = [
        column("design-clock", Side::Right),
        column("design-grade", Side::Left),
        column("design-number", Side::Left),
        column("design-plate", Side::Left),
        column("design-stage", Side::Left),
        column("design-amount", Side::Right),
        column("design-next", Side::Left),
        column("design-handler", Side::Left),
    ];
    let rows: Vec<Vec<Cell>> = [
        (
            -70,
            Severity::General,
            "A260502-7K3M9Q",
            "京A·12345",
            "design-stage-assessment",
            860_000,
            "design-confirm",
            "design-name-wang",
        ),
        (
            25,
            Severity::Minor,
            "A260502-0PQ4RT",
            "沪B·88F61",
            "design-stage-adjudication",
            186_000,
            "design-approve",
            "design-name-wang",
        ),
        (
            134,
            Severity::General,
            "A260501-9ZK2WA",
            "粤AD·67890",
            "design-stage-assessment",
            1_240_050,
            "design-confirm",
            "design-name-li",
        ),
        (
            310,
            Severity::Major,
            "A260430-M4N8XC",
            "川A·6D201",
            "design-stage-inspection",
            18_900_000,
            "design-inspect",
            "design-name-li",
        ),
        (
            1_220,
            Severity::Minor,
            "A260502-2BJ7EE",
            "浙C·19T33",
            "design-stage-payment",
            31_200,
            "design-wait-bank",
            "design-name-none",
        ),
        (
            4_600,
            Severity::General,
            "A260428-H6YTQ1",
            "京N·0Q9K8",
            "design-stage-adjudication",
            5_316_000,
            "design-approve",
            "design-name-none",
        ),
    ]
    .into_iter()
    .map(|(left, grade, number, plate, stage, fen, next, who)| {
        let class = if left < 0 {
            Some("late")
        } else if left < 60 {
            Some("soon")
        } else {
            None
        };
        vec![
            Cell { shows: html! { (words.left(left * 60)) }, class },
            severity(words, grade).into(),
            Cell::key(html! { a.code href="/design/claim" { (number) } }),
            html! { span.code { (plate) } }.into(),
            say(stage).into(),
            words.money(yuan(fen)).into(),
            say(next).into(),
            say(who).into(),
        ]
    })
    .collect();
    let tools =
        html! { a.button.button-main href="/design/work" { (icon("plus")) (words.say("nav-report")) } };
    shell::desk(
        viewer,
        Desk { title: &title, here: "/desk", tools: Some(tools), ..Desk::default() },
        html! {
            div.filters {
                (tabs(words, &[
                    tab(&say("design-mine"), 32, true), tab(&say("design-team"), 210, false), tab(&say("design-due"), 7, false),
                ]))
                form.search role="search" method="get" action="/design/work" {
                    label.unseen for="q" { (words.say("design-search")) }
                    input #q.input type="search" name="q" placeholder=(words.say("design-search"));
                    button.button type="submit" { (icon("search")) span.unseen { (words.say("design-search")) } }
                }
            }
            (table(&title, &columns, &rows))
            (pager(words, None, Some("/design/work")))
        },
    )
}

pub(super) fn claim(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let say = |code: &str| words.say(code).into_owned();
    let photo = |code: &str, current| Photo {
        name: say(code),
        shown: None,
        href: "/design/claim".to_owned(),
        current,
    };
    let photos = [
        photo("design-photo-near", true),
        photo("design-photo-scene", false),
        photo("design-photo-plate", false),
        photo("design-photo-near", false),
    ];
    let tab = |code: &'static str, current| (words.say(code), current);
    let names = [
        tab("design-tab-facts", false),
        tab("design-tab-assessment", true),
        tab("design-tab-settlement", false),
        tab("design-tab-papers", false),
        tab("timeline-label", false),
        tab("design-tab-tasks", false),
        tab("design-tab-risk", false),
    ];
    let tab_list: Vec<Tab<'_>> = names
        .iter()
        .map(|(name, current)| Tab { href: "/design/claim".to_owned(), name, count: None, current: *current })
        .collect();
    let column = |code: &'static str, side| Column { name: words.say(code), side };
    let columns = [
        column("design-part", Side::Left),
        column("design-operation", Side::Left),
        column("design-source", Side::Left),
        column("design-price", Side::Right),
    ];
    let line = |part: &str, operation: &str, fen| -> Vec<Cell> {
        vec![
            say(part).into(),
            say(operation).into(),
            say("design-from-table").into(),
            words.money(yuan(fen)).into(),
        ]
    };
    let lines = [
        line("part-rear-bumper", "operation-repair-light", 75_000),
        line("part-tail-lamp-right", "operation-replace", 111_000),
        line("part-quarter-panel-right", "operation-paint", 54_000),
    ];
    let beside = html! {
        span.code { "京A·12345" } (severity(words, Severity::General)) (stages(words, &stage_names(viewer), 3))
    };
    let tools = html! {
        span."money late" { (words.left(134 * 60)) }
        button.button.button-main type="button" { (words.say("design-confirm")) }
    };
    let page = Desk {
        title: "A260502-7K3M9Q",
        here: "/desk",
        beside: Some(beside),
        tools: Some(tools),
        ..Desk::default()
    };
    shell::desk(
        viewer,
        page,
        html! {
            div.stack {
                (ball(words, Ball {
                    holder: Holder::Us, what: &say("design-confirm-lines"), until: Some(&words.until(minutes(134), now())),
                }))
                div.split {
                    section.split-keep.stack aria-label=(words.say("design-evidence")) {
                        (large(&photos[0]))
                        (grid(words, &photos))
                    }
                    div.stack {
                        (tabs(words, &tab_list))
                        (table(&say("design-tab-assessment"), &columns, &lines))
                        (pairs_money(
                            words,
                            &[(&say("design-sum-lines"), yuan(240_000)), (&say("design-other-ctpl"), yuan(-10_000))],
                            (&say("design-owed"), yuan(230_000)),
                        ))
                        (notice(Tone::Amber, &say("design-warning-head"), html! { p { (say("design-warning-body")) } }))
                    }
                }
            }
        },
    )
}

pub(super) fn overview(viewer: &Viewer) -> Markup {
    let words = viewer.words();
    let title = words.say("nav-overview");
    let say = |code: &str| words.say(code).into_owned();
    let number = |code: &'static str, value: &str, trend: Option<&str>| Number {
        name: words.say(code),
        value: value.to_owned(),
        trend: trend.map(say),
        href: "/design/work".to_owned(),
    };
    let bar = |code: &str, wait, touch| Bar { name: say(code), wait, touch, href: "/design/work".to_owned() };
    shell::desk(
        viewer,
        Desk { title: &title, here: "/desk/overview", ..Desk::default() },
        html! {
            div.stack {
                (numbers(&[
                    number("design-number-open", "318", Some("design-trend-more")),
                    number("design-number-due", "7", None),
                    number("design-number-straight", "62 %", Some("design-trend-more")),
                    number("design-number-span", &words.span(4 * 3600 + 480), Some("design-trend-less")),
                    number("design-number-paid", &words.money(yuan(48_210_350)), None),
                    number("design-number-kept", "96 %", None),
                ]))
                (flow(words, &say("design-flow"), (&say("design-wait"), &say("design-touch")), &[
                        bar("design-stage-triage", 60, 20),
                        bar("design-stage-inspection", 5_400, 2_700),
                        bar("design-stage-assessment", 14_400, 1_500),
                        bar("design-stage-adjudication", 7_200, 600),
                        bar("design-stage-payment", 2_400, 30),
                    ]))
            }
        },
    )
}
