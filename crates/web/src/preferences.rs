//! `POST /preferences`: language, theme and text size, kept in the browser.

use app::words::Lang;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};

use crate::form::Form;
use crate::viewer::Theme;
use crate::{Web, cookies};

/// Keeps what the pressed button says and goes back to where it was pressed.
pub(crate) async fn keep(State(web): State<Web>, form: Form) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let lang = Lang::named(form.text("lang")).map(|lang| (cookies::LANG, lang.code()));
    let theme = match form.text("theme") {
        "auto" => Some((cookies::THEME, "")),
        other => Theme::named(other).map(|theme| (cookies::THEME, theme.code())),
    };
    let elder = match form.text("elder") {
        "on" => Some((cookies::ELDER, "1")),
        "off" => Some((cookies::ELDER, "")),
        _ => None,
    };
    for (name, value) in [lang, theme, elder].into_iter().flatten() {
        if let Some(cookie) = cookies::choice(name, value, web.tls) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    if let Ok(back) = inside(form.text("back")).try_into() {
        response.headers_mut().insert(LOCATION, back);
    }
    response
}

/// `address` when it leads to a page of ours, else the start page.
pub(crate) fn inside(address: &str) -> &str {
    let safe = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let ours = address.starts_with('/') && !address.starts_with("//") && address.bytes().all(safe);
    if ours { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn the_way_back_never_leads_away() {
        for (address, expected) in [
            ("/claims/A260502-7K3M9Q?tab=papers", "/claims/A260502-7K3M9Q?tab=papers"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
            ("/a\r\nSet-Cookie: x=1", "/"),
        ] {
            assert_eq!(inside(address), expected, "{address:?}");
        }
    }
}
