//! Not everybody at once: so many requests are worked on, some more wait their turn, and whoever comes after that is told at once to
//! come again.
//!
//! Customers, staff, and those who come in have places of their own, so that none of them is kept out by a crowd of the others. Files
//! are let in by their size, for they are held in memory, and worked on a few at a time: a picture takes a processor for a while, and
//! many at once would keep everybody else waiting. What operators ask (alive, ready, figures) does not pass here at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Problem;

/// Nobody waits longer for their turn.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Files are weighed in units of so many bytes.
const UNIT: usize = 1024;
/// Of the memory for files, staff have one part in so many to themselves.
const STAFF_PART: usize = 4;
/// Checking a password is hard work on purpose: of those who come in, one in so many as of others.
const ENTRY_PART: usize = 8;

/// How many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests of customers that are worked on at once; as many of staff.
    pub at_once: usize,
    /// And so many of each wait their turn.
    pub waiting: usize,
    /// Files of customers that are worked on at once; of staff, half as many beside them.
    pub files_at_once: usize,
    /// Bytes of files that are held at once.
    pub file_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        let files_at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Limits { at_once: 64, waiting: 256, files_at_once, file_bytes: 192 << 20 }
    }
}

/// Who comes to an address, and with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Small files that are the same for everybody.
    Free,
    /// Whoever signs in.
    Entry,
    Customers,
    Staff,
    /// With files.
    CustomersFiles,
    StaffFiles,
}

impl Way {
    /// The way to `path`, where files may be sent or not.
    pub(crate) fn to(path: &str, files: bool) -> Way {
        let staff =
            ["/desk", "/api/v1/desk", "/api/v1/policies", "/debug"].iter().any(|root| path.starts_with(root));
        match (staff, files) {
            _ if path.starts_with("/assets/") => Way::Free,
            _ if path.starts_with("/sign-") || path.starts_with("/enter/") => Way::Entry,
            (true, true) => Way::StaffFiles,
            (true, false) => Way::Staff,
            (false, true) => Way::CustomersFiles,
            (false, false) => Way::Customers,
        }
    }
}

/// Who is let in.
pub struct Admission {
    entry: Places,
    customers: Places,
    staff: Places,
    customers_files: Files,
    staff_files: Files,
}

/// Places for files: in memory, and at work.
struct Files {
    held: Places,
    worked_on: Places,
}

impl Admission {
    /// Lets in as many as `limits` say.
    pub fn new(limits: Limits) -> Admission {
        let Limits { at_once, waiting, files_at_once, file_bytes } = limits;
        let files = |units, at_once| Files {
            held: Places::new(units, waiting),
            worked_on: Places::new(at_once, waiting),
        };
        let units = (file_bytes / UNIT).max(STAFF_PART);
        Admission {
            entry: Places::new(at_once.div_ceil(ENTRY_PART), waiting),
            customers: Places::new(at_once, waiting),
            staff: Places::new(at_once, waiting),
            customers_files: files(units - units / STAFF_PART, files_at_once),
            staff_files: files(units / STAFF_PART, files_at_once.div_ceil(2)),
        }
    }

    /// Lets `request` in by `way`, in its turn, or says that it should come again. `bytes_max` is what the address takes.
    pub(crate) async fn pass(&self, way: Way, bytes_max: usize, request: Request, next: Next) -> Response {
        let passed = match way {
            Way::Free => return next.run(request).await,
            Way::Entry => one(&self.entry, bytes_max, request).await,
            Way::Customers => one(&self.customers, bytes_max, request).await,
            Way::Staff => one(&self.staff, bytes_max, request).await,
            Way::CustomersFiles => self.customers_files.take(bytes_max, request).await,
            Way::StaffFiles => self.staff_files.take(bytes_max, request).await,
        };
        match passed {
            Ok((_places, request)) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    }
}

/// What is held while a request is worked on.
type Held = Vec<OwnedSemaphorePermit>;

/// A place for a small request, which is read first: who sends it slowly holds no place meanwhile.
async fn one(places: &Places, bytes_max: usize, request: Request) -> Result<(Held, Request), Problem> {
    let request = whole(request, bytes_max).await.map_err(Problem::of_status)?;
    let place = places.take(1).await.ok_or_else(Problem::busy)?;
    Ok((vec![place], request))
}

impl Files {
    /// Memory for the file before it is read, by what it says of its length or else the most that it may have; then its turn.
    async fn take(&self, bytes_max: usize, request: Request) -> Result<(Held, Request), Problem> {
        let bytes = length(request.headers()).unwrap_or(bytes_max).min(bytes_max);
        let memory = self.held.take(bytes.div_ceil(UNIT)).await.ok_or_else(Problem::busy)?;
        let request = whole(request, bytes_max).await.map_err(Problem::of_status)?;
        let place = self.worked_on.take(1).await.ok_or_else(Problem::busy)?;
        Ok((vec![memory, place], request))
    }
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn whole(request: Request, bytes_max: usize) -> Result<Request, StatusCode> {
    let (parts, body) = request.into_parts();
    if length(&parts.headers).is_some_and(|length| length > bytes_max) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    // Beyond its limit a body fails; that it was cut off fails as well, and nobody is left to hear of it.
    let bytes = to_bytes(body, bytes_max).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Places, and a queue before them.
struct Places {
    free: Arc<Semaphore>,
    total: usize,
    waiting: AtomicUsize,
    waiting_max: usize,
}

impl Places {
    fn new(total: usize, waiting_max: usize) -> Places {
        let total = total.clamp(1, Semaphore::MAX_PERMITS);
        Places { free: Arc::new(Semaphore::new(total)), total, waiting: AtomicUsize::new(0), waiting_max }
    }

    /// `weight` places in their turn, given back when what this returns is dropped; `None` when too many wait, or too long.
    async fn take(&self, weight: usize) -> Option<OwnedSemaphorePermit> {
        let weight = u32::try_from(weight.clamp(1, self.total)).unwrap_or(u32::MAX);
        // Nobody overtakes those who wait: the semaphore gives only what is left over by them.
        if let Ok(place) = self.free.clone().try_acquire_many_owned(weight) {
            return Some(place);
        }
        let _turn = Turn::take(&self.waiting, self.waiting_max)?;
        let turn = self.free.clone().acquire_many_owned(weight);
        tokio::time::timeout(WAIT_MAX, turn).await.ok()?.ok()
    }
}

/// A place in the queue; left when dropped, also by who breaks off.
struct Turn<'a>(&'a AtomicUsize);

impl Turn<'_> {
    fn take(waiting: &AtomicUsize, most: usize) -> Option<Turn<'_>> {
        let more = |count: usize| (count < most).then_some(count + 1);
        waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok()?;
        Some(Turn(waiting))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tokio::task::JoinHandle;
    use tower::ServiceExt;

    use super::*;

    /// Addresses of every way; `/slow/…` answers once the gate has a permit for it.
    struct House {
        router: Router,
        gate: Arc<Semaphore>,
        admission: Arc<Admission>,
    }

    impl House {
        fn new(limits: Limits) -> House {
            let (gate, admission) = (Arc::new(Semaphore::new(0)), Arc::new(Admission::new(limits)));
            let mut router = Router::new();
            for (path, way) in [
                ("/customers", Way::Customers),
                ("/staff", Way::Staff),
                ("/entry", Way::Entry),
                ("/files", Way::CustomersFiles),
                ("/free", Way::Free),
            ] {
                let (gate, admission) = (gate.clone(), admission.clone());
                let answer = move |body: String| async move {
                    if body.starts_with("slow") {
                        gate.acquire().await.unwrap().forget();
                    }
                };
                let pass = from_fn(move |request, next| {
                    let admission = admission.clone();
                    async move { admission.pass(way, 100 * UNIT, request, next).await }
                });
                router = router.route(path, post(answer).layer(pass));
            }
            House { router, gate, admission }
        }

        fn ask(&self, path: &str, body: impl Into<String>) -> JoinHandle<StatusCode> {
            let body: String = body.into();
            let request =
                Request::post(path).header(CONTENT_LENGTH, body.len()).body(Body::from(body)).unwrap();
            let router = self.router.clone();
            tokio::spawn(async move { router.oneshot(request).await.unwrap().status() })
        }

        /// Lets everybody who can come as far as they can.
        async fn settle(&self) {
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
        }
    }

    const BUSY: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

    #[tokio::test]
    async fn who_comes_after_the_queue_is_full_is_sent_away_at_once_and_nobody_else() {
        let house = House::new(Limits { at_once: 2, waiting: 3, files_at_once: 2, file_bytes: 1 << 20 });
        let taken: Vec<_> = (0..5).map(|_| house.ask("/customers", "slow")).collect();
        house.settle().await;
        assert_eq!(house.ask("/customers", "").await.unwrap(), BUSY);
        for path in ["/staff", "/entry", "/files", "/free"] {
            assert_eq!(
                house.ask(path, "").await.unwrap(),
                StatusCode::OK,
                "{path} is not kept out by customers"
            );
        }
        house.gate.add_permits(5);
        for taken in taken {
            assert_eq!(taken.await.unwrap(), StatusCode::OK, "whoever was let in or waited is answered");
        }
        assert_eq!(house.ask("/customers", "").await.unwrap(), StatusCode::OK, "there is room again");
    }

    #[tokio::test]
    async fn who_breaks_off_gives_their_place_back() {
        let house = House::new(Limits { at_once: 1, waiting: 1, files_at_once: 2, file_bytes: 1 << 20 });
        let (first, second) = (house.ask("/staff", "slow"), house.ask("/staff", "slow"));
        house.settle().await;
        assert_eq!(house.ask("/staff", "").await.unwrap(), BUSY);
        second.abort();
        first.abort();
        house.settle().await;
        assert_eq!(house.ask("/staff", "").await.unwrap(), StatusCode::OK);
        assert_eq!(house.admission.staff.waiting.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn files_are_let_in_by_their_size() {
        // Three quarters of it are for customers: 60 units.
        let house = House::new(Limits { at_once: 1, waiting: 0, files_at_once: 2, file_bytes: 80 * UNIT });
        let large = |units: usize| format!("slow{}", "x".repeat(units * UNIT - 4));
        let first = house.ask("/files", large(40));
        house.settle().await;
        assert_eq!(house.ask("/files", large(30)).await.unwrap(), BUSY, "70 units are too many");
        let small = house.ask("/files", large(20));
        house.settle().await;
        house.gate.add_permits(2);
        assert_eq!((first.await.unwrap(), small.await.unwrap()), (StatusCode::OK, StatusCode::OK));
        house.gate.add_permits(1);
        assert_eq!(
            house.ask("/files", large(90)).await.unwrap(),
            StatusCode::OK,
            "one that is too large goes alone"
        );
    }

    #[tokio::test]
    async fn few_files_are_worked_on_at_once_and_forms_go_on() {
        let house = House::new(Limits { at_once: 2, waiting: 1, files_at_once: 1, file_bytes: 1 << 20 });
        let (first, second) = (house.ask("/files", "slow"), house.ask("/files", "slow"));
        house.settle().await;
        assert_eq!(house.ask("/files", "").await.unwrap(), BUSY, "one is worked on, one waits");
        assert_eq!(house.ask("/customers", "").await.unwrap(), StatusCode::OK);
        house.gate.add_permits(2);
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (StatusCode::OK, StatusCode::OK));
        assert_eq!(house.ask("/files", "").await.unwrap(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_form_beyond_its_limit_is_too_large_and_holds_no_place() {
        let house = House::new(Limits { at_once: 1, waiting: 0, files_at_once: 2, file_bytes: 1 << 20 });
        let large = "x".repeat(101 * UNIT);
        assert_eq!(house.ask("/customers", large).await.unwrap(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(house.ask("/customers", "").await.unwrap(), StatusCode::OK);
    }

    #[test]
    fn every_address_has_its_way() {
        for (path, files, way) in [
            ("/", false, Way::Customers),
            ("/claims/{claim}/photos", true, Way::CustomersFiles),
            ("/api/v1/claims", false, Way::Customers),
            ("/api/v1/claims/{claim}/evidence", true, Way::CustomersFiles),
            ("/desk/claims/{claim}", false, Way::Staff),
            ("/desk/claims/{claim}/evidence", true, Way::StaffFiles),
            ("/api/v1/desk/work", false, Way::Staff),
            ("/api/v1/policies/import", true, Way::StaffFiles),
            ("/sign-in", false, Way::Entry),
            ("/enter/{token}", false, Way::Entry),
            ("/assets/{file}", false, Way::Free),
        ] {
            assert_eq!(Way::to(path, files), way, "{path}");
        }
    }
}
