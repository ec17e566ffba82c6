//! Every code of the product has its sentence in both languages. Codes are taken from the types, tables and sources that make
//! them, so that a new one without a sentence fails here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use app::words::{Arg, Lang, Words};
use app::{Failure, reactions};
use journal::Event as _;
use lexicon::{Moment, Money, Severity};
use rulebook::tables::{Damage, Nature, Operation, Step, VehicleClass};
use rulebook::{
    AmountSource, Cause, Facts, FaultSource, Injury, PolicyFact, Route, Tables, Team, Verdict, Warning,
};

/// Every variant of an enum that keeps no list of its own; one that is not listed does not compile.
macro_rules! every {
    ($type:ty { $($variant:ident $({ $($field:ident: $value:expr),+ })?),+ $(,)? }) => {{
        type Listed = $type;
        let listed = [$(Listed::$variant $({ $($field: $value),+ })?),+];
        for one in &listed {
            match one { $(Listed::$variant { .. } => {}),+ }
        }
        listed
    }};
}

/// What a customer's timeline never tells: how the insurer works inside.
const STAFF_ALONE: &[&str] = &[
    "PolicyMatched",
    "WarningRaised",
    "Adjudicated",
    "FirstApproved",
    "FirstAssessed",
    "AssessmentConfirmed",
    "AssessmentReturned",
    "Informed",
    "ReserveAgreed",
    "Returned",
    "RefusalProposed",
    "RefusalReturned",
    "NoteAdded",
    "TaskOpened",
    "TaskAssigned",
    "TaskDone",
    "TaskEscalated",
    "ClaimAttached",
    "TermsStated",
    "PaymentCancelled",
    "Reserved",
    "ReserveReleased",
    "RecoveryExpected",
    "RecoveryReceived",
    "ReporterTurnedAway",
    "SetOffGiven",
    "SetOffTaken",
    "FoundStated",
    "PaymentFound",
    "FoundSetAside",
];

#[track_caller]
fn known<C: AsRef<str>>(prefix: &str, codes: impl IntoIterator<Item = C>) {
    let codes: Vec<String> = codes.into_iter().map(|code| format!("{prefix}{}", code.as_ref())).collect();
    assert!(!codes.is_empty(), "{prefix}: nothing is looked for");
    let lacks = |lang: Lang| codes.iter().filter(move |code| !Words::of(lang).knows(code));
    let missing: BTreeSet<&String> = Lang::ALL.into_iter().flat_map(lacks).collect();
    assert!(missing.is_empty(), "no sentence for {missing:?}");
}

/// The sentence of `code` is there and takes no value but `values`.
#[track_caller]
fn told<N: AsRef<str>>(code: &str, values: &[(N, String)]) -> [String; 2] {
    known("", [code]);
    let args: Vec<(&str, Arg<'_>)> = values
        .iter()
        .map(|(name, value)| (name.as_ref(), Arg::told(name.as_ref(), value.as_str())))
        .collect();
    Lang::ALL.map(|lang| {
        let sentence = Words::of(lang).say_with(code, &args).into_owned();
        assert!(!sentence.contains('{'), "{code} takes a value that nobody gives: {sentence}");
        sentence
    })
}

/// The word under which a value is stored and shown.
fn stored(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::String(word) => word,
        serde_json::Value::Object(fields) => fields.keys().next().unwrap().clone(),
        other => panic!("{other} is no word"),
    }
}

#[test]
fn refusals_of_a_claim_and_its_accident() {
    let part = || "hood".to_owned();
    for refusal in every!(claim::Refusal {
        NotFound,
        AlreadyNotified,
        Over,
        NotOver,
        OutOfOrder,
        NoSuchVehicle,
        NoSuchTask,
        NobodyWaits,
        ReporterDecided,
        NoDamage,
        TooManyLines,
        NoSuchPhoto,
        NoSuchPart { part: part() },
        NoPrice { part: part() },
        TooManyFiles,
        BadAmount,
        UnknownKind,
        SameFile,
        NotAdjudicated,
        OtherFigures { total: Money::from_yuan(5_000) },
        OtherRefusal,
        OtherAssessment,
        AssessmentWaits,
        RefusalWaits,
        NothingOwed,
        NoAuthority,
        AboveAuthority { limit: Money::from_yuan(5_000) },
        OwnAssessment,
        SamePerson,
        NoClause,
        NoReason,
        AlreadyPaid,
        StillOpen,
        BadStars,
        AlreadyRated,
        Overflow,
    }) {
        told(refusal.word(), &refusal.values());
    }
    let refusals = every!(claim::incident::Refusal {
        NotReported,
        AlreadyReported,
        NoSuchVehicle,
        VehicleHasClaim,
        TooManyParties,
        BadParty,
        BadShares,
        NegativeAmount,
        PartAboveWhole,
        NoActualValue,
        TwoDrivers,
    });
    known("", refusals.map(claim::incident::Refusal::word));
}

#[test]
fn refusals_of_the_other_rooms() {
    let payment = || "P1".parse().unwrap();
    let exposure = || "own-damage.A.A.property".parse().unwrap();
    let books = every!(books::Refusal {
        Amount,
        NoSuchPayment { payment: payment() },
        NotRejected { payment: payment(), status: "" },
        PaymentUnderWay { payment: payment() },
        NothingLeft,
        PaymentDiffers { payment: payment(), ordered: Money::ZERO, asked: Money::ZERO },
        DoubleConfirmation { payment: payment(), first: String::new(), second: String::new() },
        ContradictsEnd { payment: payment(), status: "" },
        PaymentEnded { payment: payment(), status: "" },
        AlreadySent { payment: payment() },
        BelowOrdered { exposure: exposure(), ordered: Money::ZERO },
        ReserveShort { exposure: exposure(), outstanding: Money::ZERO, asked: Money::ZERO },
        ReceiptDiffers { bank_reference: String::new() },
        RecoveryNotExpected,
        MoreThanExpected { left: Money::ZERO },
        NotHeld { held: Money::ZERO },
        SetOffDiffers,
        FoundExplained,
        FoundDiffers,
        BelowReceived { received: Money::ZERO },
    });
    let identity = every!(identity::Refusal {
        NotOpened,
        Closed,
        AlreadyOpen,
        NoRole,
        RolesConflict { role: identity::Role::Auditor },
        Locked { until: Moment::from_micros(0) },
        NoSuchInvitation,
        InvitationUsed,
        InvitationExpired,
        PasswordMissing,
        NoSuchToken,
        NoScope,
    });
    let door =
        every!(identity::door::DoorRefusal { NoSuchEndpoint, AlreadyRegistered, NoSuchDelivery, NotDead });
    known("", door.map(identity::door::DoorRefusal::word));
    let register = every!(register::Refusal {
        AlreadyRegistered,
        NotRegistered,
        Cancelled,
        PeriodEmpty,
        NothingCovered,
        OutsidePeriod,
        OutOfOrder,
    });
    let customer = every!(customer::Refusal { NoSuchMessage });
    for refusal in &books {
        told(refusal.word(), &refusal.values());
    }
    let words = register.iter().map(|refusal| refusal.word());
    // None of these gives values.
    for word in words.chain(customer.iter().map(customer::Refusal::word)) {
        told::<&str>(word, &[]);
    }
    for refusal in identity {
        let (word, Failure::Refused(refused)) = (refusal.word(), Failure::from(refusal)) else {
            panic!("an account's refusal is the person's to act on")
        };
        assert_eq!(refused.word, word);
        told(word, &refused.values);
    }
}

#[test]
fn what_a_claim_is_made_of() {
    let stages = every!(claim::Stage {
        Unborn,
        Reported,
        Inspecting,
        Assessing,
        Adjudicating,
        Paying,
        Closed,
        Declined,
        Withdrawn
    });
    known("stage-", stages.map(claim::Stage::word));
    known("stage-customer-", stages.map(claim::Stage::word));
    let holders = every!(claim::Holder { You, Us, Bank, Other, Nobody });
    known("holder-", holders.iter().map(stored));
    known("holder-staff-", ["you"]);
    known("severity-", every!(Severity { Minor, General, Major }).map(Severity::word));
    known("route-", every!(Route { OwnPhotos, Inspection }).map(Route::word));
    known("channel-", every!(claim::state::Channel { Page, Phone, Api }).iter().map(stored));
    known("amount-source-", every!(AmountSource { PriceTable, Person }).iter().map(stored));
    let facts = every!(PolicyFact { InForce { days: 1 }, NotInForce, NotFound });
    known("policy-fact-", facts.iter().map(stored));
    let causes = every!(claim::events::ReopenCause { Supplement, Dispute, Correction });
    known("reopen-", causes.iter().map(stored));
    let verdicts = every!(Verdict { Approve, Ask { papers: vec![] }, Refer { team: Team::Approval } });
    known("verdict-", verdicts.iter().map(stored));
    let warnings = every!(Warning {
        LateNotice,
        NewPolicy,
        PhotoSeenBefore,
        ManyClaims,
        PossibleDuplicate,
        TimeContradiction
    });
    known("warning-", warnings.map(Warning::word));
    for guess in claim::state::DamageGuess::ALL {
        known("guess-", [guess.word().to_owned(), format!("{}-hint", guess.word())]);
    }
    // As pages tell the texts of people apart.
    known(
        "note-",
        ["note", "inspection", "message", "reopening", "rating", "refusal-returned", "assessment-returned"],
    );
    let ways = every!(claim::events::Service { Message, Post, Hand, Email });
    known("service-", ways.map(claim::events::Service::word));
    known("evidence-", evidence::KINDS.iter().map(|kind| kind.code));
    let tables = Tables::shipped().unwrap();
    known("part-", tables.prices.parts(tables.day(now())).map(|part| &part.code));
    known("damage-", Damage::ALL.map(Damage::word));
    known("operation-", Operation::ALL.map(Operation::word));
    known("class-", VehicleClass::ALL.map(VehicleClass::word));
}

#[test]
fn what_an_accident_is_made_of() {
    for word in Cause::ALL.map(Cause::word) {
        known("cause-", [word.to_owned(), format!("{word}-hint")]);
    }
    for word in Injury::ALL.map(Injury::word) {
        known("injury-", [word.to_owned(), format!("{word}-hint")]);
    }
    let sources = every!(FaultSource { Stated, Single, Agreed, Police, Court, Staff });
    known("fault-source-", sources.map(FaultSource::word));
    // As pages tell what is known of a vehicle's loss.
    known("vehicle-loss-", ["unknown", "waived", "repair", "total-loss"]);
    known("seat-", every!(claim::incident::Seat { Driver, Passenger }).iter().map(stored));
}

#[test]
fn who_works_on_it() {
    known("team-", Team::ALL.map(Team::word));
    known("role-", identity::Role::ALL.map(identity::Role::word));
    let kinds = every!(claim::TaskKind {
        Contact,
        Inspect,
        Assess,
        OtherSide,
        Adjudicate,
        SecondApproval,
        ConfirmAssessment,
        ConfirmRefusal,
        ServeRefusal,
        AgreeReserve,
        TakeNote,
        Investigate,
        Answer,
        FindPolicy,
        FixPayment,
        FixReaction
    });
    known("task-", kinds.map(claim::TaskKind::word));
    let actors = every!(journal::ActorKind { Customer, Staff, Client, System });
    known("actor-", actors.map(journal::ActorKind::word));
    let purposes = every!(identity::Purpose { SetPassword, SignIn });
    known("purpose-", purposes.map(identity::Purpose::word));
}

#[test]
fn money() {
    use coverage::{Bucket, Cover};
    let covers = every!(Cover { Compulsory, ThirdParty, Driver, Passengers, OwnDamage, Rescue });
    known("cover-", covers.map(Cover::word));
    let buckets = every!(Bucket { DeathDisability, Medical, Property });
    known("bucket-", buckets.map(Bucket::word).into_iter().chain(["all"]));
    known("cover-", [coverage::Ground::Tortfeasor.word()]);
    let riders = every!(claim::RiderTerms {
        AbsoluteDeductibleRate { rate: lexicon::Ratio::ONE, covers: vec![] },
        HolidayLimitDoubling,
    });
    known("rider-name-", riders.map(|rider| stored(&serde_json::to_value(rider).unwrap()["kind"])));
    known("payment-trouble-", ["no-answer", "pending", "payee-erased", "paid-before-restore"]);
    known("book-account-", books::AccountCode::ALL.map(books::AccountCode::word));
    let payments = every!(books::PaymentStatus {
        Ordered,
        Sent { attempts: 1 },
        Confirmed { bank_reference: String::new() },
        Rejected { code: String::new() },
        Cancelled,
    });
    known("payment-status-", payments.iter().map(books::PaymentStatus::word));
    let messages = every!(customer::MessageStatus {
        Queued,
        Waiting { attempts: 1, retry_at: Moment::from_micros(0) },
        Sent,
        GivenUp
    });
    known("message-status-", messages.map(customer::MessageStatus::word));
}

#[test]
fn doors_for_other_systems() {
    let types = app::outside::TYPES.iter().map(|kind| {
        let short = kind.name.trim_start_matches("cn.anpei.");
        short.rsplit_once(".v").map_or(short, |(short, _)| short).replace('.', "-")
    });
    known("webhook-type-", types);
    known("webhook-answer-", app::ports::HookError::ALL.map(app::ports::HookError::word));
    known("webhook-answer-", ["status"]);
    known("webhook-why-", identity::door::Why::ALL.map(identity::door::Why::word));
    known("webhook-ended-", identity::door::Ended::ALL.map(identity::door::Ended::word));
    known("webhook-sees-", every!(identity::door::Sees { Own, All }).map(identity::door::Sees::word));
    let refused = every!(app::outside::AddressRefused { Form, Https, User, Inside });
    known("", refused.map(|refused| refused.to_string()));
}

#[test]
fn tables() {
    known("triage.", codes_of("tiers.toml"));
    known("clock-", codes_of("clocks.toml"));
    let tables = Tables::shipped().unwrap();
    let clocks: Vec<_> = tables.clocks(Moment::from_micros(1_777_705_200_000_000)).collect();
    let sources = clocks.iter().flat_map(|clock| clock.source.split("; "));
    known("clock-source-", sources.map(|source| source.split(" art. ").next().unwrap_or(source)));
    known("clock-nature-", every!(Nature { Legal, Contract, Service }).map(nature));
    for code in codes_of("papers.toml") {
        known("paper-", [code.clone(), format!("{code}-hint")]);
    }
    let steps = every!(Step { Assess, Decide, Pay });
    known("paper-blocks-", steps.map(|step| format!("{step:?}").to_lowercase()));
}

fn nature(nature: Nature) -> String {
    format!("{nature:?}").to_lowercase()
}

/// Every `code` of a table in `rules/`, whenever its line holds.
fn codes_of(table: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(house().join("rules").join(table)).unwrap();
    let codes = text.lines().filter_map(|line| line.split("code = \"").nth(1)?.split('"').next());
    codes.map(str::to_owned).collect()
}

/// All rules object to these facts, or ask or approve: each of them speaks.
#[test]
fn rules_with_their_values() {
    let now = now();
    let facts = Facts {
        now,
        occurred_at: now,
        notified_at: now,
        policy: PolicyFact::NotFound,
        injury: Injury::Light,
        cause: Cause::RearEnd,
        vehicles: 3,
        other_property: true,
        fault: None,
        severity: Some(Severity::Minor),
        estimate: None,
        amount_source: Some(AmountSource::PriceTable),
        lines_have_photos: true,
        papers_missing: vec!["id-card".to_owned()],
        losses_unknown: true,
        owed: Some(Money::ZERO),
        total_loss: true,
        warnings: vec![Warning::ManyClaims],
        person_asked: true,
        reopened: true,
    };
    let ruling = rulebook::adjudicate(&facts, &Tables::shipped().unwrap());
    let spoke: Vec<&str> = ruling.because.iter().map(|because| &*because.rule).collect();
    let all: Vec<&str> = rulebook::rules::RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(spoke, all);
    for because in &ruling.because {
        told(&because.rule, &because.values);
        told(&format!("{}.customer", because.rule).replace(".customer", "-customer"), &because.values);
    }
    known("", ["assessment.price-table", "assessment.price-table-customer"]);
}

#[test]
fn events_of_the_timeline() {
    let names = [claim::Event::NAMES, claim::incident::Event::NAMES, books::Event::NAMES].concat();
    for (name, _) in names {
        let staff = format!("timeline-staff-{name}");
        let customer = format!("timeline-{name}");
        if STAFF_ALONE.contains(&name) {
            told::<&str>(&staff, &[]);
            assert!(Lang::ALL.iter().all(|lang| !Words::of(*lang).knows(&customer)), "{customer}");
        } else {
            told::<&str>(&customer, &[]);
        }
    }
}

/// A text message is one message of the network: seventy characters, or 160 plain ones.
#[test]
fn messages_with_their_values() {
    let templates = reactions::REACTIONS.iter().filter_map(|row| match row.then {
        reactions::Then::Tell(template) => Some(template),
        _ => None,
    });
    let values = [("claim", "A260502-7K3M9Q"), ("amount", "123456.00"), ("count", "12")];
    let values = values.map(|(name, value)| (name, value.to_owned()));
    for template in templates {
        let [zh, en] = told(template, &values);
        assert!(zh.chars().count() <= 70, "{template} has {} characters: {zh}", zh.chars().count());
        assert!(en.is_ascii() && en.len() <= 160, "{template} has {} characters: {en}", en.len());
        // Whoever reports an accident of others has proved nothing until they are admitted: the number of their claim is not told.
        let numbered = !["message.joined-reporter", "message.reporter-turned-away"].contains(&template);
        for text in [zh, en] {
            assert_eq!(text.contains("A260502-7K3M9Q"), numbered, "{template}");
        }
    }
}

#[test]
fn failures() {
    let code = |failure: &Failure| match failure {
        Failure::Refused(_) => "form.refused.empty",
        Failure::NotFound => "problem.not-found",
        Failure::Denied => "problem.forbidden",
        Failure::Conflict => "problem.conflict",
        Failure::KeyReused => "problem.key-reused",
        Failure::Unavailable(_) => "problem.unavailable",
    };
    let refused = Failure::Refused(app::Refused::new("form.refused.empty"));
    let failures = [refused, Failure::NotFound, Failure::Denied, Failure::Conflict, Failure::KeyReused];
    let failures = failures.into_iter().chain([Failure::Unavailable(String::new())]);
    known("", failures.map(|failure| code(&failure)));
}

/// Codes that stand as text in the sources: refusals of use cases and ports, what a ball is for, figures, problems.
#[test]
fn codes_that_stand_in_sources() {
    let mut found = BTreeSet::new();
    for source in sources(&house().join("crates")) {
        let text = fs::read_to_string(source).unwrap();
        let plain = |code: &&str| {
            code.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
        };
        let is_code = |code: &&str| {
            let first = code.split_once('.').map_or("", |(first, _)| first);
            let prefix = code.ends_with('.');
            !prefix && (code.contains(".refused.") || ["ball", "figure", "problem"].contains(&first))
        };
        found.extend(text.split('"').filter(plain).filter(is_code).map(str::to_owned));
    }
    for expected in ["ball.rate", "picture.refused.heic", "notice.refused.future", "privacy.refused.erased"] {
        assert!(found.contains(expected), "{expected} is not found where it stood");
    }
    let values = [
        ("amount", "800.00"),
        ("max", "2000"),
        ("min", "10"),
        ("limit", "5000.00"),
        ("part", "hood"),
        ("place", "3:14"),
        ("until", "2026-05-02T06:31:00Z"),
    ];
    let values = values.map(|(name, value)| (name, value.to_owned()));
    for code in &found {
        told(code, &values);
    }
}

/// The files below `src` of every crate.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let below = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = below.partition(|path| path.is_dir());
    let inside = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "src");
    let rust =
        files.into_iter().filter(|path| inside(path) && path.extension().is_some_and(|end| end == "rs"));
    rust.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn now() -> Moment {
    "2026-05-02T06:30:00Z".parse().unwrap()
}

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn values_are_shown_as_what_they_are() {
    for (name, value, zh, en) in [
        ("limit", "5000.00", "金额超过您的权限 5,000.00元。", "above your authority of CNY 5,000.00."),
        ("limit", "much", "金额超过您的权限 much。", "above your authority of much."),
    ] {
        let [chinese, english] = told("claim.refused.above-authority", &[(name, value.to_owned())]);
        assert!(chinese.contains(zh) && english.contains(en), "{chinese} {english}");
    }
    let [chinese, english] = told("claim.refused.no-price", &[("part", "hood".to_owned())]);
    assert!(chinese.contains("“发动机罩”") && english.contains("“Bonnet”"), "{chinese} {english}");
    let [chinese, _] = told("claim.refused.no-such-part", &[("part", "wing".to_owned())]);
    assert!(chinese.contains("“wing”"), "{chinese}");
}

/// Suspicion is never worded to a customer, and nobody is shouted at.
#[test]
fn the_tone() {
    for lang in Lang::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang.code());
        for file in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            for sentence in text.lines().filter(|line| !line.starts_with('#')) {
                let (key, _) = sentence.split_once(" = ").unwrap_or_default();
                let loud = ["!", "！", "系统"].iter().any(|word| sentence.contains(word));
                assert!(!loud, "{sentence}");
                let for_customers = key.ends_with("-customer")
                    || ["message-", "ball-", "stage-customer-"].iter().any(|start| key.starts_with(start))
                    || (key.starts_with("timeline-") && !key.starts_with("timeline-staff-"));
                let suspects = ["调查", "可疑", "欺诈", "风险", "nvestigat", "uspic", "raud", "arning"]
                    .iter()
                    .any(|word| sentence.contains(word));
                assert!(!for_customers || !suspects, "{sentence}");
            }
        }
    }
}
