//! Two processes that both believe it is their turn: everything is in hand twice, and changes nothing the second time.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use app::ports::{Lease, Leases};
use app::work::{Reactor, Rounds};
use app::{App, Ports};
use connectors::Behaviour;
use journal::{BoxFuture, Journal, Unavailable};
use rulebook::Tables;
use tokio::sync::watch;

use crate::support::{World, fang, lin, notice};

/// Tells whoever asks that it is their turn.
struct Everybody;

impl Leases for Everybody {
    fn take<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, Unavailable>> {
        Box::pin(async { Ok(Some(Lease { fence: 1 })) })
    }

    fn renew<'a>(&'a self, _: &'a str, _: Lease, _: Duration) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async { Ok(true) })
    }

    fn holds<'a>(&'a self, _: &'a str, _: Lease) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async { Ok(true) })
    }

    fn give_back<'a>(&'a self, _: &'a str, _: Lease) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_two_have_in_hand_at_once_is_done_once() {
    let world = World::with_bank(|_| Behaviour::TimeoutAfterPaying).await;
    // The other process, with nothing of ours in its memory.
    let ports = Ports { leases: Arc::new(Everybody), ..world.app.ports().clone() };
    let other = App::new(ports, Tables::shipped().unwrap());
    let reactor = Reactor::new(other.clone());
    let mut progress = reactor.progress();
    let (stop, stopped) = watch::channel(false);
    let working =
        [tokio::spawn(reactor.run(stopped.clone())), tokio::spawn(Rounds::new(other).run(stopped.clone()))];

    for (who, plate) in [("lin", lin()), ("fang", fang())] {
        let claim = world.report(who, notice(&world, plate)).await;
        world.papers(who, &claim).await;
        world.pick(who, &claim, "rear-bumper scratch").await;
    }
    for _ in 0..3 {
        world.wait_minutes(1);
        world.round().await;
    }
    let head = *world.store.head().borrow();
    progress.wait_for(|done| *done >= head).await.unwrap();
    world.audit().await;
    stop.send_replace(true);
    for work in working {
        work.await.unwrap();
    }

    let payments = world.bank.payments();
    assert_eq!(payments.len(), 2, "{payments:?}");
    let references: HashSet<_> = payments.iter().map(|(reference, _)| reference).collect();
    assert_eq!(references.len(), 2, "{payments:?}");
    for row in world.claims().await {
        let state = world.claim(&row.claim.parse().unwrap()).await;
        assert_eq!((row.stage.as_str(), state.open_tasks().count()), ("closed", 0), "{}", row.claim);
        let told = world.app.messages(&row.claim.parse().unwrap()).await.unwrap();
        let worded: HashSet<_> = told.iter().map(|(_, text, _)| text).collect();
        assert_eq!(worded.len(), told.len(), "nothing is told twice: {told:?}");
    }
}
