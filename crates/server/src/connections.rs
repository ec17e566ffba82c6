//! Connections: taken, answered, and ended in good order.

use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::add_extension::AddExtension;
use web::Peer;

/// A caller has so long to say what is wanted: one that sends half a head, or nothing, holds no connection for ever.
const HEAD_MAX: Duration = Duration::from_secs(20);
/// How long nobody is let in after the system could not give a connection, as when too many files are open.
const BREATH: Duration = Duration::from_millis(100);

/// Answers who connects, until `stop` says so and the answers under way have left.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    // One version alone: to tell two apart a first byte is waited for, and without limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_MAX);
    let open = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // Only a dropped sender fails, and then it is time to stop as well.
            _ = async { stop.wait_for(|stop| *stop).await.is_ok() } => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(problem) => {
                tracing::warn!(%problem, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        // Live pages send little and often.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(AddExtension::new(router.clone(), Peer(peer.ip())));
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // Whoever breaks off has gone; what was recorded stays.
            let _ = connection.await;
        });
    }
    drop(listener);
    open.shutdown().await;
}
