//! Webhooks over HTTP.
//!
//! An address is somebody else's choice, so every way that leads inside is closed: the name is resolved here and only public
//! addresses are tried, an address that is written as a number is looked at before, no redirection is followed, no proxy of the
//! environment is used. Time and size of the answer are bounded.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::outside::{DoorRules, check_address, may_be_reached};
use app::ports::{HookAnswer, HookCall, HookError, Hooks, RetryAfter};
use journal::BoxFuture;
use lexicon::Moment;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

/// A receiver has so long to let us in.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// And so long for its whole answer.
const ANSWER_MAX: Duration = Duration::from_secs(15);
/// More of an answer is not read.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// So much of it is kept.
const TEXT_MAX: usize = 200;

/// Webhooks over HTTP, to where `rules` allow.
pub struct HttpHooks {
    client: Client,
    rules: DoorRules,
}

/// No client can be made on this machine.
#[derive(Debug, thiserror::Error)]
#[error("no client for webhooks can be made: {0}")]
pub struct NoClient(reqwest::Error);

impl HttpHooks {
    /// A client that goes where `rules` allow.
    pub fn new(rules: DoorRules) -> Result<HttpHooks, NoClient> {
        HttpHooks::with_patience(rules, ANSWER_MAX)
    }

    /// The same, waiting so long for an answer.
    pub fn with_patience(rules: DoorRules, answer_max: Duration) -> Result<HttpHooks, NoClient> {
        // Whoever comes first chooses for the process, and all of us choose the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .dns_resolver(Arc::new(PublicNames { rules }))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_MAX.min(answer_max))
            .timeout(answer_max)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("Anpei-Webhooks/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(NoClient)?;
        Ok(HttpHooks { client, rules })
    }

    async fn call(&self, call: HookCall) -> Result<HookAnswer, HookError> {
        // The rules may have become stricter since it was registered.
        let url = check_address(&call.url, self.rules).map_err(|_| HookError::Inside)?;
        let mut request = self.client.post(url).body(call.body);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        // Whoever keeps traces too finds this request in theirs.
        if let Some(trace) = app::trail::traceparent() {
            request = request.header("traceparent", trace);
        }
        let response = request.send().await.map_err(|problem| told(&problem))?;
        let status = response.status().as_u16();
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(retry_after);
        Ok(HookAnswer { status, retry_after, text: beginning(response).await })
    }
}

impl Hooks for HttpHooks {
    fn post(&self, call: HookCall) -> BoxFuture<'_, Result<HookAnswer, HookError>> {
        Box::pin(self.call(call))
    }
}

/// How the body begins. What goes wrong with it changes nothing: the status was there.
async fn beginning(mut response: Response) -> String {
    let mut bytes = vec![];
    while bytes.len() < ANSWER_BYTES_MAX {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    text.chars().filter(|char| !char.is_control()).take(TEXT_MAX).collect()
}

/// Seconds, or a date as HTTP writes it.
fn retry_after(value: &str) -> Option<RetryAfter> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(RetryAfter::Seconds(i64::from(seconds)));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    Some(RetryAfter::At(Moment::from_micros(date.timestamp().as_microsecond())))
}

fn told(problem: &reqwest::Error) -> HookError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(problem);
    while let Some(known) = cause {
        if known.is::<LeadsInside>() {
            return HookError::Inside;
        }
        cause = known.source();
    }
    if problem.is_timeout() {
        HookError::Timeout
    } else if problem.is_connect() {
        HookError::Unreachable
    } else {
        HookError::Cut
    }
}

/// Every address that a name has leads inside.
#[derive(Debug, thiserror::Error)]
#[error("the name leads inside")]
struct LeadsInside;

/// Resolves names to the addresses that may be reached, and no others: what is checked is what is connected to.
struct PublicNames {
    rules: DoorRules,
}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.rules;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let may: Vec<SocketAddr> =
                found.iter().copied().filter(|address| may_be_reached(address.ip(), rules)).collect();
            if may.is_empty() && !found.is_empty() {
                return Err(Box::new(LeadsInside) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(may.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_asks_for_patience_in_seconds_or_until_a_date() {
        for (value, read) in [
            ("120", Some(RetryAfter::Seconds(120))),
            (" 0 ", Some(RetryAfter::Seconds(0))),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(RetryAfter::At(Moment::from_micros(784_111_777_000_000)))),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value), read, "{value:?}");
        }
    }
}
