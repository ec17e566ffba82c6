//! Many at once: one answer, one claim, one decision.

use std::collections::HashSet;

use app::{Failure, Notice, Request, RequestKey, Role, Taken};

use crate::support::{World, lin, notice};

/// Sixty-four take the notice of `told` at once, each with the key that `key` gives.
async fn at_once(world: &World, told: &Notice, key: impl Fn(u8) -> RequestKey) -> Vec<Taken> {
    let principal = world.person("lin", Role::Customer).await;
    let racers = (0..64).map(|number| {
        let (app, told) = (world.app.clone(), told.clone());
        let request =
            Request { key: Some(key(number)), ..Request::of(principal.clone(), app::words::Lang::Zh) };
        tokio::spawn(async move { app.take_notice(&request, told).await })
    });
    let mut taken = vec![];
    for racer in racers.collect::<Vec<_>>() {
        taken.push(racer.await.unwrap().unwrap());
    }
    world.settle().await;
    taken
}

fn key(name: &str, request: u8) -> RequestKey {
    RequestKey { route: "report".to_owned(), key: name.to_owned(), request: [request; 32] }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_is_one_claim() {
    let world = World::open().await;
    let taken = at_once(&world, &notice(&world, lin()), |_| key("k", 1)).await;
    let first = &taken[0];
    assert!(taken.iter().all(|taken| taken == first), "{taken:?}");
    assert!(!first.joined);
    world.audit().await;
    assert_eq!(world.claims().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_notices_of_one_accident_are_one_claim() {
    let world = World::open().await;
    let taken = at_once(&world, &notice(&world, lin()), |number| key(&format!("k{number}"), 1)).await;
    let claims: HashSet<_> = taken.iter().map(|taken| taken.claim.clone()).collect();
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!(taken.iter().filter(|taken| !taken.joined).count(), 1);
    world.audit().await;
    assert_eq!(world.claims().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_strangers_with_one_accident_all_join() {
    let world = World::open().await;
    let told = notice(&world, lin());
    let first = world.report("lin", told.clone()).await;
    let mut racers = vec![];
    for number in 0..64 {
        let request = world.customer(&format!("stranger-{number}")).await;
        let (app, told) = (world.app.clone(), told.clone());
        racers.push(tokio::spawn(async move { app.take_notice(&request, told).await }));
    }
    for racer in racers {
        assert_eq!(racer.await.unwrap().unwrap(), Taken { claim: first.clone(), joined: true });
    }
    world.audit().await;
    assert_eq!(world.claim(&first).await.open_tasks().count(), 1, "the desk calls once");
}

/// A claim that waits for a person's decision.
async fn referred(world: &World, amount: &str) -> lexicon::ClaimId {
    let claim = world.report("lin", notice(world, lin())).await;
    world.assess(&claim, "A", amount).await;
    world.papers("lin", &claim).await;
    claim
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_approve_at_once_pay_once() {
    let world = World::open().await;
    let claim = referred(&world, "8600.00").await;
    let seen = world.seen(&claim).await;
    let mut racers = vec![];
    for number in 0..16 {
        let request = world.by(&format!("approver-{number}"), Role::Approver).await;
        let (app, claim) = (world.app.clone(), claim.clone());
        racers.push(tokio::spawn(async move { app.approve(&request, &claim, seen).await }));
    }
    let mut answers = vec![];
    for racer in racers {
        answers.push(racer.await.unwrap());
    }
    assert!(answers.iter().any(Result::is_ok));
    // Whoever comes after the end is told so.
    let late = |answer: &Result<(), Failure>| {
        answer.as_ref().err().is_none_or(|problem| problem.to_string() == "refused: claim.refused.over")
    };
    assert!(answers.iter().all(late), "{answers:?}");
    world.settle().await;
    world.expect(&claim, "approved 8600.00 staff\npaid own-damage.A.A.property 8600.00\nopen").await;
    world.audit().await;
}

#[tokio::test]
async fn who_saw_an_older_version_is_told_of_the_conflict() {
    let world = World::open().await;
    let claim = referred(&world, "8600.00").await;
    let words = app::words::Words::of(app::words::Lang::Zh);
    let seen = world.app.staff_claim_page(&claim, words).await.unwrap().version;
    let desk = world.by("desk", Role::ServiceDesk).await;
    world.app.add_note(&desk, &claim, "客户来电").await.unwrap();
    let stale = Request { expected_version: Some(seen), ..world.by("zhao", Role::Approver).await };
    let figures = world.seen(&claim).await;
    assert_eq!(world.app.approve(&stale, &claim, figures).await, Err(Failure::Conflict));
    world.expect(&claim, "approved\npaid").await;
    let seen = world.app.staff_claim_page(&claim, words).await.unwrap().version;
    let fresh = Request { expected_version: Some(seen), ..world.by("zhao", Role::Approver).await };
    world.app.approve(&fresh, &claim, figures).await.unwrap();
    world.settle().await;
    // The same request again: its own approval moved the version, so it gets its answer.
    assert_eq!(world.app.approve(&fresh, &claim, figures).await, Ok(()));
    world.expect(&claim, "approved 8600.00 staff\npaid own-damage.A.A.property 8600.00").await;
    world.audit().await;
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_another_body_is_refused() {
    let world = World::open().await;
    let told = notice(&world, lin());
    let request = world.customer("lin").await;
    let first = world.app.take_notice(&request, told.clone()).await.unwrap();
    world.settle().await;
    assert_eq!(world.app.take_notice(&request, told.clone()).await.unwrap(), first);
    let other = |request: &Request| {
        let key = request.key.clone().map(|key| RequestKey { request: [9; 32], ..key });
        Request { key, ..request.clone() }
    };
    let mut later = told;
    later.story = "另一件事".to_owned();
    assert_eq!(world.app.take_notice(&other(&request), later.clone()).await, Err(Failure::KeyReused));
    // Told once more it changes nothing, and has used up its key all the same.
    let twice = world.customer("lin").await;
    let known = world.app.take_notice(&twice, later.clone()).await.unwrap();
    assert_eq!((&known.claim, known.joined), (&first.claim, true));
    assert_eq!(world.app.take_notice(&twice, later.clone()).await, Ok(known));
    assert_eq!(world.app.take_notice(&other(&twice), later).await, Err(Failure::KeyReused));

    let claim = first.claim;
    let send = world.customer("lin").await;
    let bytes = crate::support::photo(1);
    let accepted = world.app.add_evidence(&send, &claim, "photo-scene", None, bytes.clone()).await.unwrap();
    assert_eq!(world.app.add_evidence(&send, &claim, "photo-scene", None, bytes.clone()).await, Ok(accepted));
    let again = world.customer("lin").await;
    let same = world.app.add_evidence(&again, &claim, "photo-scene", None, bytes.clone()).await;
    assert_eq!(same.unwrap_err().to_string(), "refused: claim.refused.same-file");
    let reused = world.app.add_evidence(&other(&send), &claim, "photo-scene", None, bytes).await;
    assert_eq!(reused, Err(Failure::KeyReused));

    world.app.withdraw(&world.customer("lin").await, &claim).await.unwrap();
    let rate = world.customer("lin").await;
    world.app.rate(&rate, &claim, 4, "").await.unwrap();
    assert_eq!(world.app.rate(&rate, &claim, 4, "").await, Ok(()), "a repeat is no second rating");
    assert_eq!(world.app.rate(&other(&rate), &claim, 1, "").await, Err(Failure::KeyReused));
    let second = world.app.rate(&world.customer("lin").await, &claim, 1, "").await;
    assert_eq!(second.unwrap_err().to_string(), "refused: claim.refused.already-rated");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_files_at_once_are_all_kept_under_their_own_numbers() {
    let world = World::open().await;
    let claim = world.report("lin", notice(&world, lin())).await;
    let mut racers = vec![];
    for number in 0..64 {
        let request = world.customer("lin").await;
        let (app, claim) = (world.app.clone(), claim.clone());
        racers.push(tokio::spawn(async move {
            app.add_evidence(&request, &claim, "photo-scene", None, crate::support::photo(number)).await
        }));
    }
    let mut numbers = HashSet::new();
    for racer in racers {
        numbers.insert(racer.await.unwrap().unwrap().evidence);
    }
    assert_eq!(numbers.len(), 64);
    let kept = world.claim(&claim).await.evidence.len();
    assert_eq!(kept, 64);
    world.audit().await;
}
