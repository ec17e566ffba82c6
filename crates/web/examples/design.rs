//! Serves `/design` alone: `cargo run -p web --example design -- 127.0.0.1:8301`.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::stream::BoxStream;
use journal::{BoxFuture, Unavailable};
use lexicon::{ClaimId, Moment};
use web::{Action, Gate, Problem, Signed, Web};

/// Nobody is signed in, and time stands still.
struct OpenGate(AtomicU64);

impl Gate for OpenGate {
    fn now(&self) -> Moment {
        Moment::from_micros(1_777_705_200_000_000)
    }

    fn token(&self) -> String {
        format!("{:032x}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn signed<'a>(&'a self, _token: &'a str) -> BoxFuture<'a, Result<Option<Signed>, Unavailable>> {
        Box::pin(async { Ok(None) })
    }

    fn may(&self, _who: Option<&Signed>, action: Action) -> bool {
        action == Action::Open
    }

    fn changes<'a>(
        &'a self,
        _who: &'a Signed,
        _claim: &'a ClaimId,
    ) -> BoxFuture<'a, Result<BoxStream<'static, u64>, Problem>> {
        Box::pin(async { Err(Problem::not_found()) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8301".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let web = Web { gate: Arc::new(OpenGate(AtomicU64::new(1))), tls: false };
    axum::serve(listener, web::router(web)).await?;
    Ok(())
}
