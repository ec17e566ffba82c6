//! The cookies of the house: a session, a visitor's mark for forms, and how one likes to read.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// The session of somebody signed in.
pub(crate) const SESSION: &str = "anpei-session";
/// The mark of a browser that is not signed in; its forms are tied to it.
pub(crate) const VISITOR: &str = "anpei-visitor";
/// The language chosen by hand.
pub(crate) const LANG: &str = "lang";
/// `light` or `dark`, when chosen by hand.
pub(crate) const THEME: &str = "theme";
/// `1` for the elder version.
pub(crate) const ELDER: &str = "elder";

const YEAR_SECONDS: i64 = 365 * 24 * 3600;

/// The value of the cookie `name`. Secret cookies are bound to the host when TLS protects them.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str, tls: bool) -> Option<&'h str> {
    let wanted = full_name(name, tls);
    let pairs = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|text| text.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == wanted)
        .map(|(_, value)| value)
}

/// A cookie that ends with the browser's session.
pub(crate) fn secret(name: &str, value: &str, tls: bool) -> Option<HeaderValue> {
    let secure = if tls { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", full_name(name, tls)))
        .ok()
}

/// Takes a secret cookie back.
pub(crate) fn forgotten(name: &str, tls: bool) -> Option<HeaderValue> {
    let secure = if tls { "; Secure" } else { "" };
    HeaderValue::try_from(format!(
        "{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}",
        full_name(name, tls)
    ))
    .ok()
}

/// A cookie for a choice; an empty `value` forgets it.
pub(crate) fn choice(name: &str, value: &str, tls: bool) -> Option<HeaderValue> {
    let secure = if tls { "; Secure" } else { "" };
    let age = if value.is_empty() { 0 } else { YEAR_SECONDS };
    HeaderValue::try_from(format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"))
        .ok()
}

fn full_name(name: &str, tls: bool) -> String {
    let bound = tls && matches!(name, SESSION | VISITOR);
    if bound { format!("__Host-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_cookie_is_bound_to_the_host_under_tls() {
        let made = secret(SESSION, "abc", true).unwrap();
        assert_eq!(made, "__Host-anpei-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            HeaderValue::from_static("lang=en; anpei-session=planted; __Host-anpei-session=abc"),
        );
        assert_eq!(value(&headers, SESSION, true), Some("abc"));
        assert_eq!(value(&headers, LANG, true), Some("en"));
        assert_eq!(value(&headers, THEME, true), None);
    }
}
