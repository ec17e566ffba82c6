//! Who showed tokens that are not heard, and how often: guessing is answered more slowly than it is done.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use lexicon::Moment;

/// So many failures within a [`WINDOW_SECONDS`] are an accident; more are not heard.
const FAILURES_MAX: u32 = 30;
const WINDOW_SECONDS: i64 = 60;
/// Addresses remembered at once; with more, the oldest windows are forgotten first.
const ADDRESSES_MAX: usize = 10_000;

/// The address from which a request came, as the listener saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Failures by address, in windows of a minute.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<IpAddr, Window>>);

#[derive(Clone, Copy)]
struct Window {
    began_at: Moment,
    failures: u32,
}

impl Attempts {
    /// For how many seconds `address` is not heard, if it is not.
    pub(crate) fn barred(&self, address: IpAddr, now: Moment) -> Option<u32> {
        let known = self.lock().get(&address).copied()?;
        let left = WINDOW_SECONDS - now.seconds_since(known.began_at);
        let barred = known.failures >= FAILURES_MAX && left > 0;
        barred.then(|| u32::try_from(left).unwrap_or(1))
    }

    /// One more failure of `address`.
    pub(crate) fn failed(&self, address: IpAddr, now: Moment) {
        let mut known = self.lock();
        let runs = |window: &Window| now.seconds_since(window.began_at) < WINDOW_SECONDS;
        if known.len() >= ADDRESSES_MAX && !known.contains_key(&address) {
            known.retain(|_, window| runs(window));
            if known.len() >= ADDRESSES_MAX
                && let Some(oldest) =
                    known.iter().min_by_key(|(_, window)| window.began_at).map(|(key, _)| *key)
            {
                known.remove(&oldest);
            }
        }
        let fresh = Window { began_at: now, failures: 0 };
        let window = known.entry(address).or_insert(fresh);
        if !runs(window) {
            *window = fresh;
        }
        window.failures = window.failures.saturating_add(1);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a request came from: the peer, or behind a proxy on this machine or in a private network whom the proxy names last.
pub(crate) fn origin(peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
    let Peer(peer) = peer?;
    let inside = match peer {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.segments()[0] & 0xfe00 == 0xfc00,
    };
    if !inside {
        return Some(peer);
    }
    let named = headers.get_all("x-forwarded-for").iter().next_back();
    let last = named.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    Some(last.unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros((1_800_000_000 + seconds) * 1_000_000)
    }

    #[test]
    fn after_thirty_failures_an_address_waits_out_its_minute_and_others_do_not() {
        let (attempts, one, other) =
            (Attempts::default(), IpAddr::from([1, 1, 1, 1]), IpAddr::from([2, 2, 2, 2]));
        for _ in 0..29 {
            attempts.failed(one, at(0));
        }
        assert_eq!(attempts.barred(one, at(1)), None);
        attempts.failed(one, at(10));
        assert_eq!(attempts.barred(one, at(10)), Some(50));
        assert_eq!(attempts.barred(other, at(10)), None);
        assert_eq!(attempts.barred(one, at(60)), None, "a new minute");
        attempts.failed(one, at(60));
        assert_eq!(attempts.barred(one, at(61)), None, "counted anew");
    }

    #[test]
    fn a_proxy_beside_us_is_believed_and_a_stranger_is_not() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "9.9.9.9, 8.8.8.8".parse().unwrap());
        let from = |ip: [u8; 4], headers: &HeaderMap| origin(Some(Peer(IpAddr::from(ip))), headers);
        assert_eq!(from([127, 0, 0, 1], &headers), Some(IpAddr::from([8, 8, 8, 8])));
        assert_eq!(from([7, 7, 7, 7], &headers), Some(IpAddr::from([7, 7, 7, 7])));
        assert_eq!(from([127, 0, 0, 1], &HeaderMap::new()), Some(IpAddr::from([127, 0, 0, 1])));
        assert_eq!(origin(None, &headers), None);
    }

    #[test]
    fn many_addresses_cost_bounded_memory() {
        let attempts = Attempts::default();
        for number in 0..30_000_u32 {
            attempts.failed(IpAddr::from(number.to_be_bytes()), at(i64::from(number / 1_000)));
        }
        assert_eq!(attempts.lock().len(), ADDRESSES_MAX);
    }
}
