//! Messages told as tables: what is asked in turn, what comes of each, and when the next attempt is.

use customer::{Command, Contact, Language, MessageStatus, Params};
use journal::{Decider, Event as _};
use lexicon::Moment;

#[test]
fn a_message_is_sent_once() {
    check(
        "
        second | asked   | happens        | next
        0      | queue a | MessageQueued  | now
        0      | queue a | -              | now
        1      | sent a  | MessageSent    | never
        1      | sent a  | -              | never
        2      | fail a  | -              | never
        2      | giveup a | -             | never
        3      | queue a | -              | never
        ",
    );
}

#[test]
fn a_message_that_fails_is_tried_again_ever_later_and_given_up_at_last() {
    check(
        "
        second | asked   | happens        | next
        0      | queue a | MessageQueued  | now
        0      | fail a  | MessageFailed  | 5
        5      | fail a  | MessageFailed  | 35
        35     | fail a  | MessageFailed  | 155
        155    | fail a  | MessageFailed  | 755
        755    | fail a  | MessageFailed  | 4355
        4355   | fail a  | MessageFailed  | 25955
        25955  | fail a  | MessageGivenUp | never
        25956  | fail a  | -              | never
        25957  | sent a  | MessageSent    | never
        ",
    );
}

#[test]
fn a_message_can_be_given_up_by_hand_and_an_unknown_one_is_refused() {
    check(
        "
        second | asked    | happens                          | next
        0      | sent a   | customer.refused.no-such-message | never
        0      | fail a   | customer.refused.no-such-message | never
        0      | giveup a | customer.refused.no-such-message | never
        0      | queue a  | MessageQueued                    | now
        0      | giveup a | MessageGivenUp                   | never
        0      | giveup a | -                                | never
        ",
    );
}

#[test]
fn what_is_due_is_told_apart_from_what_waits() {
    let contact =
        [("a", "sent"), ("b", "fail"), ("c", "")].iter().fold(Contact::default(), |contact, (id, then)| {
            let contact = apply(&contact, command("queue", id, moment(0))).unwrap().1;
            if then.is_empty() { contact } else { apply(&contact, command(then, id, moment(0))).unwrap().1 }
        });
    let ids = |second| contact.due(moment(second)).map(|message| message.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids(4), ["c"]);
    assert_eq!(ids(5), ["b", "c"]);
    assert_eq!(contact.pending().count(), 2);
    assert_eq!(contact.messages().len(), 3);
}

/// The only place here that knows how messages are called. `-` is no event.
#[track_caller]
fn check(table: &str) {
    let mut contact = Contact::default();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1) {
        let [second, asked, expected, next] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("second | asked | happens | next: {line}")
        };
        let (verb, id) = asked.split_once(' ').unwrap();
        let at = moment(second.parse().unwrap());
        let happened = match apply(&contact, command(verb, id, at)) {
            Ok((names, after)) => {
                assert_eq!(names == "-", after == contact, "an event changes something: {line}");
                contact = after;
                names
            }
            Err(refusal) => refusal,
        };
        assert_eq!(happened, expected, "{line}");
        let status = contact.message(id).map(|message| message.status);
        let stands = match status {
            Some(MessageStatus::Queued) => "now".to_owned(),
            Some(MessageStatus::Waiting { retry_at, .. }) => retry_at.seconds_since(moment(0)).to_string(),
            Some(MessageStatus::Sent | MessageStatus::GivenUp) | None => "never".to_owned(),
        };
        assert_eq!(stands, next, "{line}");
    }
}

fn apply(contact: &Contact, command: Command) -> Result<(String, Contact), String> {
    let events = Contact::decide(contact, command).map_err(|refusal| refusal.to_string())?;
    let names: Vec<&str> = events.iter().map(|event| event.name()).collect();
    let after = events.iter().fold(contact.clone(), Contact::evolve);
    Ok((if names.is_empty() { "-".to_owned() } else { names.join(" ") }, after))
}

fn command(verb: &str, id: &str, at: Moment) -> Command {
    let id = id.to_owned();
    match verb {
        "queue" => Command::Queue {
            id,
            template: "message.paid".to_owned(),
            params: Params::from_iter([("amount".to_owned(), "1860.00".into())]),
            to: serde_json::from_str(r#"{"subject":"person-1","sealed":"v1.c2VhbGVk"}"#).unwrap(),
            lang: Language::Zh,
        },
        "sent" => Command::MarkSent { id },
        "fail" => Command::MarkFailed { id, at },
        "giveup" => Command::GiveUp { id },
        other => panic!("unknown command {other}"),
    }
}

fn moment(second: i64) -> Moment {
    "2026-05-02T06:30:00Z".parse::<Moment>().unwrap().plus_seconds(second)
}
