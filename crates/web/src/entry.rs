//! The way in and out: knows who comes, draws what went wrong, puts the protective headers on every answer.

use app::words::Lang;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, IF_MATCH, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use lexicon::ClaimId;
use sha2::{Digest, Sha256};

use crate::access::admits;
use crate::attempts::origin;
use crate::problem::Problem;
use crate::viewer::{Inner, Theme, Viewer};
use crate::{Action, Web, assets, cookies};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; \
     connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
const PERMISSIONS: &str =
    "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=(), interest-cohort=()";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Around everything.
pub(crate) async fn enter(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = cookies::value(&parts.headers, cookies::VISITOR, web.tls).filter(|mark| plain(mark));
    // Programs fill in no forms.
    let for_programs = parts.uri.path().starts_with("/api/");
    let fresh_visitor = (visitor.is_none() && !for_programs).then(|| web.gate.token());
    let mark = visitor.or(fresh_visitor.as_deref()).unwrap_or_default().to_owned();
    let viewer = match recognise(&web, &parts, &mark).await {
        Ok(viewer) => viewer,
        Err((viewer, problem)) => return leave(&web, &viewer, problem.draw(&viewer), None),
    };
    if forged(&parts.method, &parts.headers) {
        let problem = Problem::new(StatusCode::FORBIDDEN, "problem.form-expired");
        return leave(&web, &viewer, problem.draw(&viewer), None);
    }
    parts.extensions.insert(viewer.clone());
    let conditional = parts.headers.contains_key(IF_MATCH);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = if conditional { problem.conditional() } else { problem }.draw(&viewer);
    } else if (response.status().is_client_error() || response.status().is_server_error())
        && !drawn(&response)
    {
        response = Problem::of_status(response.status()).draw(&viewer);
    }
    leave(&web, &viewer, response, fresh_visitor.as_deref())
}

/// Around every address: lets in who may, sends to the sign-in page who is not known yet.
pub(crate) async fn admit(
    web: Web,
    action: Action,
    viewer: Viewer,
    claim: Option<ClaimId>,
    request: Request,
    next: Next,
) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    match admits(&*web.gate, &viewer, action, changes, claim.as_ref()).await {
        Ok(true) => next.run(request).await,
        Err(failure) => Problem::from(failure).into_response(),
        // Whose claim it is, or whether there is one, is nobody else's business.
        Ok(false) if viewer.principal().is_some() && claim.is_some() => Problem::not_found().into_response(),
        Ok(false) if viewer.principal().is_some() => Problem::forbidden().into_response(),
        Ok(false) if request.method() == Method::GET && !viewer.wants_json() => {
            Redirect::to(&format!("/sign-in?next={}", encoded(viewer.address()))).into_response()
        }
        Ok(false) => Problem::unauthorized().into_response(),
    }
}

async fn recognise(web: &Web, parts: &Parts, visitor: &str) -> Result<Viewer, (Viewer, Problem)> {
    let headers = &parts.headers;
    let request_id: String = web.gate.token().chars().take(16).collect();
    // Whatever is logged from here on is logged under this mark.
    tracing::Span::current().record("id", &*request_id);
    let session = cookies::value(headers, cookies::SESSION, web.tls).filter(|token| plain(token));
    let path = parts.uri.path();
    let for_programs = path.starts_with("/api/");
    let bearer = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok()?.strip_prefix("Bearer "));
    let mut failed = None;
    let (mut present, mut program) = (None, None);
    // A program shows its token with every request, so no other site can ask in its name; a cookie is for pages alone.
    let (origin, now) = (origin(parts.extensions.get().copied(), headers), web.gate.now());
    let barred = origin.and_then(|origin| web.attempts.barred(origin, now));
    match (for_programs, session, bearer) {
        (true, _, Some(_)) if let Some(seconds) = barred => failed = Some(Problem::too_many(seconds)),
        (true, _, Some(token)) => {
            let found = if plain(token) { web.gate.bearer(token).await } else { Ok(None) };
            match (found, origin) {
                (Ok(None), Some(origin)) => web.attempts.failed(origin, now),
                (Ok(found), _) => program = found,
                (Err(failure), _) => failed = Some(Problem::from(failure)),
            }
        }
        (false, Some(token), _) => match web.gate.present(token).await {
            Ok(found) => present = found,
            Err(failure) => failed = Some(Problem::from(failure)),
        },
        _ => {}
    }
    let named = cookies::value(headers, cookies::LANG, web.tls).and_then(Lang::named);
    let accepted = || {
        headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).map_or(Lang::Zh, Lang::accepted)
    };
    let form_token = match &present {
        Some(present) => present.form_secret.clone(),
        None => Sha256::digest(format!("form {visitor}")).iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let json = for_programs
        || headers
            .get(ACCEPT)
            .and_then(|header| header.to_str().ok())
            .is_some_and(|accept| accept.starts_with("application/json"));
    let viewer = Viewer::new(Inner {
        lang: named.unwrap_or_else(accepted),
        theme: cookies::value(headers, cookies::THEME, web.tls).and_then(Theme::named),
        elder: cookies::value(headers, cookies::ELDER, web.tls) == Some("1"),
        present,
        program,
        form_token,
        fresh_key: web.gate.token(),
        request_id,
        address: parts.uri.path_and_query().map_or(path, |address| address.as_str()).to_owned(),
        json,
        insurer: web.insurer.clone(),
        now,
    });
    match failed {
        None => Ok(viewer),
        Some(problem) => Err((viewer, problem)),
    }
}

/// Browsers say from where a form was sent. Those that do not are held by the token inside the form alone.
fn forged(method: &Method, headers: &HeaderMap) -> bool {
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    changes && headers.get(FETCH_SITE).is_some_and(|site| site != "same-origin" && site != "none")
}

fn leave(web: &Web, viewer: &Viewer, mut response: Response, fresh_visitor: Option<&str>) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, PERMISSIONS),
        (OPENER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if web.tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Ok(id) = HeaderValue::try_from(viewer.request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    // What carries the hash of its content is the same for everybody; all else is for this viewer only.
    if !viewer.address().starts_with(assets::ROOT) || !headers.contains_key(CACHE_CONTROL) {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(viewer.lang().tag()));
        headers.append(VARY, HeaderValue::from_static("cookie, accept-language"));
        if let Some(cookie) = fresh_visitor.and_then(|mark| cookies::secret(cookies::VISITOR, mark, web.tls))
        {
            headers.append(SET_COOKIE, cookie);
        }
    }
    response
}

/// Whether an answer with an error status was drawn by a handler on purpose, such as a form with its mistakes.
fn drawn(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.contains("json")
}

fn plain(text: &str) -> bool {
    (16..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// For one value of a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_sent_from_elsewhere_is_refused() {
        for (method, site, refused) in [
            (Method::POST, Some("same-origin"), false),
            (Method::POST, Some("cross-site"), true),
            (Method::POST, Some("same-site"), true),
            (Method::POST, None, false),
            (Method::GET, Some("cross-site"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert(FETCH_SITE, HeaderValue::from_static(site));
            }
            assert_eq!(forged(&method, &headers), refused, "{method} {site:?}");
        }
    }

    #[test]
    fn the_way_back_survives_the_sign_in() {
        assert_eq!(encoded("/claims?q=京&x=1"), "/claims%3Fq%3D%E4%BA%AC%26x%3D1");
    }
}
