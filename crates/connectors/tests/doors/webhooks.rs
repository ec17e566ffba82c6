//! Webhooks to receivers of every kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::outside::{DoorRules, Secret};
use app::ports::{HookCall, HookError, Hooks};
use app::{Failure, NewEndpoint, Role};
use connectors::HttpHooks;

use crate::house::{BESIDE_US, House, SOURCE, request};
use crate::receiver::{Does, Receiver, TAKES};

const DAY: i64 = 86_400;

fn hooks() -> HttpHooks {
    HttpHooks::with_patience(BESIDE_US, Duration::from_secs(2)).unwrap()
}

fn impatient() -> HttpHooks {
    HttpHooks::with_patience(BESIDE_US, Duration::from_millis(200)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_signed_once_and_in_order() {
    let house = House::open();
    let receiver = Receiver::open(|_| TAKES).await;
    house.rated("A260502-000001", 1).await;
    let registered = house.register("lin", &receiver.url()).await;
    let running = house.tells(hooks());
    for stars in 2..=5 {
        house.rated("A260502-000001", stars).await;
    }
    let got = receiver.waits_for(4).await;
    assert_eq!(
        got.iter().map(crate::receiver::Got::stars).collect::<Vec<_>>(),
        [2, 3, 4, 5],
        "what was before it was registered is not told"
    );
    let secret = Secret::parse(&registered.secret).unwrap();
    for (number, one) in got.iter().enumerate() {
        let event = one.json();
        assert_eq!(one.header("content-type"), "application/cloudevents+json");
        assert_eq!(one.header("webhook-id"), format!("claim-A260502-000001-{}", number + 2));
        assert_eq!(event["id"], one.header("webhook-id"));
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["source"], SOURCE);
        assert_eq!(event["type"], "cn.anpei.claim.rated.v1");
        assert_eq!(event["partitionkey"], "A260502-000001");
        let timestamp: i64 = one.header("webhook-timestamp").parse().unwrap();
        assert_eq!(timestamp, house.now().micros() / 1_000_000);
        assert_eq!(
            one.header("webhook-signature"),
            secret.sign(one.header("webhook-id"), timestamp, &one.body)
        );
    }
    running.end().await;
    assert!(house.deliveries("waiting").await.is_empty() && house.deliveries("dead").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_claim_that_is_not_taken_waits_in_its_order_and_the_others_pass() {
    let house = House::open();
    let receiver = Receiver::open(|got| match got.claim().ends_with('1') {
        true => Does::Says(500, vec![], "cannot store this now"),
        false => TAKES,
    })
    .await;
    house.register("lin", &receiver.url()).await;
    let running = house.tells(hooks());
    for stars in 1..=3 {
        house.rated("A260502-000001", stars).await;
        house.rated("A260502-000002", stars).await;
    }
    let waiting = house.waits_for("waiting", 3).await;
    assert_eq!((waiting[0].attempts, waiting[1].attempts, waiting[2].attempts), (1, 0, 0));
    assert_eq!((waiting[0].answer.as_deref(), waiting[0].answer_status), (Some("status"), Some(500)));
    assert_eq!(waiting[0].answer_text.as_deref(), Some("cannot store this now"));
    assert!(waiting[0].due.is_some() && waiting[1].due.is_none(), "the later ones wait behind the first");
    receiver.waits_for(4).await;
    let second: Vec<u64> = receiver
        .told()
        .into_iter()
        .filter(|(claim, _)| claim.ends_with('2'))
        .map(|(_, stars)| stars)
        .collect();
    assert_eq!(second, [1, 2, 3]);

    receiver.turns(|_| TAKES);
    house.passes(3_600);
    house.waits_for("waiting", 0).await;
    let got = receiver.got();
    let first: Vec<(u64, String)> = got
        .iter()
        .filter(|got| got.claim().ends_with('1'))
        .map(|got| (got.stars(), got.header("webhook-id").to_owned()))
        .collect();
    let id = |version: u64| format!("claim-A260502-000001-{version}");
    assert_eq!(
        first,
        [(1, id(1)), (1, id(1)), (2, id(2)), (3, id(3))],
        "the id is the same at every attempt"
    );
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_asks_for_patience_is_left_alone_for_so_long() {
    let house = House::open();
    let receiver =
        Receiver::open(|_| Does::Says(429, vec![("retry-after", "600".to_owned())], "slow down")).await;
    house.register("lin", &receiver.url()).await;
    let running = house.tells(hooks());
    house.rated("A260502-000001", 1).await;
    let waiting = house.waits_for("waiting", 1).await;
    assert_eq!(waiting[0].due.map(|due| due.0.seconds_since(house.now())), Some(600));
    house.rated("A260502-000002", 2).await;
    house.passes(599);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(receiver.got().len(), 1, "nothing is asked of it, of no claim");
    receiver.turns(|_| TAKES);
    house.passes(2);
    receiver.waits_for(3).await;
    house.waits_for("waiting", 0).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_ends_the_address_and_what_waited_can_be_sent_again() {
    let house = House::open();
    let receiver = Receiver::open(|_| Does::Answers(500)).await;
    let owner = house.account("lin", Role::Administrator).await;
    let registered = house.register_by(&owner, &receiver.url(), &[]).await;
    let running = house.tells(hooks());
    house.rated("A260502-000001", 1).await;
    house.waits_for("waiting", 1).await;
    receiver.turns(|_| Does::Answers(410));
    house.rated("A260502-000002", 2).await;
    let dead = house.waits_for("dead", 2).await;
    assert!(dead.iter().all(|letter| letter.why.as_deref() == Some("gone")), "{dead:?}");
    let page = house.app.endpoint_page(&owner, &registered.endpoint).await.unwrap();
    assert_eq!((page.enabled, page.ended.as_deref(), page.dead), (false, Some("gone"), 2));

    let asked = request(&owner);
    house.rated("A260502-000003", 3).await;
    assert_eq!(
        house.app.replay(&asked, &registered.endpoint, None).await,
        Err(Failure::refused("door.refused.disabled"))
    );
    receiver.turns(|_| TAKES);
    let before = receiver.got().len();
    house.app.enable_endpoint(&asked, &registered.endpoint, true).await.unwrap();
    receiver.waits_for(before + 1).await;
    assert_eq!(receiver.told()[before..], [("A260502-000003".to_owned(), 3)], "what happened meanwhile");
    assert_eq!(house.app.replay(&asked, &registered.endpoint, Some(&dead[1].event)).await, Ok(1));
    receiver.waits_for(before + 2).await;
    assert_eq!(house.app.replay(&asked, &registered.endpoint, None).await, Ok(1));
    house.waits_for("dead", 0).await;
    receiver.waits_for(before + 3).await;
    assert_eq!(receiver.told()[before + 1].1, 2);
    assert_eq!(
        house.app.replay(&asked, &registered.endpoint, Some("claim-A260502-000001-1")).await,
        Err(Failure::refused("door.refused.not-dead"))
    );
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_redirection_is_followed_and_no_answer_has_no_end() {
    for (does, answer, status) in [
        (
            Does::Says(302, vec![("location", "http://127.0.0.1:9/elsewhere".to_owned())], ""),
            "status",
            Some(302),
        ),
        (Does::Cuts, "cut", None),
        (Does::Hangs, "timeout", None),
    ] {
        let house = House::open();
        let elsewhere = Receiver::open(|_| TAKES).await;
        let does = match does {
            Does::Says(status, _, text) => Does::Says(status, vec![("location", elsewhere.url())], text),
            does => does,
        };
        let doing = does.clone();
        let receiver = Receiver::open(move |_| doing.clone()).await;
        house.register("lin", &receiver.url()).await;
        let running = house.tells(impatient());
        house.rated("A260502-000001", 1).await;
        // It waits from the moment on at which it is queued, and again after its attempt.
        let tried = loop {
            let waiting = house.waits_for("waiting", 1).await.remove(0);
            match waiting.answer {
                Some(answer) => break (answer, waiting.answer_status),
                None => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        };
        assert_eq!(tried, (answer.to_owned(), status), "{does:?}");
        assert!(elsewhere.got().is_empty());
        running.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_not_read_to_its_end() {
    let house = House::open();
    let receiver = Receiver::open(|_| Does::NeverEnds).await;
    house.register("lin", &receiver.url()).await;
    let running = house.tells(hooks());
    house.rated("A260502-000001", 1).await;
    house.rated("A260502-000001", 2).await;
    receiver.waits_for(2).await;
    assert!(house.deliveries("waiting").await.is_empty(), "its status was an answer");
    running.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_unreachable() {
    let house = House::open();
    let receiver = Receiver::open(|_| TAKES).await;
    let free = receiver.url().replace(&receiver.address.port().to_string(), "1");
    house.register("lin", &free).await;
    let running = house.tells(hooks());
    house.rated("A260502-000001", 1).await;
    assert_eq!(house.waits_for("waiting", 1).await[0].answer.as_deref(), Some("unreachable"));
    running.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_receiver_slows_itself_alone() {
    let house = House::open();
    let (slow, quick) = (Receiver::open(|_| Does::Hangs).await, Receiver::open(|_| TAKES).await);
    let owner = house.account("lin", Role::Administrator).await;
    house.register_by(&owner, &slow.url(), &[]).await;
    house.register_by(&owner, &quick.url(), &[]).await;
    let running = house.tells(HttpHooks::with_patience(BESIDE_US, Duration::from_secs(60)).unwrap());
    for stars in 0..100 {
        house.rated(&format!("A260502-{:06}", stars % 10), stars).await;
    }
    quick.waits_for(100).await;
    assert!(slow.got().len() <= 8, "{} at once", slow.got().len());
    running.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_three_days_a_message_is_a_dead_letter_and_lets_the_next_one_pass() {
    let house = House::open();
    let receiver = Receiver::open(|got| if got.stars() == 1 { Does::Answers(400) } else { TAKES }).await;
    let owner = house.account("lin", Role::Administrator).await;
    let registered = house.register_by(&owner, &receiver.url(), &[]).await;
    let running = house.tells(hooks());
    house.rated("A260502-000001", 1).await;
    house.rated("A260502-000001", 2).await;
    house.waits_for("waiting", 2).await;
    let mut tries = 1;
    for _ in 0..200 {
        house.passes(DAY / 8);
        tokio::time::sleep(Duration::from_millis(40)).await;
        if !house.deliveries("dead").await.is_empty() {
            break;
        }
        tries = house.deliveries("waiting").await[0].attempts;
    }
    let dead = house.waits_for("dead", 1).await;
    assert_eq!((dead[0].why.as_deref(), dead[0].answer_status), (Some("tried-long"), Some(400)));
    assert!((8..40).contains(&tries), "{tries} attempts in three days");
    house.waits_for("waiting", 0).await;
    assert_eq!(receiver.told().last().unwrap().1, 2, "the next one passed");
    receiver.turns(|_| TAKES);
    assert_eq!(house.app.replay(&request(&owner), &registered.endpoint, None).await, Ok(1));
    house.waits_for("dead", 0).await;
    house.waits_for("waiting", 0).await;
    assert_eq!(receiver.told().last().unwrap().1, 1);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_receiver_is_left_to_rest_then_ended_and_goes_on_where_it_stopped() {
    let house = House::open();
    let receiver = Receiver::open(|_| Does::Answers(503)).await;
    let owner = house.account("lin", Role::Administrator).await;
    let registered = house.register_by(&owner, &receiver.url(), &[]).await;
    let running = house.tells(hooks());
    for stars in 0..200 {
        house.rated(&format!("A260502-{stars:06}"), stars).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let held = house.deliveries("waiting").await.len();
    // At the most what it may fail before it rests, and the batch that was read then.
    assert!((16..=80).contains(&held), "{held} held: it is not read for any further");
    assert!(receiver.got().len() <= 80, "{} attempts", receiver.got().len());
    for _ in 0..60 {
        house.passes(DAY / 8);
        tokio::time::sleep(Duration::from_millis(60)).await;
        if !house.app.endpoint_page(&owner, &registered.endpoint).await.unwrap().enabled {
            break;
        }
    }
    let page = house.app.endpoint_page(&owner, &registered.endpoint).await.unwrap();
    assert_eq!(page.ended.as_deref(), Some("silent"));
    house.waits_for("waiting", 0).await;
    receiver.turns(|_| TAKES);
    let before = receiver.got().len();
    house.app.enable_endpoint(&request(&owner), &registered.endpoint, true).await.unwrap();
    house.app.replay(&request(&owner), &registered.endpoint, None).await.unwrap();
    receiver.waits_for(before + 200).await;
    house.waits_for("waiting", 0).await;
    let mut stars: Vec<u64> = receiver.told()[before..].iter().map(|(_, stars)| *stars).collect();
    stars.sort_unstable();
    assert_eq!(stars, (0..200).collect::<Vec<_>>(), "nothing is lost");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_nothing_is_skipped_and_repeats_have_the_same_id() {
    let house = House::open();
    let seen = Arc::new(AtomicUsize::new(0));
    let counting = seen.clone();
    let receiver = Receiver::open(move |_| match counting.fetch_add(1, Ordering::SeqCst) % 7 {
        3 => Does::Answers(500),
        5 => Does::Cuts,
        _ => TAKES,
    })
    .await;
    house.register("lin", &receiver.url()).await;
    for stars in 0..120 {
        house.rated(&format!("A260502-{:06}", stars % 6), stars).await;
    }
    for _ in 0..8 {
        let running = house.tells(hooks());
        tokio::time::sleep(Duration::from_millis(25)).await;
        running.kill().await;
        house.passes(60);
    }
    receiver.turns(|_| TAKES);
    let running = house.tells(hooks());
    for _ in 0..200 {
        house.passes(3_600);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let told: std::collections::BTreeSet<u64> = receiver.told().iter().map(|(_, stars)| *stars).collect();
        if told.len() == 120 && house.deliveries("waiting").await.is_empty() {
            break;
        }
    }
    running.end().await;
    let got = receiver.got();
    for stars in 0..120 {
        let ids: std::collections::BTreeSet<&str> =
            got.iter().filter(|got| got.stars() == stars).map(|got| got.header("webhook-id")).collect();
        assert_eq!(ids.len(), 1, "{stars}: {ids:?}");
    }
    assert!(house.deliveries("waiting").await.is_empty() && house.deliveries("dead").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_told_of_its_own_claims_and_of_the_types_that_it_chose() {
    let house = House::open();
    let (own, all) = (Receiver::open(|_| TAKES).await, Receiver::open(|_| TAKES).await);
    let program = house.account("workshop", Role::Client).await;
    let types = ["cn.anpei.claim.rated.v1"];
    let registered = house.register_by(&program, &own.url(), &types).await;
    house.register("lin", &all.url()).await;
    let running = house.tells(hooks());
    let account = program.account.clone().unwrap();
    house.notified("A260502-000001", &account).await;
    house.notified("A260502-000002", &"c-17".parse().unwrap()).await;
    house.rated("A260502-000002", 2).await;
    house.rated("A260502-000001", 1).await;
    all.waits_for(4).await;
    own.waits_for(1).await;
    assert_eq!(own.told(), [("A260502-000001".to_owned(), 1)]);
    let text = String::from_utf8(all.got().iter().flat_map(|got| got.body.clone()).collect()).unwrap();
    assert!(!text.contains("sealed") && !text.contains("c2VhbGVk") && !text.contains("a1b2"), "{text}");

    let stranger = house.account("stranger", Role::Client).await;
    for endpoint in [&registered.endpoint, "e000", "../x", ""] {
        let asked = house.app.endpoint_page(&stranger, endpoint).await;
        assert_eq!(asked.err(), Some(Failure::NotFound), "{endpoint}");
    }
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_day_messages_are_signed_with_both_secrets() {
    let house = House::open();
    let receiver = Receiver::open(|_| TAKES).await;
    let owner = house.account("lin", Role::Administrator).await;
    let first = house.register_by(&owner, &receiver.url(), &[]).await;
    let second = house.app.rotate_secret(&request(&owner), &first.endpoint).await.unwrap();
    assert_ne!(first.secret, second.secret);
    let running = house.tells(hooks());
    house.rated("A260502-000001", 1).await;
    receiver.waits_for(1).await;
    house.passes(DAY);
    house.rated("A260502-000001", 2).await;
    let got = receiver.waits_for(2).await;
    let signed = |secret: &str, at: usize| {
        let timestamp = got[at].header("webhook-timestamp").parse().unwrap();
        Secret::parse(secret).unwrap().sign(got[at].header("webhook-id"), timestamp, &got[at].body)
    };
    let both = format!("{} {}", signed(&second.secret, 0), signed(&first.secret, 0));
    assert_eq!(got[0].header("webhook-signature"), both);
    assert_eq!(got[1].header("webhook-signature"), signed(&second.secret, 1));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_leaves_for_an_address_inside() {
    let receiver = Receiver::open(|_| TAKES).await;
    let strict = DoorRules::default();
    let port = receiver.address.port();
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://0.0.0.0:{port}/"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.0.0.1/".to_owned(),
    ] {
        let hooks = HttpHooks::new(strict).unwrap();
        let call = HookCall { url: url.clone(), headers: vec![], body: b"{}".to_vec() };
        assert_eq!(hooks.post(call).await.err(), Some(HookError::Inside), "{url}");
        let house = House::under(strict);
        let owner = house.account("lin", Role::Administrator).await;
        let new = NewEndpoint { url: url.clone(), types: Default::default() };
        let refused = house.app.register_endpoint(&request(&owner), &new).await;
        assert!(matches!(refused, Err(Failure::Refused(_))), "{url}: {refused:?}");
    }
    // An address that was taken under other rules than now.
    let house = House::open();
    house.register("lin", &receiver.url()).await;
    let running = house.tells(HttpHooks::new(strict).unwrap());
    house.rated("A260502-000001", 1).await;
    assert_eq!(house.waits_for("waiting", 1).await[0].answer.as_deref(), Some("inside"));
    running.end().await;
    assert!(receiver.got().is_empty());
}
