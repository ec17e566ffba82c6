//! `/desk/accounts`: who may sign in, and links that open once.

use std::collections::BTreeSet;

use app::pages::AccountEntry;
use app::{App, Failure, NewAccount, Purpose, Request as Asked, Role};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lexicon::{AccountId, Phone};
use maud::{Markup, html};
use serde::Deserialize;

use super::reading::{Reading, Stop};
use super::{ROWS, frame, work};
use crate::components::*;
use crate::form::Form;
use crate::request::{Sent, sentence};
use crate::shell::Desk;
use crate::{Problem, Viewer, Web};

/// How long a link for setting a password opens.
const LINK_SECONDS: i64 = 24 * 3600;

/// From where on the list is shown.
#[derive(Default, Deserialize)]
pub(crate) struct Accounts {
    cursor: Option<String>,
}

/// A link that was just made. It is shown on this answer alone.
pub(super) struct Link {
    pub(super) name: String,
    pub(super) address: String,
}

/// `GET /desk/accounts`
pub(crate) async fn accounts(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Accounts>,
) -> Result<Markup, Problem> {
    page(&app, &viewer, asked.cursor.as_deref(), &Form::default(), &Mistakes::new(), None).await
}

/// `POST /desk/accounts`: opens an account and makes its first link.
pub(crate) async fn open_account(
    State(web): State<Web>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Problem> {
    let mut read = Reading::of(&sent);
    let (name, login) = (read.needed("name", "desk-name"), read.needed("login", "desk-login"));
    let phone = match sent.form.text("phone") {
        "" => None,
        text => read.take("phone", text.parse::<Phone>().map_err(|_| Failure::refused("form.refused.phone"))),
    };
    let mut roles = BTreeSet::new();
    for word in sent.form.all("roles") {
        roles.extend(Role::ALL.into_iter().find(|role| role.word() == word));
    }
    if roles.is_empty() {
        read.note("roles", "identity.refused.no-role");
    }
    let done = async {
        let (name, login) = read.whole(name.zip(login))?;
        let account = web
            .app
            .open_account(&sent.asked, &NewAccount { login, name: name.clone(), phone, roles })
            .await?;
        let address = link(&web, &headers, &sent, &account).await?;
        Ok::<_, Stop>(Link { name, address })
    };
    let mistakes = match done.await {
        Ok(link) => {
            let page =
                page(&web.app, &sent.viewer, None, &Form::default(), &Mistakes::new(), Some(link)).await?;
            return Ok(page.into_response());
        }
        Err(Stop::Wrong(mistakes)) => mistakes,
        Err(Stop::Failed(failure)) => {
            let mut mistakes = Mistakes::new();
            match failure {
                Failure::KeyReused => mistakes.note("login", sent.words().say("desk.refused.sent-twice")),
                // What is refused about the roles names no field.
                Failure::Refused(refused) if refused.word.contains("role") => {
                    mistakes.note("roles", sentence(sent.words(), &refused));
                }
                failure => sent.keep(failure, "login", &mut mistakes)?,
            }
            mistakes
        }
    };
    let page = page(&web.app, &sent.viewer, None, &sent.form, &mistakes, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `POST /desk/accounts/{account}/link`: a new link; an older one no longer opens.
pub(crate) async fn invite(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(account): Path<AccountId>,
    sent: Sent,
) -> Result<Response, Problem> {
    let entry = web.app.account_page(&account).await?;
    let address = link(&web, &headers, &sent, &account).await?;
    let link = Link { name: entry.name.unwrap_or_default(), address };
    let page = page(&web.app, &sent.viewer, None, &Form::default(), &Mistakes::new(), Some(link)).await?;
    Ok(page.into_response())
}

/// A repeat makes a link of its own: only the last one opens, and it is the one that is shown.
async fn link(web: &Web, headers: &HeaderMap, sent: &Sent, account: &AccountId) -> Result<String, Failure> {
    let asked = Asked { key: None, ..sent.asked.clone() };
    let token = web.app.invite(&asked, account, Purpose::SetPassword, LINK_SECONDS).await?;
    Ok(address(web, headers, &token))
}

/// The address of a one-time link.
pub(super) fn address(web: &Web, headers: &HeaderMap, token: &str) -> String {
    // The address under which staff came is the one that people reach us by.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if web.tls { "https" } else { "http" };
    if host.is_empty() { format!("/enter/{token}") } else { format!("{scheme}://{host}/enter/{token}") }
}

async fn page(
    app: &App,
    viewer: &Viewer,
    cursor: Option<&str>,
    form: &Form,
    mistakes: &Mistakes,
    link: Option<Link>,
) -> Result<Markup, Problem> {
    let words = viewer.words();
    let list = app.accounts_page(cursor, ROWS).await?;
    let title = words.say("nav-accounts");
    let columns = frame::columns(
        words,
        &[
            ("desk-name", Side::Left),
            ("desk-roles", Side::Left),
            ("desk-status", Side::Left),
            ("desk-opened", Side::Left),
            ("desk-do", Side::Left),
        ],
    );
    let rows: Vec<_> = list.accounts.iter().map(|entry| row(viewer, entry)).collect();
    let (first, next) = work::pages("/desk/accounts", cursor, list.next.as_deref());
    Ok(frame::page(
        viewer,
        Desk { title: &title, here: "/desk/accounts", ..Desk::default() },
        None,
        html! {
            div.stack {
                @if let Some(link) = &link { (shown_once(viewer, link)) }
                details.desk-fold open[!mistakes.is_empty()] {
                    summary data-key="n" { (icon("plus")) (words.say("desk-account-open")) }
                    (open_form(viewer, form, mistakes))
                }
                (list_table(&title, &columns, &rows))
                (pager(words, first.as_deref(), next.as_deref()))
            }
        },
    ))
}

/// A link on the one page that shows it.
pub(super) fn shown_once(viewer: &Viewer, link: &Link) -> Markup {
    let words = viewer.words();
    html! {
        div role="status" {
            (notice(Tone::Green, &words.say_with("desk-link-made", &[("name", link.name.as_str().into())]), html! {
                p { (words.say("desk-link-once")) }
                p { input."input input-link" type="text" readonly value=(link.address) aria-label=(words.say("desk-link")); }
            }))
        }
    }
}

fn row(viewer: &Viewer, entry: &AccountEntry) -> Vec<Cell> {
    let words = viewer.words();
    let roles: Vec<String> = entry.roles.iter().map(|role| frame::term(words, "role", role)).collect();
    let name = entry.name.clone().unwrap_or_else(|| words.say("desk-erased").into_owned());
    let status = if entry.open {
        badge(Tone::Green, "circle-check", &words.say("desk-account-is-open"))
    } else {
        badge(Tone::Plain, "circle-x", &words.say("desk-account-closed"))
    };
    vec![
        Cell::key(html! { (name) }),
        roles.join(" · ").into(),
        status.into(),
        when(words, entry.opened_at.0, viewer.now()).into(),
        html! {
            @if entry.open {
                form method="post" action={ "/desk/accounts/" (entry.account) "/link" } {
                    (viewer.form_marks(None))
                    button."button button-small" type="submit" { (words.say("desk-link-new")) span.unseen { " " (name) } }
                }
            }
        }
        .into(),
    ]
}

fn open_form(viewer: &Viewer, form: &Form, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let roles: Vec<Choice<'_>> = Role::ALL
        .iter()
        .filter(|role| **role != Role::Client)
        .map(|role| Choice::new(role.word(), frame::term(words, "role", role.word())))
        .collect();
    let chosen: Vec<&str> = form.all("roles").collect();
    html! {
        form.desk-form method="post" action="/desk/accounts" novalidate {
            (summary(words, mistakes))
            (viewer.form_marks(None))
            div.form-grid {
                (Field::new(words, "name", "desk-name").checked(mistakes).text("text", form.text("name"), Some("off")))
                (Field::new(words, "login", "desk-login").hint("desk-login-hint").checked(mistakes)
                    .text("text", form.text("login"), Some("off")))
                (Field::new(words, "phone", "desk-phone").optional().checked(mistakes)
                    .text("tel", form.text("phone"), Some("off")))
            }
            div.desk-roles {
                (Field::new(words, "roles", "desk-roles").hint("desk-roles-hint").checked(mistakes).checkboxes(&roles, &chosen))
            }
            div.buttons { button.button.button-main type="submit" { (words.say("desk-account-open")) } }
        }
    }
}
