//! Signing in and out: by password, and by a link that opens once.

use app::access::Action;
use app::words::Words;
use app::{Failure, Purpose};
use axum::extract::{Path, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use crate::components::{Field, Mistakes, calls, hidden, icon, summary};
use crate::form::Form;
use crate::preferences::inside;
use crate::request::sentence;
use crate::shell::{self, Customer};
use crate::{Problem, Viewer, Web, cookies};

/// Where one was going.
#[derive(Deserialize)]
pub(crate) struct Way {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub(crate) async fn show(viewer: Viewer, Query(way): Query<Way>) -> Response {
    // Who is signed in already and lands here by a bookmark goes on.
    if viewer.present().is_some() {
        return Redirect::to(inside(&way.next)).into_response();
    }
    sign_in_page(&viewer, &way.next, "", &Mistakes::new()).into_response()
}

/// `POST /sign-in`
pub(crate) async fn sign_in(
    State(web): State<Web>,
    viewer: Viewer,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Problem> {
    let words = viewer.words();
    let mut mistakes = Mistakes::new();
    for name in ["login", "password"] {
        if form.text(name).is_empty() {
            mistakes.note(name, words.say("field-required"));
        }
    }
    if mistakes.is_empty() {
        // A password may begin or end with a blank.
        match web.app.sign_in(form.text("login"), form.raw("password")).await {
            Ok(begun) => return begin(&web, &headers, &begun.token, inside(form.text("next"))).await,
            Err(Failure::Refused(refused)) => mistakes.note("login", sentence(words, &refused)),
            Err(failure) => return Err(failure.into()),
        }
    }
    let page = sign_in_page(&viewer, form.text("next"), form.text("login"), &mistakes);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `POST /sign-out`
pub(crate) async fn sign_out(
    State(web): State<Web>,
    viewer: Viewer,
    headers: HeaderMap,
    form: Result<Form, Problem>,
) -> Result<Response, Problem> {
    // Without a session there is nothing to end, and nothing that another site could do by asking for it.
    if viewer.present().is_some() {
        form?;
        end(&web, &headers).await?;
    }
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = cookies::forgotten(cookies::SESSION, web.tls) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /enter/{token}`: looking at a link does not use it, since messengers open links to preview them.
pub(crate) async fn invited(
    State(web): State<Web>,
    viewer: Viewer,
    Path(token): Path<String>,
) -> Result<Markup, Problem> {
    let purpose = web.app.invitation(&token).await.map_err(no_link)?;
    Ok(link_page(&viewer, &purpose, &Mistakes::new()))
}

/// `POST /enter/{token}`
pub(crate) async fn enter(
    State(web): State<Web>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response, Problem> {
    let words = viewer.words();
    let purpose = web.app.invitation(&token).await.map_err(no_link)?;
    let mut mistakes = Mistakes::new();
    let password = match purpose {
        Purpose::SetPassword => Some(form.raw("password")),
        Purpose::SignIn => None,
    };
    if password.is_some_and(|password| password != form.raw("again")) {
        mistakes.note("again", words.say("sign-in-differs"));
    }
    if mistakes.is_empty() {
        match web.app.enter(&token, password).await {
            Ok(begun) => return begin(&web, &headers, &begun.token, "/").await,
            Err(Failure::Refused(refused)) if refused.field == Some("password") => {
                mistakes.note("password", sentence(words, &refused));
            }
            Err(failure) => return Err(no_link(failure)),
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, link_page(&viewer, &purpose, &mistakes)).into_response())
}

fn no_link(failure: Failure) -> Problem {
    match failure {
        Failure::NotFound => Problem::new(StatusCode::NOT_FOUND, "identity.refused.no-such-invitation"),
        failure => failure.into(),
    }
}

/// Ends the session that was there, so that nobody goes on in it, and gives the browser the new one.
async fn begin(web: &Web, headers: &HeaderMap, token: &str, next: &str) -> Result<Response, Problem> {
    end(web, headers).await?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    let cookie = cookies::secret(cookies::SESSION, token, web.tls).ok_or_else(Problem::internal)?;
    response.headers_mut().append(SET_COOKIE, cookie);
    response.headers_mut().insert(LOCATION, next.try_into().map_err(|_| Problem::internal())?);
    Ok(response)
}

async fn end(web: &Web, headers: &HeaderMap) -> Result<(), Problem> {
    match cookies::value(headers, cookies::SESSION, web.tls) {
        Some(token) => Ok(web.app.sign_out(token).await?),
        None => Ok(()),
    }
}

fn sign_in_page(viewer: &Viewer, next: &str, login: &str, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let title = words.say("sign-in-title");
    let main = html! {
        div."stack narrow" {
            h1 { (title) }
            @if !next.is_empty() && mistakes.is_empty() { p.note { (words.say("sign-in-first")) } }
            (summary(words, mistakes))
            form.stack method="post" action="/sign-in" novalidate {
                (viewer.form_marks(None))
                (hidden("next", next))
                (Field::new(words, "login", "sign-in-login").checked(mistakes).text("text", login, Some("username")))
                (Field::new(words, "password", "sign-in-password").checked(mistakes).text("password", "", Some("current-password")))
                button."button button-main button-wide" type="submit" { (icon("log-in")) (words.say("sign-in-go")) }
            }
            p.note { (words.say("sign-in-lost")) }
            (calls(words, viewer.insurer()))
        }
    };
    shell::customer(viewer, Customer { title: &title, ..Customer::default() }, main)
}

fn link_page(viewer: &Viewer, purpose: &Purpose, mistakes: &Mistakes) -> Markup {
    let words = viewer.words();
    let (title, hint, go) = match purpose {
        Purpose::SetPassword => ("enter-password-title", "enter-password-hint", "enter-password-go"),
        Purpose::SignIn => ("enter-title", "enter-hint", "enter-go"),
    };
    let title = words.say(title);
    let main = html! {
        div."stack narrow" {
            h1 { (title) }
            p.note { (words.say(hint)) }
            (summary(words, mistakes))
            // Without an address a form goes back to where it stands, so the token is not written into the page.
            form.stack method="post" novalidate {
                (viewer.form_marks(None))
                @if *purpose == Purpose::SetPassword { (new_password(words, mistakes)) }
                button."button button-main button-wide" type="submit" { (icon("log-in")) (words.say(go)) }
            }
        }
    };
    shell::customer(viewer, Customer { title: &title, ..Customer::default() }, main)
}

fn new_password(words: &Words, mistakes: &Mistakes) -> Markup {
    html! {
        (Field::new(words, "password", "enter-password").hint("enter-password-rule").checked(mistakes)
            .text("password", "", Some("new-password")))
        (Field::new(words, "again", "enter-again").checked(mistakes).text("password", "", Some("new-password")))
    }
}

/// Where somebody belongs when they come to the start page: customers and programs stay there.
pub(crate) fn home_of(viewer: &Viewer) -> Option<&'static str> {
    [
        (Action::ReadClaims, "/desk"),
        (Action::Accounts, "/desk/accounts"),
        (Action::Payments, "/desk/payments"),
    ]
    .into_iter()
    .find(|(action, _)| viewer.may(*action))
    .map(|(_, home)| home)
}
