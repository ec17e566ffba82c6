//! Addresses and messages told as tables: what is asked in turn, and what comes of each.

use identity::door::{
    Answer, Deliveries, Delivery, DeliveryCommand, Ended, Endpoint, EndpointCommand, EndpointRegistered,
    Endpoints, Message, Sees, Why,
};
use journal::{Decider, Event as _};
use lexicon::{Moment, Private};

const START: i64 = 1_800_000_000;

fn at(seconds: i64) -> Moment {
    Moment::from_micros((START + seconds) * 1_000_000)
}

fn secret(name: &str) -> Private<String> {
    serde_json::from_value(serde_json::json!({ "subject": "endpoint-e1", "sealed": name })).unwrap()
}

/// Asks `lines` one after the other, each `second | asked | happens`.
fn check<D: Decider>(lines: &str, command: impl Fn(i64, &[&str]) -> D::Command) -> D::State
where
    D::Refusal: std::fmt::Display,
{
    let mut state = D::State::default();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("second")) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let words: Vec<&str> = parts[1].split_whitespace().collect();
        let happened = match D::decide(&state, command(parts[0].parse().unwrap(), &words)) {
            Ok(events) => {
                let names: Vec<&str> = events.iter().map(|event| event.name()).collect();
                state = events.iter().fold(state, D::evolve);
                if names.is_empty() { "-".to_owned() } else { names.join(" ") }
            }
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(happened, parts[2], "{line}");
    }
    state
}

#[test]
fn an_address_is_registered_once_and_its_old_secret_counts_for_a_day() {
    let command = |second: i64, words: &[&str]| match words {
        ["register"] => EndpointCommand::Register(EndpointRegistered {
            owner: "u1".parse().unwrap(),
            sees: Sees::Own,
            url: "https://hooks.example.com/".to_owned(),
            types: ["a".to_owned()].into(),
            subject: "endpoint-e1".parse().unwrap(),
            secret: secret("first"),
            after: 7,
        }),
        ["rotate", name] => EndpointCommand::Rotate { secret: secret(name), at: at(second) },
        ["disable", why] => EndpointCommand::Disable {
            why: Ended::ALL.into_iter().find(|ended| ended.word() == *why).unwrap(),
        },
        ["enable"] => EndpointCommand::Enable,
        other => panic!("{other:?}"),
    };
    let endpoint = check::<Endpoints>(
        "
        second | asked         | happens
        0      | rotate second | door.refused.no-such-endpoint
        0      | enable        | door.refused.no-such-endpoint
        0      | register      | EndpointRegistered
        0      | register      | door.refused.already-registered
        0      | enable        | -
        5      | rotate second | SecretRotated
        6      | disable gone  | EndpointDisabled
        7      | disable asked | -
        8      | enable        | EndpointEnabled
        9      | disable asked | EndpointDisabled
        ",
        command,
    );
    let Endpoint::Registered(listening) = endpoint else { panic!("it is registered") };
    assert_eq!(listening.secret, secret("second"));
    assert_eq!(listening.old, Some((secret("first"), at(5 + 86_400))));
    assert_eq!(listening.ended, Some(Ended::Asked));
    assert!(listening.hears("a") && !listening.hears("b"));
}

#[test]
fn a_message_is_tried_for_three_days_then_it_is_a_dead_letter_that_can_be_sent_again() {
    let command = |second: i64, words: &[&str]| match words {
        ["hold"] => DeliveryCommand::Hold {
            message: Message {
                endpoint: "e1".to_owned(),
                position: 8,
                event: "claim-A-1".to_owned(),
                kind: "a".to_owned(),
                claim: "A".to_owned(),
            },
            due: Some(at(second)),
        },
        ["fail"] => DeliveryCommand::Fail {
            answer: Answer { code: "status".to_owned(), status: Some(500), text: None },
            retry_after_seconds: None,
            chance: 0,
            at: at(second),
        },
        ["give-up"] => DeliveryCommand::GiveUp { why: Why::Gone },
        ["replay"] => DeliveryCommand::Replay { at: at(second) },
        ["made"] => DeliveryCommand::MarkMade,
        other => panic!("{other:?}"),
    };
    let delivery = check::<Deliveries>(
        "
        second | asked   | happens
        0      | fail    | door.refused.no-such-delivery
        0      | replay  | door.refused.no-such-delivery
        0      | hold    | DeliveryHeld
        0      | hold    | -
        0      | replay  | door.refused.not-dead
        10     | fail    | DeliveryFailed
        259209 | fail    | DeliveryFailed
        259210 | fail    | DeliveryFailed DeliveryGivenUp
        259211 | fail    | -
        259211 | made    | -
        300000 | replay  | DeliveryReplayed
        300001 | fail    | DeliveryFailed
        300002 | give-up | DeliveryGivenUp
        300003 | replay  | DeliveryReplayed
        300004 | made    | DeliveryMade
        300005 | replay  | door.refused.not-dead
        300006 | hold    | -
        ",
        command,
    );
    assert_eq!(delivery, Delivery::Made);
}

#[test]
fn a_receiver_that_asks_for_patience_gets_it_up_to_the_longest_wait() {
    let waiting = Delivery::Waiting { attempts: 0, since: None };
    for (asked, wait) in [(None, 5), (Some(2), 5), (Some(600), 600), (Some(9_999_999), 21_600)] {
        let events = Deliveries::decide(
            &waiting,
            DeliveryCommand::Fail {
                answer: Answer { code: "status".to_owned(), status: Some(429), text: None },
                retry_after_seconds: asked,
                chance: 0,
                at: at(0),
            },
        );
        let [identity::door::DeliveryEvent::DeliveryFailed(failed)] = &events.unwrap()[..] else { panic!() };
        assert_eq!(failed.retry_at, at(wait), "asked for {asked:?}");
    }
}
