//! Who has to do what, until when.

use app::App;
use app::claims::Team;
use app::pages::TaskPage;
use axum::extract::{Path, State};
use axum::response::Response;
use lexicon::{AccountId, ClaimId};
use maud::{Markup, html};

use super::super::frame;
use super::{ASSIGNMENT, DONE, FINDING, Reading, Screen, answer, choices};
use crate::Problem;
use crate::components::*;
use crate::request::Sent;

/// People among whom a task may be handed over.
pub(super) const PEOPLE_MAX: usize = 500;

pub(super) fn view(screen: &Screen<'_>) -> Markup {
    let words = screen.words();
    let (open, done): (Vec<_>, Vec<_>) =
        screen.staff.tasks.iter().partition(|task: &&TaskPage| task.done_at.is_none());
    let title = words.say("desk-tasks-open");
    let columns = frame::columns(
        words,
        &[
            ("desk-clock", Side::Right),
            ("desk-task", Side::Left),
            ("desk-team", Side::Left),
            ("desk-assignee", Side::Left),
            ("desk-do", Side::Left),
        ],
    );
    let rows: Vec<_> = open.iter().map(|task| open_row(screen, task)).collect();
    let edited = open.iter().find(|task| screen.edits(ASSIGNMENT, &task.task.to_string()));
    html! {
        section.desk-section {
            div.desk-section-head { h2 { (title) } }
            @if rows.is_empty() { p.note { (words.say("desk-tasks-none")) } } @else { (table(&title, &columns, &rows)) }
            @if let Some(task) = edited { (form(screen, task)) }
        }
        @if !done.is_empty() {
            section.desk-section {
                div.desk-section-head { h2 { (words.say("desk-tasks-done")) } }
                ul.desk-reasons {
                    @for task in done.iter().rev() {
                        li {
                            p { (screen.term("task", &task.kind)) " · " (screen.term("team", &task.team))
                                @if let Some(name) = &task.assignee { " · " (name) } }
                            @if let Some(at) = task.done_at { p.note { (when(words, at.0, screen.now())) } }
                        }
                    }
                }
            }
        }
    }
}

fn open_row(screen: &Screen<'_>, task: &TaskPage) -> Vec<Cell> {
    let words = screen.words();
    let number = task.task.to_string();
    vec![
        frame::clock(words, task.due, screen.now()),
        Cell::key(html! {
            span.desk-two-lines {
                span { (screen.term("task", &task.kind)) }
                @if let Some(more) = details(screen, task) { span.note { (more) } }
            }
        }),
        screen.term("team", &task.team).into(),
        task.assignee
            .clone()
            .map_or_else(|| html! { span.note { (words.say("desk-nobody")) } }.into(), Cell::from),
        html! {
            @if screen.viewer.may(ASSIGNMENT.action) {
                span.desk-line {
                    (take_button(screen, task))
                    (screen.offer_small(ASSIGNMENT, &number))
                    @if let Some(payment) = undecided(screen, task) { (screen.offer_small(FINDING, payment)) }
                    @else if task.ends_by_word {
                        form method="post" action={ "/desk/claims/" (screen.claim) "/tasks/" (number) "/done" } {
                            (screen.marks(DONE))
                            button."button button-small" type="submit" {
                                (words.say("desk-edit-done")) span.unseen { " " (screen.term("task", &task.kind)) }
                            }
                        }
                    }
                }
            }
        }
        .into(),
    ]
}

/// The payment that `task` is about, while nobody has said what it was: that ends the task, and nothing else does.
fn undecided<'a>(screen: &'a Screen<'_>, task: &TaskPage) -> Option<&'a str> {
    let named = task.details.iter().find(|(name, _)| *name == "payment");
    let found =
        screen.staff.found.iter().find(|found| named.is_some_and(|(_, named)| *named == found.payment));
    found.map(|found| found.payment.as_str())
}

fn take_button(screen: &Screen<'_>, task: &TaskPage) -> Markup {
    let account = screen.viewer.principal().and_then(|principal| principal.account.as_ref());
    html! {
        @if let Some(account) = account.filter(|_| task.assignee.is_none()) {
            form method="post" action={ "/desk/claims/" (screen.claim) "/tasks/" (task.task) "/assignment" } {
                (screen.marks(ASSIGNMENT))
                (hidden("team", &task.team))
                (hidden("to", account.as_str()))
                button."button button-small" type="submit" {
                    (screen.words().say("desk-take")) span.unseen { " " (screen.term("task", &task.kind)) }
                }
            }
        }
    }
}

/// What a task says beyond its kind.
fn details(screen: &Screen<'_>, task: &TaskPage) -> Option<String> {
    let words = screen.words();
    let told = task.details.iter().map(|(name, value)| {
        let codes = [
            format!("payment-trouble-{value}"),
            format!("desk-task-{name}-{value}"),
            value.replace('.', "-"),
        ];
        let code = codes.iter().find(|code| words.knows(code));
        code.map_or_else(|| value.clone(), |code| words.say(code).into_owned())
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

fn form(screen: &Screen<'_>, task: &TaskPage) -> Markup {
    let words = screen.words();
    let number = task.task.to_string();
    let title = screen.term("desk-edit", ASSIGNMENT.word);
    let staff = |roles: &[String]| {
        !roles.iter().any(|role| matches!(role.as_str(), "customer" | "client" | "administrator" | "auditor"))
    };
    let mut people = vec![Choice::new("", words.say("desk-nobody"))];
    people.extend(screen.people.iter().filter(|person| person.open && staff(&person.roles)).map(|person| {
        let roles: Vec<String> = person.roles.iter().map(|role| screen.term("role", role)).collect();
        let name = person.name.clone().unwrap_or_else(|| person.account.clone());
        Choice::new(&person.account, format!("{name} ({})", roles.join(", ")))
    }));
    screen.form_to(
        ASSIGNMENT,
        &format!("/desk/claims/{}/tasks/{number}/assignment", screen.claim),
        &title,
        html! {
            p { (screen.term("task", &task.kind)) }
            div.form-grid {
                (screen.field("team", "desk-team")
                    .select(&choices(words, "team", Team::ALL.map(Team::word)), &screen.value("team", &task.team)))
                (screen.field("to", "desk-person").optional().select(&people, &screen.value("to", "")))
            }
        },
    )
}

/// `POST /desk/claims/{claim}/tasks/{task}/assignment`
pub(crate) async fn assign(
    State(app): State<App>,
    Path((claim, task)): Path<(ClaimId, u32)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let team = read.word::<Team>("team", "desk-team");
    let to: Option<AccountId> = if read.ticked("to") { read.id("to", "desk-person") } else { None };
    let done = async { Ok(app.assign(&sent.asked, &claim, task, read.whole(team)?, to).await?) };
    let done = done.await;
    answer(&app, &claim, &sent, ASSIGNMENT, &task.to_string(), done).await
}

/// `POST /desk/claims/{claim}/tasks/{task}/done`
pub(crate) async fn finish(
    State(app): State<App>,
    Path((claim, task)): Path<(ClaimId, u32)>,
    sent: Sent,
) -> Result<Response, Problem> {
    let done = app.finish_task(&sent.asked, &claim, task).await.map_err(Into::into);
    answer(&app, &claim, &sent, DONE, &task.to_string(), done).await
}
