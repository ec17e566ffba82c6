//! `/desk`: what there is to do; `/desk/search` and `/desk/claims`: claims that were found.

use app::App;
use app::claims::{Stage, Team};
use app::pages::{Found, WorkItem, WorkQuery};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{ROWS, frame};
use crate::api;
use crate::components::*;
use crate::shell::Desk;
use crate::{Action, Problem, Viewer};
use app::Role;

/// Which tasks, and from where on.
#[derive(Deserialize)]
pub(crate) struct Work {
    which: Option<String>,
    cursor: Option<String>,
}

/// What is searched for.
#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

/// Which claims, and from where on.
#[derive(Deserialize)]
pub(crate) struct Claims {
    stage: Option<String>,
    cursor: Option<String>,
}

/// `GET /desk`
pub(crate) async fn work(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Work>,
) -> Result<Markup, Problem> {
    let words = viewer.words();
    let team = own_team(&viewer);
    let which = asked.which.as_deref().unwrap_or(team.map_or("all", Team::word));
    let query = api::work_query(&viewer, Some(which))?;
    let list = app.work_list(&query, asked.cursor.as_deref(), ROWS).await?;
    let title = words.say("nav-work");
    let mine = words.say("desk-tab-mine");
    let soon = words.say("desk-tab-soon");
    let all = words.say("desk-tab-all");
    let of_team = team.map(|team| frame::term(words, "team", team.word()));
    let mut tab_list = vec![];
    let tab = |word: &str, name, count| Tab {
        href: format!("/desk?which={word}"),
        name,
        count: Some(count),
        current: word == which,
    };
    tab_list.push(tab("mine", &*mine, app.work_count(&api::work_query(&viewer, Some("mine"))?).await?));
    if let (Some(team), Some(name)) = (team, &of_team) {
        tab_list.push(tab(
            team.word(),
            name.as_str(),
            app.work_count(&WorkQuery::Team(team.word().to_owned())).await?,
        ));
    }
    tab_list.push(tab("soon", &*soon, app.work_count(&WorkQuery::DueSoon).await?));
    tab_list.push(tab("all", &*all, app.work_count(&WorkQuery::All).await?));
    let columns = frame::columns(
        words,
        &[
            ("desk-clock", Side::Right),
            ("desk-severity", Side::Left),
            ("desk-claim", Side::Left),
            ("desk-plate", Side::Left),
            ("desk-stage", Side::Left),
            ("desk-amount", Side::Right),
            ("desk-next", Side::Left),
            ("desk-assignee", Side::Left),
        ],
    );
    let rows: Vec<_> = list.items.iter().map(|item| row(&viewer, item)).collect();
    let (first, next) = pages(&format!("/desk?which={which}"), asked.cursor.as_deref(), list.next.as_deref());
    Ok(frame::page(
        &viewer,
        Desk { title: &title, here: "/desk", tools: report_button(&viewer), ..Desk::default() },
        None,
        html! {
            div.filters {
                (tabs(words, &tab_list))
                form.filter method="get" action="/desk" {
                    label.unseen for="which" { (words.say("desk-team")) }
                    select #which.input name="which" {
                        option value="all" { (words.say("desk-team-any")) }
                        @for team in Team::ALL {
                            option value=(team.word()) selected[team.word() == which] {
                                (frame::term(words, "team", team.word()))
                            }
                        }
                    }
                    button.button type="submit" { (words.say("desk-filter")) }
                }
                (search_box(&viewer, ""))
            }
            @if rows.is_empty() {
                (empty("list-checks", &words.say("desk-work-empty"), Some(("/desk?which=all", &words.say("desk-work-all")))))
            } @else {
                (list_table(&title, &columns, &rows))
            }
            (pager(words, first.as_deref(), next.as_deref()))
            p."note desk-hint" { (words.say("desk-keys-hint")) }
        },
    ))
}

fn row(viewer: &Viewer, item: &WorkItem) -> Vec<Cell> {
    let words = viewer.words();
    let href = format!("/desk/claims/{}?tab={}", item.claim, tab_of(&item.kind));
    vec![
        frame::clock(words, item.due, viewer.now()),
        grade(viewer, item.severity.as_deref()).into(),
        Cell::key(html! { a.code href=(href) { (item.claim) } }),
        html! { span.code { (item.plate) } }.into(),
        frame::term(words, "stage", &item.stage).into(),
        item.amount.map_or_else(String::new, |amount| words.money(amount.0)).into(),
        frame::term(words, "task", &item.kind).into(),
        match &item.assignee {
            Some(name) => name.clone().into(),
            None => html! { span.note { (words.say_with("desk-unassigned", &[("team", frame::term(words, "team", &item.team).into())])) } }.into(),
        },
    ]
}

/// Where the work of a task is done.
pub(super) fn tab_of(task: &str) -> &'static str {
    match task {
        "assess" | "inspect" | "confirm-assessment" => "assessment",
        "adjudicate" | "second-approval" | "confirm-refusal" | "serve-refusal" | "agree-reserve"
        | "fix-payment" => "settlement",
        "find-policy" | "other-side" => "facts",
        "investigate" => "risk",
        "contact" | "answer" => "talk",
        _ => "tasks",
    }
}

/// The team whose tasks somebody does by their role.
fn own_team(viewer: &Viewer) -> Option<Team> {
    let principal = viewer.principal()?;
    [
        (Role::ServiceDesk, Team::ServiceDesk),
        (Role::Surveyor, Team::Survey),
        (Role::Assessor, Team::Assessment),
        (Role::SeniorAssessor, Team::Assessment),
        (Role::SeniorAssessor, Team::Assessment),
        (Role::Approver, Team::Approval),
        (Role::SeniorApprover, Team::Approval),
        (Role::ChiefApprover, Team::Approval),
        (Role::Investigator, Team::Investigation),
        (Role::Manager, Team::Management),
    ]
    .into_iter()
    .find_map(|(role, team)| principal.has(role).then_some(team))
}

fn report_button(viewer: &Viewer) -> Option<Markup> {
    let button = || {
        html! { a.button.button-main href="/desk/report" { (icon("phone")) (viewer.words().say("nav-report")) } }
    };
    viewer.may(Action::ReportForCaller).then(button)
}

fn search_box(viewer: &Viewer, text: &str) -> Markup {
    let words = viewer.words();
    html! {
        form.search role="search" method="get" action="/desk/search" {
            label.unseen for="q" { (words.say("desk-search")) }
            input #q.input type="search" name="q" value=(text) placeholder=(words.say("desk-search")) autocomplete="off";
            button.button type="submit" { (icon("search")) span.unseen { (words.say("desk-search")) } }
        }
    }
}

/// A grade, if there is one yet.
pub(super) fn grade(viewer: &Viewer, word: Option<&str>) -> Markup {
    use lexicon::Severity;
    let grade = [Severity::Minor, Severity::General, Severity::Major]
        .into_iter()
        .find(|grade| Some(grade.word()) == word);
    html! { @if let Some(grade) = grade { (severity(viewer.words(), grade)) } }
}

/// The first page from a later one, and the next one.
pub(super) fn pages(
    base: &str,
    cursor: Option<&str>,
    next: Option<&str>,
) -> (Option<String>, Option<String>) {
    let join = if base.contains('?') { '&' } else { '?' };
    (cursor.map(|_| base.to_owned()), next.map(|next| format!("{base}{join}cursor={next}")))
}

/// `GET /desk/search`
pub(crate) async fn search(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Search>,
) -> Result<Response, Problem> {
    let words = viewer.words();
    let text = asked.q.trim();
    let found = if text.is_empty() { vec![] } else { app.search(text).await? };
    if let [only] = &*found
        && only.claim.eq_ignore_ascii_case(text)
    {
        return Ok(Redirect::to(&format!("/desk/claims/{}", only.claim)).into_response());
    }
    let title = words.say("desk-search-title");
    let page = frame::page(
        &viewer,
        Desk { title: &title, here: "/desk", tools: report_button(&viewer), ..Desk::default() },
        None,
        html! {
            div.filters { p.note { (words.say("desk-search-hint")) } (search_box(&viewer, text)) }
            @if found.is_empty() {
                (empty("search", &words.say("desk-search-empty"), Some(("/desk/claims", &words.say("desk-claims")))))
            } @else {
                (found_table(&viewer, &title, &found))
            }
        },
    );
    Ok(page.into_response())
}

/// `GET /desk/claims`
pub(crate) async fn claims(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Claims>,
) -> Result<Markup, Problem> {
    let words = viewer.words();
    let stage = asked.stage.as_deref().filter(|stage| !stage.is_empty());
    let known = stage.map(|stage| Stage::from_word(stage).ok_or_else(Problem::not_found)).transpose()?;
    let (found, next) = app.claims(known.map(Stage::word), asked.cursor.as_deref(), ROWS).await?;
    let title = words.say("desk-claims");
    let names: Vec<(Option<Stage>, String)> = [(None, words.say("desk-tab-all").into_owned())]
        .into_iter()
        .chain(
            Stage::WAY
                .into_iter()
                .chain([Stage::Declined, Stage::Withdrawn])
                .map(|stage| (Some(stage), frame::term(words, "stage", stage.word()))),
        )
        .collect();
    let tab_list: Vec<Tab<'_>> = names
        .iter()
        .map(|(stage, name)| Tab {
            href: stage
                .map_or("/desk/claims".to_owned(), |stage| format!("/desk/claims?stage={}", stage.word())),
            name,
            count: None,
            current: *stage == known,
        })
        .collect();
    let base =
        known.map_or("/desk/claims".to_owned(), |stage| format!("/desk/claims?stage={}", stage.word()));
    let (first, next) = pages(&base, asked.cursor.as_deref(), next.as_deref());
    Ok(frame::page(
        &viewer,
        Desk { title: &title, here: "/desk", tools: report_button(&viewer), ..Desk::default() },
        None,
        html! {
            div.filters { (tabs(words, &tab_list)) (search_box(&viewer, "")) }
            @if found.is_empty() {
                (empty("file-text", &words.say("desk-claims-empty"), Some(("/desk", &words.say("nav-work")))))
            } @else {
                (found_table(&viewer, &title, &found))
            }
            (pager(words, first.as_deref(), next.as_deref()))
        },
    ))
}

fn found_table(viewer: &Viewer, caption: &str, found: &[Found]) -> Markup {
    let words = viewer.words();
    let columns = frame::columns(
        words,
        &[
            ("desk-notified", Side::Left),
            ("desk-severity", Side::Left),
            ("desk-claim", Side::Left),
            ("desk-plate", Side::Left),
            ("desk-stage", Side::Left),
            ("desk-amount", Side::Right),
        ],
    );
    let row = |found: &Found| -> Vec<Cell> {
        vec![
            when(words, found.notified_at.0, viewer.now()).into(),
            grade(viewer, found.severity.as_deref()).into(),
            Cell::key(html! { a.code href={ "/desk/claims/" (found.claim) } { (found.claim) } }),
            html! { span.code { (found.plate) } }.into(),
            frame::term(words, "stage", &found.stage).into(),
            found.amount.map_or_else(String::new, |amount| words.money(amount.0)).into(),
        ]
    };
    list_table(caption, &columns, &found.iter().map(row).collect::<Vec<_>>())
}
