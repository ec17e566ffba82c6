//! The notice as people tell it: from the fields of a form to what the product takes.

use app::Notice;
use app::claims::{BankAccount, Channel, Contact, DamageGuess, FaultSource};
use app::words::Words;
use lexicon::{BankCard, Phone, Plate, Ratio, Wgs84};

use crate::components::Mistakes;
use crate::form::Form;

/// Plates of other vehicles that fit on the form.
pub(in crate::pages) const OTHER_PLATES: [&str; 3] = ["other_plate_1", "other_plate_2", "other_plate_3"];

/// Shares of fault as the police write them, each with the reporter's own part in percent.
pub(in crate::pages) const FAULTS: [(&str, i64); 5] =
    [("all", 100), ("most", 70), ("half", 50), ("some", 30), ("none", 0)];

/// By what a share of fault stands, as far as a reporter can say.
pub(in crate::pages) const FAULT_SOURCES: [&str; 3] = ["stated", "agreed", "police"];

const LINE_CHARS_MAX: usize = 200;
const STORY_CHARS_MAX: usize = 2_000;

/// How many other vehicles there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Others {
    None,
    One,
    More,
}

impl Others {
    pub(in crate::pages) const ALL: [(Others, &'static str); 3] =
        [(Others::None, "none"), (Others::One, "one"), (Others::More, "more")];

    fn named(word: &str) -> Option<Others> {
        Others::ALL.into_iter().find(|(_, name)| *name == word).map(|(others, _)| others)
    }
}

/// The notice that `form` tells, or what is wrong with it in the order of its fields.
pub(in crate::pages) fn notice(form: &Form, words: &Words, channel: Channel) -> Result<Notice, Mistakes> {
    let mut mistakes = Mistakes::new();
    let mut wrong = |field: &str, code: &str| mistakes.note(field, words.say(code));
    let injury = form.word("injury");
    if injury.is_none() {
        wrong("injury", "tell-injury-wrong");
    }
    let occurred_at = words.read_typed(form.text("occurred_at"));
    if occurred_at.is_none() {
        wrong("occurred_at", "tell-when-wrong");
    }
    let place = form.text("place");
    if place.is_empty() {
        wrong("place", "notice.refused.no-place");
    }
    let cause = form.word("cause");
    if cause.is_none() {
        wrong("cause", "tell-cause-wrong");
    }
    let others = Others::named(form.text("others"));
    if others.is_none() {
        wrong("others", "tell-others-wrong");
    }
    let others = others.unwrap_or(Others::None);
    let mut plates = vec![];
    let shown = match others {
        Others::None => 0,
        Others::One => 1,
        Others::More => OTHER_PLATES.len(),
    };
    for field in &OTHER_PLATES[..shown] {
        match form.text(field) {
            "" => {}
            text => match text.parse::<Plate>() {
                Ok(plate) => plates.push(Some(plate)),
                Err(_) => wrong(field, "form.refused.plate"),
            },
        }
    }
    let least = match others {
        Others::None => 0,
        Others::One => 1,
        Others::More => 2,
    };
    while plates.len() < least {
        plates.push(None);
    }
    let fault = if others == Others::None { None } else { fault(form) };
    if others != Others::None && fault.is_none() && form.text("fault") != "unknown" {
        wrong("fault", "tell-fault-wrong");
    }
    let guess = form.word::<DamageGuess>("damage");
    if guess.is_none() {
        wrong("damage", "tell-damage-wrong");
    }
    let plate = form.text("plate").parse::<Plate>();
    if plate.is_err() {
        wrong("plate", "form.refused.plate");
    }
    let name = form.text("name");
    if name.is_empty() {
        wrong("name", "notice.refused.no-name");
    }
    let phone = form.text("phone").parse::<Phone>();
    if phone.is_err() {
        wrong("phone", "form.refused.phone");
    }
    let account = account(form, name, words, &mut mistakes);
    for (field, most) in [("place", LINE_CHARS_MAX), ("name", LINE_CHARS_MAX), ("story", STORY_CHARS_MAX)] {
        if form.text(field).chars().count() > most {
            mistakes.note(field, words.say_with("form.refused.too-long", &[("max", most.into())]));
        }
    }
    match (injury, occurred_at, cause, guess, plate, phone) {
        (Some(injury), Some(occurred_at), Some(cause), Some(guess), Ok(plate), Ok(phone))
            if mistakes.is_empty() =>
        {
            Ok(Notice {
                occurred_at,
                cause,
                place: place.to_owned(),
                position: position(form),
                injury,
                other_property: form.text("other_property") == "yes",
                plate,
                self_claim: !plates.is_empty() && form.text("self_claim") == "yes",
                others: plates,
                story: form.text("story").to_owned(),
                contact: Contact { name: name.to_owned(), phone: phone.as_str().to_owned() },
                guess,
                fault,
                account,
                channel,
            })
        }
        _ => Err(mistakes),
    }
}

/// The own share of fault and by what it stands; nothing where they do not know.
fn fault(form: &Form) -> Option<(Ratio, FaultSource)> {
    let (_, percent) = FAULTS.iter().find(|(word, _)| *word == form.text("fault"))?;
    let source = match form.text("fault_source") {
        "agreed" => FaultSource::Agreed,
        "police" => FaultSource::Police,
        _ => FaultSource::Stated,
    };
    Some((Ratio::percent(*percent), source))
}

/// Where to pay, if they say so already; the holder is who reports unless another name is given.
fn account(form: &Form, name: &str, words: &Words, mistakes: &mut Mistakes) -> Option<BankAccount> {
    let number = form.text("account_number");
    if number.is_empty() {
        return None;
    }
    let holder = Some(form.text("account_name")).filter(|holder| !holder.is_empty()).unwrap_or(name);
    match number.parse::<BankCard>() {
        Ok(number) => Some(BankAccount { name: holder.to_owned(), number: number.as_str().to_owned() }),
        Err(_) => {
            mistakes.note("account_number", words.say("form.refused.account"));
            None
        }
    }
}

/// Where the phone says it is. People do not fill this in, so what cannot be read is left out.
fn position(form: &Form) -> Option<Wgs84> {
    let degrees = |name| form.text(name).parse::<f64>().ok();
    Wgs84::new(degrees("latitude")?, degrees("longitude")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::words::Lang;

    const TOLD: &str = "injury=none&occurred_at=2026-05-02T14:30&place=Jianguo Road 88&cause=scrape&damage=some\
        &plate=%E4%BA%ACA12345&name=Wang&phone=13800138000";

    fn read(more: &str) -> Result<Notice, Mistakes> {
        notice(&Form::parse(&format!("{TOLD}&{more}")), Words::of(Lang::En), Channel::Page)
    }

    #[test]
    fn what_was_told_is_what_is_notified() {
        let told = read("others=none&latitude=39.9&longitude=116.4").unwrap();
        assert_eq!(told.occurred_at.to_string(), "2026-05-02T06:30:00Z");
        assert!(told.others.is_empty() && told.fault.is_none() && told.account.is_none());
        assert_eq!(told.position.map(|position| position.latitude()), Some(39.9));

        let told = read(
            "others=one&other_plate_1=&fault=some&fault_source=police&self_claim=yes&account_number=6222020200112233446",
        )
        .unwrap();
        assert_eq!(told.others, [None]);
        assert_eq!(told.fault, Some(("0.3".parse().unwrap(), FaultSource::Police)));
        assert_eq!(told.account.unwrap().name, "Wang");
        assert!(told.self_claim);

        let told = read("others=more&other_plate_2=%E4%BA%ACB22222&fault=all").unwrap();
        assert_eq!(told.others.len(), 2, "two at the least, one with its plate");
        assert_eq!(told.fault, Some((Ratio::ONE, FaultSource::Stated)));
    }

    #[test]
    fn every_choice_has_its_words() {
        let faults = FAULTS.iter().map(|(word, _)| format!("tell-fault-{word}"));
        let sources = FAULT_SOURCES.iter().map(|word| format!("tell-source-{word}"));
        let others = Others::ALL.iter().map(|(_, word)| format!("tell-others-{word}"));
        for code in faults.chain(sources).chain(others) {
            assert!(Lang::ALL.iter().all(|lang| Words::of(*lang).knows(&code)), "{code}");
        }
    }

    #[test]
    fn what_is_hidden_with_the_other_vehicles_does_not_count() {
        let told = read("others=none&other_plate_1=nonsense&fault=all&self_claim=yes").unwrap();
        assert!(told.others.is_empty() && told.fault.is_none() && !told.self_claim);
    }

    #[test]
    fn mistakes_stand_at_their_fields() {
        for (more, field) in [
            ("others=", "others"),
            ("others=one", "fault"),
            ("others=one&fault=unknown&other_plate_1=B1", "other_plate_1"),
            ("others=none&account_number=6222020200112233449", "account_number"),
        ] {
            let mistakes = read(more).unwrap_err();
            assert!(mistakes.at(field).is_some(), "{more}");
        }
        let empty = notice(&Form::default(), Words::of(Lang::Zh), Channel::Page).unwrap_err();
        for field in ["injury", "occurred_at", "place", "cause", "others", "damage", "plate", "name", "phone"]
        {
            assert!(empty.at(field).is_some(), "{field}");
        }
        let long = format!("{}&others=none&story={}", TOLD, "x".repeat(2_001));
        let long = notice(&Form::parse(&long), Words::of(Lang::En), Channel::Page).unwrap_err();
        assert!(long.at("story").is_some_and(|sentence| sentence.contains("2")));
    }
}
