//! Personal text.

use insight::view::{Value, Views};
use journal::Journal;
use lexicon::{Opened, Private, Reason, Vault, VaultError};

use crate::world::{Placed, THINGS, ThingEvent, World, append, stream, subject};

pub async fn what_is_sealed_opens_for_its_subject_alone(world: World) {
    let (one, other) = (subject("s-1"), subject("s-2"));
    let sealed = world.store.seal(&one, b"name").unwrap();
    let file = world.store.seal_bytes(&one, b"a photo").unwrap();
    world.store.seal(&other, b"other").unwrap();
    world.put("thing-a", 0, vec![crate::world::placed(1)]).await;

    let world = world.reopened();
    let vault: &dyn Vault = &world.store;
    assert_eq!(vault.open(&one, &sealed).unwrap().as_deref(), Some(&b"name"[..]));
    assert_eq!(vault.open_bytes(&one, &file).unwrap().as_deref(), Some(&b"a photo"[..]));
    assert_eq!(vault.open(&other, &sealed), Err(VaultError::Broken));
    assert_eq!(vault.open(&subject("s-3"), &sealed), Err(VaultError::Broken));
    assert_eq!(vault.open(&one, "not sealed"), Err(VaultError::Broken));
    assert!(!sealed.contains("name") && !file.windows(5).any(|part| part == b"photo"));
    assert_ne!(vault.seal(&one, b"name").unwrap(), sealed);
}

pub async fn erasure_leaves_the_events_and_takes_the_text(world: World) {
    let (one, other) = (subject("s-1"), subject("s-2"));
    let mut owners = vec![];
    for (id, who) in [("a", &one), ("b", &other)] {
        let owner = Private::seal(&world.store, who, &format!("owner of {id}")).unwrap();
        let placed = Placed { shelf: Some(1), owner: Some(owner.clone()) };
        world.append(append(&format!("thing-{id}"), 0, vec![placed.into()])).await.unwrap();
        owners.push(owner);
    }
    let before = world.store.read(0, 10).await.unwrap();
    world.store.erase(&one).unwrap();

    let world = world.reopened();
    assert_eq!(world.store.read(0, 10).await.unwrap(), before);
    let entries = world.store.stream(&stream("thing-a"), 0).await.unwrap();
    let ThingEvent::Placed(Placed { owner: Some(owner), .. }) = entries[0].decode().unwrap() else {
        panic!("the event stays")
    };
    assert_eq!(owner.open(&world.store, Reason::Verification), Ok(Opened::Erased));
    let known = Opened::Known("owner of b".to_owned());
    assert_eq!(owners[1].open(&world.store, Reason::Verification), Ok(known));
    assert_eq!(world.store.seal(&one, b"again"), Err(VaultError::Erased));
    assert_eq!(world.store.seal_bytes(&one, b"again"), Err(VaultError::Erased));
    assert!(world.store.seal(&subject("s-3"), b"new").is_ok());
    // What a view shows of it is the sealed text, which opens no more.
    let row = world.store.get(&THINGS, vec!["a".into()]).await.unwrap().unwrap();
    let Value::Text(shown) = &row[2] else { panic!("the row stays") };
    assert!(!shown.contains("owner of a"));
    let shown: Private<String> = serde_json::from_str(shown).unwrap();
    assert_eq!(shown.open(&world.store, Reason::OwnData), Ok(Opened::Erased));
    world.check_sound().await;
    // A subject that was never sealed for can be erased all the same.
    world.store.erase(&subject("s-9")).unwrap();
    assert_eq!(world.store.seal(&subject("s-9"), b"new"), Err(VaultError::Erased));
}

pub async fn keyed_hashes_find_equals_within_a_purpose(world: World) {
    let hash = |purpose: &str, plain: &[u8]| world.store.keyed_hash(purpose, plain);
    let first = hash("phone", b"13800000000");
    assert_eq!(first, hash("phone", b"13800000000"));
    assert_ne!(first, hash("plate", b"13800000000"));
    assert_ne!(first, hash("phone", b"13800000001"));
    assert_eq!(first.as_str().len(), 64);
    let world = world.reopened();
    assert_eq!(first, world.store.keyed_hash("phone", b"13800000000"));
}
