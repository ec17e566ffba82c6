//! The stand-in provider keeps one letter per id and forgets the oldest.

use app::ports::{Channel, Letter, Messenger};
use connectors::{Delivery, FakeMessenger};
use futures::executor::block_on;

#[test]
fn a_letter_is_kept_once_and_the_oldest_is_forgotten() {
    let messenger = FakeMessenger::reliable(2);
    for (id, to) in
        [("m1", "13800131234"), ("m1", "13800131234"), ("m2", "13900131234"), ("m3", "13800131234")]
    {
        assert_eq!(block_on(messenger.send(letter(id, to))), Ok(()));
    }
    assert_eq!(ids(&messenger.sent()), ["m2", "m3"]);
    assert_eq!(ids(&messenger.sent_to("13800131234")), ["m3"]);
}

#[test]
fn a_plan_refuses_or_loses_the_answer() {
    let messenger = FakeMessenger::with_plan(10, |_, attempt| match attempt {
        1 => Delivery::Refused,
        2 => Delivery::TakenUnheard,
        _ => Delivery::Taken,
    });
    let send = || block_on(messenger.send(letter("m1", "13800131234"))).is_ok();
    assert_eq!([send(), send(), send()], [false, false, true]);
    assert_eq!(ids(&messenger.sent()), ["m1"], "the letter whose answer was lost is not kept twice");
}

fn ids(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.id.as_str()).collect()
}

fn letter(id: &str, to: &str) -> Letter {
    Letter {
        id: id.to_owned(), channel: Channel::Sms, to: to.to_owned(), text: "您的案件已结案".to_owned()
    }
}
