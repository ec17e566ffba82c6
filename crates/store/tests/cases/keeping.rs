//! Sessions, files, checkpoints and leases.

use std::time::Duration;

use app::ports::{Blobs, Checkpoints, Lease, Leases, Session, Sessions};
use lexicon::Moment;

use crate::world::World;

pub async fn sessions_are_kept_and_ended(world: World) {
    let session = |token: &str, account: &str, ends_at| Session {
        token_hash: token.into(),
        account: account.parse().unwrap(),
        form_secret: format!("secret of {token}"),
        began_at: Moment::from_micros(1),
        ends_at: Moment::from_micros(ends_at),
        used_at: Moment::from_micros(2),
    };
    let all =
        [session("a1", "a", 10), session("a2", "a", 30), session("b1", "b", 10), session("b2", "b", 20)];
    for session in &all {
        Sessions::keep(&world.store, session.clone()).await.unwrap();
    }
    let world = world.reopened();
    let sessions: &dyn Sessions = &world.store;
    for session in &all {
        assert_eq!(sessions.find(&session.token_hash).await.unwrap().as_ref(), Some(session));
    }
    let used = Session { used_at: Moment::from_micros(9), ..all[3].clone() };
    sessions.keep(used.clone()).await.unwrap();
    assert_eq!(sessions.find("b2").await.unwrap(), Some(used));
    sessions.end("b2").await.unwrap();
    sessions.end("unknown").await.unwrap();
    assert_eq!(sessions.find("b2").await.unwrap(), None);
    sessions.end_all(&"a".parse().unwrap()).await.unwrap();
    assert_eq!(sessions.find("a1").await.unwrap(), None);
    assert_eq!(sessions.find("a2").await.unwrap(), None);
    sessions.sweep(Moment::from_micros(10)).await.unwrap();
    assert!(sessions.find("b1").await.unwrap().is_some(), "it ends at that moment, not before");
    sessions.sweep(Moment::from_micros(11)).await.unwrap();
    assert_eq!(sessions.find("b1").await.unwrap(), None);
}

pub async fn files_are_kept_by_their_hash(world: World) {
    let id = Blobs::keep(&world.store, b"abc".to_vec()).await.unwrap();
    assert_eq!(id.as_str(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(Blobs::keep(&world.store, b"abc".to_vec()).await.unwrap(), id);
    let world = world.reopened();
    let blobs: &dyn Blobs = &world.store;
    assert_eq!(blobs.fetch(&id).await.unwrap().as_deref(), Some(&b"abc"[..]));
    for unknown in ["0".repeat(64), "making".into(), "A".repeat(64)] {
        assert_eq!(blobs.fetch(&unknown.parse().unwrap()).await.unwrap(), None);
    }
}

pub async fn checkpoints_are_kept_by_name(world: World) {
    let checkpoints: &dyn Checkpoints = &world.store;
    assert_eq!(checkpoints.reached("reactor").await.unwrap(), 0);
    for position in [7, 9, 8] {
        checkpoints.reach("reactor", position).await.unwrap();
        assert_eq!(checkpoints.reached("reactor").await.unwrap(), position);
    }
    let world = world.reopened();
    assert_eq!(Checkpoints::reached(&world.store, "reactor").await.unwrap(), 8);
    assert_eq!(Checkpoints::reached(&world.store, "other").await.unwrap(), 0);
}

/// Held by its holder until it is taken anew, which only the holder may in a store for several processes.
pub async fn a_lease_is_held_under_its_last_fence(world: World) {
    let leases: &dyn Leases = &world.store;
    let time = Duration::from_secs(60);
    let first = leases.take("reactions", "one", time).await.unwrap().unwrap();
    let other = leases.take("clocks", "other", time).await.unwrap().unwrap();
    assert!(leases.renew("reactions", first, time).await.unwrap());
    let second = leases.take("reactions", "one", time).await.unwrap().unwrap();
    assert!(second.fence > first.fence, "{first:?} {second:?}");
    assert!(!leases.renew("reactions", first, time).await.unwrap());
    assert!(!leases.holds("reactions", first).await.unwrap());
    leases.give_back("reactions", first).await.unwrap();
    assert!(leases.holds("reactions", second).await.unwrap(), "who lost it takes nothing from its holder");
    assert!(leases.renew("reactions", second, time).await.unwrap());
    assert!(leases.holds("clocks", other).await.unwrap(), "leases do not know each other");
}

pub async fn a_lease_given_back_is_held_by_nobody(world: World) {
    let leases: &dyn Leases = &world.store;
    let time = Duration::from_secs(60);
    assert!(!leases.holds("reactions", Lease { fence: 0 }).await.unwrap());
    let one = leases.take("reactions", "one", time).await.unwrap().unwrap();
    leases.give_back("reactions", one).await.unwrap();
    assert!(!leases.holds("reactions", one).await.unwrap());
    assert!(!leases.renew("reactions", one, time).await.unwrap(), "what was given back is not renewed");
    let other = leases.take("reactions", "other", time).await.unwrap().unwrap();
    assert!(other.fence > one.fence, "{one:?} {other:?}");
    assert!(leases.holds("reactions", other).await.unwrap());
}
