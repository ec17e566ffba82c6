//! `/claims/{claim}`: who has the ball, what to do now, and everything that happened. It keeps itself current.

use app::App;
use app::pages::{ClaimPage, PaperPage, TimelinePage};
use axum::extract::{Path, Query, State};
use lexicon::ClaimId;
use maud::{Markup, html};
use serde::Deserialize;

use super::photos::{is_entered, photo_grid};
use super::{BallWords, decision, is_over, may_pick, plate_or, rate};
use crate::components::{Point, Step, Tone, badge, ball, calls, icon, notice, pairs, stages, timeline, when};
use crate::shell::{self, Customer};
use crate::{Problem, Viewer};

/// The stages that a claim goes through, in order.
const STAGES: [&str; 6] = ["reported", "inspecting", "assessing", "adjudicating", "paying", "closed"];

/// Whether one has just come from the report.
#[derive(Deserialize)]
pub(crate) struct Way {
    #[serde(default)]
    reported: String,
}

/// `GET`
pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
    Query(way): Query<Way>,
) -> Result<Markup, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    let words = viewer.words();
    let just = match way.reported.as_str() {
        "new" => Some(("progress-just", "progress-just-note")),
        "known" => Some(("progress-known", "progress-known-note")),
        _ => None,
    };
    let main = html! {
        div.stack {
            h1 { span.code { (plate_or(words, &page.plate)) } " " (words.say(&format!("cause-{}", page.story.cause))) }
            @if let Some((head, note)) = just { (notice(Tone::Green, &words.say(head), html! { p { (words.say(note)) } })) }
            (live_parts(&viewer, &page))
            (told(&viewer, &page))
            (help(&viewer, &page))
        }
    };
    let bar = html! { div #claim-action.bar-action data-live-part { (action(&viewer, &page)) } };
    let frame = Customer {
        title: &page.claim,
        back: Some("/"),
        bar: Some(bar),
        // The draft of a report that has arrived is forgotten by its own script.
        scripts: if just.is_some() { &["live.js", "report.js"] } else { &["live.js"] },
        ..Customer::default()
    };
    Ok(shell::customer(&viewer, frame, main))
}

/// `GET /claims/{claim}/progress`: what changes by itself, for the page that stands open.
pub(crate) async fn parts(
    State(app): State<App>,
    viewer: Viewer,
    Path(claim): Path<ClaimId>,
) -> Result<Markup, Problem> {
    let page = app.claim_page(&claim, viewer.words()).await?;
    Ok(html! {
        (live_parts(&viewer, &page))
        div #claim-action.bar-action data-live-part { (action(&viewer, &page)) }
    })
}

fn live_parts(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let address = format!("/claims/{}", page.claim);
    html! {
        section #claim-now.stack data-live={ (address) "/live?since=" (page.told) } data-live-from={ (address) "/progress" } { (now(viewer, page)) }
        section #claim-papers.stack data-live-part { (papers(viewer, page)) }
        section #claim-money.stack data-live-part { (decision::view(viewer, page)) }
        section #claim-course.stack data-live-part { (course(viewer, page)) }
        section #claim-files.stack data-live-part { (files(viewer, page)) }
        section #claim-messages.stack data-live-part { (messages(viewer, page)) }
    }
}

fn now(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let line = BallWords::of(viewer, &page.ball);
    let next = format!("progress-next-{}", page.ball.what.split_once('.').map_or("", |(_, what)| what));
    html! {
        (ball(words, line.ball()))
        @if words.knows(&next) { p.note { (words.say(&next)) } }
        @if page.person_asked { p.asked { (badge(Tone::Blue, "user-check", &words.say("progress-person-asked"))) } }
        @if let Some(stars) = page.stars {
            p.rated { (rate::stars_of(stars)) span { (words.say_with("progress-rated", &[("stars", i64::from(stars).into())])) } }
        }
        @if let Some(place) = STAGES.iter().position(|stage| *stage == page.stage) {
            @let route: Vec<_> = course_of(page).into_iter().filter(|stage| *stage != "closed").collect();
            @let names: Vec<_> = route.iter().map(|stage| words.say(&format!("stage-customer-{stage}")).into_owned()).collect();
            @let current = route.iter().position(|stage| *stage == STAGES[place]).unwrap_or(names.len());
            (stages(words, &names, current))
        }
    }
}

/// The stages of this claim: who takes the photos needs no inspection.
fn course_of(page: &ClaimPage) -> Vec<&'static str> {
    let inspected = page.route.as_deref() == Some("inspection") || page.stage == "inspecting";
    STAGES.into_iter().filter(|stage| *stage != "inspecting" || inspected).collect()
}

/// The one main action.
fn action(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let address = format!("/claims/{}", page.claim);
    let has_photos = page.evidence.iter().any(|file| file.kind == "photo-damage");
    let (href, picture, code) = match page.ball.what.as_str() {
        "ball.damage" if has_photos => ("/damage", "car-front", "progress-do-damage"),
        "ball.damage" => ("/photos?kind=photo-damage", "camera", "progress-do-photos"),
        // While we grade the claim, photos can be taken already.
        "ball.triage" if !page.papers_missing.iter().all(is_entered) => {
            ("/photos", "camera", "progress-do-papers")
        }
        "ball.papers" if page.papers_missing.iter().all(is_entered) => {
            ("/account", "wallet", "progress-do-account")
        }
        "ball.papers" => ("/photos", "camera", "progress-do-papers"),
        "ball.account" if page.ball.holder == "you" => ("/account", "wallet", "progress-do-account"),
        "ball.rate" => ("/rate", "star", "progress-do-rate"),
        _ => return html! {},
    };
    html! { a."button button-main" href={ (address) (href) } { (icon(picture)) (words.say(code)) } }
}

/// All papers that are missing, each with how to get it right.
fn papers(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let address = |paper: &PaperPage| {
        let kind = paper.kinds.first().map_or("other", String::as_str);
        match is_entered(paper) {
            true => format!("/claims/{}/account", page.claim),
            false => format!("/claims/{}/photos?kind={kind}", page.claim),
        }
    };
    let pick = may_pick(page) && page.proposed.is_empty();
    html! {
        @if !is_over(&page.stage) && (!page.papers_missing.is_empty() || pick) {
            h2 { (words.say("progress-papers")) }
            p.note { (words.say("progress-papers-note")) }
            ul.rows {
                @if pick {
                    li {
                        a.row href={ "/claims/" (page.claim) "/damage" } {
                            (icon("car-front"))
                            span.row-text { span.row-title { (words.say("progress-do-damage")) } span.note { (words.say("progress-damage-hint")) } }
                            (icon("chevron-right"))
                        }
                    }
                }
                @for paper in &page.papers_missing {
                    li {
                        a.row href=(address(paper)) {
                            (icon(if is_entered(paper) { "wallet" } else { "camera" }))
                            span.row-text {
                                span.row-title {
                                    (words.say(&format!("paper-{}", paper.code))) " "
                                    @if paper.count > 1 { span.figures { (paper.have) "/" (paper.count) } }
                                }
                                span.note { (words.say(&format!("paper-{}-hint", paper.code))) }
                            }
                            (icon("chevron-right"))
                        }
                    }
                }
            }
        }
    }
}

/// What has been, what is, what comes.
fn course(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let mut points: Vec<Point> = runs(&page.timeline)
        .into_iter()
        .map(|(entry, count)| Point {
            step: Step::Done,
            what: match (&*entry.event, entry.amount) {
                ("EvidenceAccepted", _) => {
                    words.say_with("progress-files-came", &[("count", count.into())]).into_owned()
                }
                (event, Some(amount)) => {
                    let what = words.say(&format!("timeline-{event}")).into_owned();
                    words
                        .say_with(
                            "progress-with-amount",
                            &[("what", what.into()), ("amount", amount.0.into())],
                        )
                        .into_owned()
                }
                (event, None) => words.say(&format!("timeline-{event}")).into_owned(),
            },
            when: Some(when(words, entry.at.0, viewer.now())),
            more: None,
        })
        .collect();
    if page.ball.holder != "nobody" {
        let line = BallWords::of(viewer, &page.ball);
        points.push(Point {
            step: Step::Now,
            what: line.what,
            when: line.until.map(|until| html! { (until) }),
            more: None,
        });
    }
    let route = course_of(page);
    if let Some(place) = route.iter().position(|stage| *stage == page.stage) {
        points.extend(route[place + 1..].iter().map(|stage| Point {
            step: Step::Next,
            what: words.say(&format!("stage-customer-{stage}")).into_owned(),
            when: None,
            more: None,
        }));
    }
    html! {
        h2 { (words.say("timeline-label")) }
        (timeline(words, &points))
    }
}

/// Files that came one after the other are told once, at the last one's time.
fn runs(entries: &[TimelinePage]) -> Vec<(&TimelinePage, usize)> {
    let mut told: Vec<(&TimelinePage, usize)> = vec![];
    for entry in entries {
        match told.last_mut() {
            Some((last, count)) if last.event == entry.event && entry.event == "EvidenceAccepted" => {
                (*last, *count) = (entry, *count + 1);
            }
            _ => told.push((entry, 1)),
        }
    }
    told
}

fn files(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    html! {
        @if !page.evidence.is_empty() {
            h2 { (words.say("photos-here")) }
            (photo_grid(viewer, page))
            @if !is_over(&page.stage) {
                a.button href={ "/claims/" (page.claim) "/photos" } { (icon("plus")) (words.say("progress-more-photos")) }
            }
        }
    }
}

fn messages(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    html! {
        @if !page.messages.is_empty() {
            details.more {
                summary {
                    (words.say_with("progress-messages", &[("count", page.messages.len().into())]))
                    span.icon-turns { (icon("chevron-down")) }
                }
                ul.messages {
                    @for message in page.messages.iter().rev() {
                        li {
                            p { (message.text) }
                            p.note { (when(words, message.at.0, viewer.now())) " · " (words.say(&format!("message-status-{}", message.status))) }
                        }
                    }
                }
            }
        }
    }
}

/// What was told in the report. It does not change by itself.
fn told(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let story = &page.story;
    let erased = || words.say("decision-erased").into_owned();
    let others: Vec<String> = page
        .vehicles
        .iter()
        .filter(|vehicle| vehicle.id != page.vehicle)
        .map(|vehicle| {
            vehicle
                .plate
                .as_deref()
                .map_or_else(|| words.say("progress-plate-unknown").into_owned(), super::plate)
        })
        .collect();
    let own = page.vehicles.iter().find(|vehicle| vehicle.id == page.vehicle);
    let fault = own.and_then(|vehicle| vehicle.fault.as_deref()).and_then(percent);
    let name = |code: &'static str| words.say(code).into_owned();
    let mut list = vec![
        (name("progress-claim"), html! { span.code { (page.claim) } }),
        (name("tell-when"), html! { (words.moment(story.occurred_at.0)) }),
        (name("tell-place"), html! { (story.place.clone().unwrap_or_else(erased)) }),
        (name("progress-injury"), html! { (words.say(&format!("injury-{}", story.injury))) }),
    ];
    if !others.is_empty() {
        list.push((name("progress-others"), html! { @for other in &others { span.code { (other) } " " } }));
    }
    if let Some(fault) = fault {
        list.push((name("progress-fault"), html! { (fault) }));
    }
    if let Some(text) = story.text.as_deref().filter(|text| !text.is_empty()) {
        list.push((name("tell-story"), html! { (text) }));
    }
    let contact =
        [&story.contact_name, &story.contact_phone].into_iter().flatten().cloned().collect::<Vec<_>>();
    list.push((name("progress-contact"), html! { (contact.join(" ")) }));
    let list: Vec<(&str, Markup)> = list.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    html! {
        section {
            details.more {
                summary { (words.say("progress-told")) span.icon-turns { (icon("chevron-down")) } }
                (pairs(&list))
            }
        }
    }
}

/// `0.7` → `70 %`.
fn percent(share: &str) -> Option<String> {
    let share: lexicon::Ratio = share.parse().ok()?;
    Some(format!("{} %", share.numerator() * 100 / share.denominator()))
}

fn help(viewer: &Viewer, page: &ClaimPage) -> Markup {
    let words = viewer.words();
    let address = format!("/claims/{}", page.claim);
    let over = is_over(&page.stage);
    let may_withdraw = !over && page.approved.is_none();
    let (note, ask) = match page.stage.as_str() {
        "withdrawn" => ("progress-help-withdrawn", "progress-reopen"),
        _ if over => ("progress-help-over", "progress-dispute"),
        _ => ("progress-help-note", "progress-ask-person"),
    };
    html! {
        section.stack {
            h2 { (words.say("progress-help")) }
            p.note { (words.say(note)) }
            (calls(words, viewer.insurer()))
            div.buttons {
                a.button href={ (address) "/person" } {
                    (icon("user-check")) (words.say(ask))
                }
                @if may_withdraw { a."button button-plain" href={ (address) "/withdraw" } { (words.say("progress-withdraw")) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_came_together_are_told_once() {
        let entry = |event: &str, at: i64| TimelinePage {
            at: app::pages::Time(lexicon::Moment::from_micros(at)),
            event: event.to_owned(),
            by: "customer".to_owned(),
            amount: None,
        };
        let entries =
            ["Notified", "EvidenceAccepted", "EvidenceAccepted", "PapersCompleted", "EvidenceAccepted"];
        let entries: Vec<_> = entries.iter().zip(1..).map(|(event, at)| entry(event, at)).collect();
        let told: Vec<_> =
            runs(&entries).iter().map(|(entry, count)| (entry.at.0.micros(), *count)).collect();
        assert_eq!(told, [(1, 1), (3, 2), (4, 1), (5, 1)]);
    }
}
