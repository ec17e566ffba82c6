//! Serves `/design` alone: `cargo run -p web --example design -- 127.0.0.1:8301`.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::access::Relation;
use app::{Failure, Present, Principal, Program};
use futures::stream::{BoxStream, StreamExt};
use journal::{BoxFuture, Unavailable};
use lexicon::{ClaimId, Moment};
use web::{Gate, Web};

#[path = "../tests/support/mod.rs"]
mod support;

/// Nobody is signed in, and time stands still.
struct OpenGate(AtomicU64);

impl Gate for OpenGate {
    fn now(&self) -> Moment {
        Moment::from_micros(1_777_705_200_000_000)
    }

    fn token(&self) -> String {
        format!("{:032x}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn present<'a>(&'a self, _token: &'a str) -> BoxFuture<'a, Result<Option<Present>, Failure>> {
        Box::pin(async { Ok(None) })
    }

    fn bearer<'a>(&'a self, _token: &'a str) -> BoxFuture<'a, Result<Option<Program>, Failure>> {
        Box::pin(async { Ok(None) })
    }

    fn relation<'a>(
        &'a self,
        _principal: &'a Principal,
        _claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<Relation, Failure>> {
        Box::pin(async { Ok(Relation::Foreign) })
    }

    fn changes(&self, _claim: &ClaimId) -> BoxStream<'static, Result<u64, Unavailable>> {
        futures::stream::empty().boxed()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8301".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let web = Web { gate: Arc::new(OpenGate(AtomicU64::new(1))), ..Web::new(support::app(), false) };
    axum::serve(listener, web::router(web)).await?;
    Ok(())
}
