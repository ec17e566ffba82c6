//! Customers: lawful, careless, fraudulent.

use app::{App, Failure, Notice};
use claim::command::Pick;
use claim::events::{BankAccount, Contact};
use claim::incident::Incidents;
use claim::state::{Channel, DamageGuess};
use claim::{Claim, Claims, Stage, TaskKind};
use lexicon::{ClaimId, Moment, Ratio};
use rulebook::tables::Damage;
use rulebook::{Cause, FaultSource, Injury};

use super::Op;
use crate::dice::Dice;
use crate::ports::BROKEN_FROM;
use crate::world::World;

/// A customer with a car insured here.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Their plate.
    pub plate: String,
    /// Their phone.
    pub phone: String,
    /// How they are.
    pub persona: Persona,
    /// The accidents that they will have.
    pub accidents: Vec<Planned>,
}

/// How somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    /// Does what is asked, in time.
    Lawful,
    /// Late, wrong, twice, half the papers.
    Careless,
    /// Stages accidents, bills twice, shows photos of others.
    Fraudulent,
}

/// An accident to come.
#[derive(Clone, Debug)]
pub struct Planned {
    /// When it happens.
    pub at: Moment,
    /// How long after it notice is given.
    pub delay_seconds: i64,
    /// Plate of the other car, if there is one.
    pub other: Option<String>,
    /// Our share of fault in percent.
    pub share: i64,
    /// Whether the damage is heavy.
    pub heavy: bool,
    /// How badly somebody is hurt.
    pub injury: Injury,
    /// Whether all sides agree that each claims from its own compulsory cover.
    pub self_claim: bool,
    /// How often it is reported: the careless do it twice.
    pub told: usize,
}

/// Parts that customers pick on the drawing.
const PARTS: [&str; 6] =
    ["front-bumper", "rear-bumper", "front-door-left", "front-door-right", "hood", "rear-door-left"];

/// A picture that several claims show.
const SHARED_PICTURE: u64 = 7;

impl Customer {
    /// What they ask next, if anything.
    pub(super) async fn next(&self, world: &World, app: &App, me: usize) -> Result<Option<Op>, Failure> {
        if let Some(notice) = self.due_notice(world, me) {
            return Ok(Some(notice));
        }
        let claims = world.requests.claims_of(me);
        if claims.is_empty() || self.forgets(world, me) {
            return Ok(None);
        }
        let claim = world.people[me].roll(|dice| dice.pick(&claims).clone());
        let state = app.streams().load::<Claims>(&claim).await?.state;
        if state.is_over() {
            return Ok(self.after_the_end(world, me, &claim, &state));
        }
        if !world.weather.is_calm() {
            let mood = world.people[me].roll(|dice| dice.below(1_000));
            match mood {
                0..12 if state.approvals.is_empty() => return Ok(Some(Op::Withdraw { claim })),
                12..40 => return Ok(Some(self.ask_person(world, me, &claim))),
                _ => {}
            }
        }
        self.go_on(world, app, me, &claim, &state).await
    }

    /// The careless do nothing for a while; in the end they too answer.
    fn forgets(&self, world: &World, me: usize) -> bool {
        let permille = if world.weather.is_calm() { 50 } else { 400 };
        self.persona == Persona::Careless && world.people[me].roll(|dice| dice.chance(permille))
    }

    fn due_notice(&self, world: &World, me: usize) -> Option<Op> {
        let now = world.now();
        let due = self.accidents.iter().enumerate().find(|(number, planned)| {
            planned.at.plus_seconds(planned.delay_seconds) <= now
                && world.requests.notices(me, *number) < planned.told
        });
        let (number, planned) = due?;
        world.requests.telling(me, number);
        Some(Op::Notice(Box::new(self.notice(world, me, planned))))
    }

    fn notice(&self, world: &World, me: usize, planned: &Planned) -> Notice {
        let person = &world.people[me];
        let (cause, place, light) = person.roll(|dice| {
            let alone = [Cause::Reversing, Cause::Object, Cause::Scrape];
            let cause = if planned.other.is_some() { Cause::Crash } else { *dice.pick(&alone) };
            (cause, dice.below(10_000), dice.chance(600))
        });
        let guess = match (planned.heavy, light) {
            (true, _) => DamageGuess::Heavy,
            (false, true) => DamageGuess::Light,
            (false, false) => DamageGuess::Some,
        };
        let other = planned.other.as_ref().map(|plate| plate.parse().ok());
        let source = if planned.share % 2 == 0 { FaultSource::Police } else { FaultSource::Agreed };
        let account = person.roll(|dice| dice.chance(300).then(|| account(&person.name, dice)));
        Notice {
            occurred_at: planned.at,
            cause,
            place: format!("望京街{place}号地下车库"),
            position: None,
            injury: planned.injury,
            other_property: false,
            plate: self.plate.parse().expect("the plates of the world are plates"),
            fault: other.is_some().then(|| (Ratio::percent(planned.share), source)),
            self_claim: planned.self_claim && other.is_some(),
            others: other.into_iter().collect(),
            story: format!("{}说：倒车时碰到柱子（{place}）", person.name),
            contact: Contact { name: person.name.clone(), phone: self.phone.clone() },
            guess,
            account,
            channel: Channel::Page,
        }
    }

    fn after_the_end(&self, world: &World, me: usize, claim: &ClaimId, state: &Claim) -> Option<Op> {
        let (rates, disputes, stars) = world.people[me]
            .roll(|dice| (dice.chance(500), dice.chance(60), dice.between(1, 5).unsigned_abs() as u8));
        if state.stars.is_none() && rates {
            let comment = self.words(world, me, "评价");
            return Some(Op::Rate { claim: claim.clone(), stars, comment });
        }
        let disputes = disputes && state.reopenings < 2 && !world.weather.is_calm();
        disputes.then(|| self.ask_person(world, me, claim))
    }

    fn ask_person(&self, world: &World, me: usize, claim: &ClaimId) -> Op {
        Op::AskPerson { claim: claim.clone(), message: self.words(world, me, "请人工处理") }
    }

    /// A text that nobody else writes.
    fn words(&self, world: &World, me: usize, what: &str) -> String {
        let number = world.people[me].roll(Dice::number);
        format!("{what}：{number:016x}")
    }

    /// Sends what is missing, picks the damage, says where to pay.
    async fn go_on(
        &self,
        world: &World,
        app: &App,
        me: usize,
        claim: &ClaimId,
        state: &Claim,
    ) -> Result<Option<Op>, Failure> {
        let person = &world.people[me];
        let Some(notice) = &state.notice else { return Ok(None) };
        let incident = app.streams().load::<Incidents>(&notice.incident).await?.state;
        let (now, tables) = (app.now(), app.tables());
        let missing = claim::missing_papers(state, &incident, now, tables);
        let required = claim::required_papers(state, &incident, now, tables).into_iter();
        let wanted = required.map(|(paper, _)| paper).find(|paper| missing.contains(&paper.code));
        let owes_account = state.stage == Stage::Paying
            && claim::accounts_missing(state).any(|payee| *payee == notice.vehicle);
        let account = || Op::Account {
            claim: claim.clone(),
            payee: None,
            account: person.roll(|dice| account(&person.name, dice)),
        };
        if owes_account {
            return Ok(Some(account()));
        }
        if let Some(paper) = wanted {
            let kind = paper.kind.clone().or_else(|| paper.any_of.last().cloned()).unwrap_or_default();
            if kind == "bank-account" {
                return Ok(Some(account()));
            }
            return Ok(Some(self.evidence(world, me, claim, kind)));
        }
        let waits = state.stage == Stage::Assessing
            && state.proposed.is_none()
            && !state.is_assessed()
            && state.open_task(TaskKind::Assess).is_none();
        Ok(waits.then(|| Op::Propose { claim: claim.clone(), picks: self.picks(world, me, state) }))
    }

    fn evidence(&self, world: &World, me: usize, claim: &ClaimId, kind: String) -> Op {
        let calm = world.weather.is_calm();
        let persona = self.persona;
        let (kind, file) = world.people[me].roll(|dice| {
            let file = world.next_picture();
            match persona {
                Persona::Careless if !calm && dice.chance(100) => (kind, BROKEN_FROM + file),
                Persona::Careless if !calm && dice.chance(120) => ("photo-scene".to_owned(), file),
                Persona::Fraudulent if dice.chance(200) => (kind, SHARED_PICTURE),
                _ => (kind, file),
            }
        });
        Op::Evidence { claim: claim.clone(), kind, file }
    }

    fn picks(&self, world: &World, me: usize, state: &Claim) -> Vec<Pick> {
        let photo = state.evidence.iter().find(|file| file.kind == "photo-damage").map(|file| file.evidence);
        let parts = if self.persona == Persona::Fraudulent { 5 } else { 1 };
        world.people[me].roll(|dice| {
            let damage = if dice.chance(700) { Damage::Scratch } else { Damage::Dent };
            let first = dice.below(PARTS.len() as u64) as usize;
            let parts = PARTS.iter().cycle().skip(first).take(parts);
            let pick =
                |part: &&str| Pick { part: (*part).to_owned(), damage, operation: None, photo, price: None };
            parts.map(pick).collect()
        })
    }
}

/// An account of `name`.
pub(super) fn account(name: &str, dice: &mut Dice) -> BankAccount {
    BankAccount { name: name.to_owned(), number: format!("62220202{:011}", dice.below(100_000_000_000)) }
}
