//! One accident, the claims on it, and what follows from what: the aggregates with the reactions that the product has.

mod steps;
mod told;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use claim::events::BankAccount;
use claim::incident::{
    self, CircumstancesCorrected, Incident, IncidentReported, Incidents, LossStated, PartyId, TotalLoss,
    VehicleTold,
};
use claim::{Ask, Ball, Claim, Claims, Command, Event, Holder, Refusal, Stage, Terms};
use journal::{Actor, ActorKind, Decider};
use lexicon::{KeyedHash, Moment, Money, Private, SubjectId, Vault, VaultError};
use rulebook::tables::Act;
use rulebook::{Cause, Injury, Tables};

/// 10:00 on a Tuesday.
pub const NOON: &str = "2026-05-12T10:00:00+08:00";

/// An accident and the claims on it, by the vehicle they are for.
pub struct World {
    pub tables: Arc<Tables>,
    pub at: Moment,
    pub incident: Incident,
    pub claims: BTreeMap<&'static str, Claim>,
    /// Every event of a claim, with the stage after it.
    pub log: Vec<(&'static str, Event, Stage)>,
    /// Whether the bank pays at once.
    pub bank_pays: bool,
    version: u64,
}

/// Seals nothing: tests read what they wrote.
pub struct OpenVault;

impl Vault for OpenVault {
    fn seal(&self, _: &SubjectId, plain: &[u8]) -> Result<String, VaultError> {
        String::from_utf8(plain.to_vec()).map_err(|_| VaultError::Broken)
    }

    fn open(&self, _: &SubjectId, sealed: &str) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(Some(sealed.as_bytes().to_vec()))
    }

    fn seal_bytes(&self, _: &SubjectId, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(plain.to_vec())
    }

    fn open_bytes(&self, _: &SubjectId, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(Some(sealed.to_vec()))
    }

    fn keyed_hash(&self, purpose: &str, plain: &[u8]) -> KeyedHash {
        KeyedHash::from_text(&format!("{purpose}:{}", String::from_utf8_lossy(plain)))
    }
}

/// `text`, sealed.
pub fn private(text: &str) -> Private<String> {
    Private::seal(&OpenVault, &subject(), &text.to_owned()).unwrap()
}

fn subject() -> SubjectId {
    "someone".parse().unwrap()
}

/// The account of `payee`.
pub fn account(payee: &str) -> Private<BankAccount> {
    let account = BankAccount { name: payee.to_owned(), number: "6222020000000000000".to_owned() };
    Private::seal(&OpenVault, &subject(), &account).unwrap()
}

pub fn customer(name: &str) -> Actor {
    Actor::new(ActorKind::Customer, name)
}

pub fn staff(name: &str) -> Actor {
    Actor::new(ActorKind::Staff, name)
}

pub fn party(name: &str) -> PartyId {
    PartyId::from_text(name)
}

pub fn yuan(amount: &str) -> Money {
    amount.parse().unwrap()
}

/// The tables as shipped, read once.
pub fn shipped() -> Arc<Tables> {
    static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(Tables::shipped().unwrap()));
    TABLES.clone()
}

/// The vehicle told as number `index`.
pub fn vehicle_told(index: usize) -> VehicleTold {
    VehicleTold { id: PartyId::vehicle(index), plate: None, plate_hash: None }
}

/// Only the injuries turned out otherwise.
pub fn injury(injury: Injury) -> CircumstancesCorrected {
    let injury = Some(injury);
    CircumstancesCorrected { injury, occurred_at: None, cause: None, other_property: None }
}

/// Compulsory cover and all main covers, in force for 200 days: third-party 1,000,000, own damage 150,000.
pub fn full_cover() -> Terms {
    Terms {
        policy: Some("P-1".parse().unwrap()),
        compulsory: true,
        starts_at: Some("2025-10-24T00:00:00+08:00".parse().unwrap()),
        own_damage: Some((yuan("150000"), Money::ZERO)),
        third_party: Some(yuan("1000000")),
        ..Terms::default()
    }
}

/// The same with another insurer, as a person stated it.
pub fn elsewhere() -> Terms {
    Terms { policy: None, ..full_cover() }
}

impl World {
    /// An accident of so many vehicles, not yet notified to us.
    pub fn accident(cause: Cause, vehicles: usize) -> World {
        World::told(|reported| {
            reported.cause = cause;
            reported.vehicles = (0..vehicles).map(vehicle_told).collect();
        })
    }

    /// An accident as `tell` has it.
    pub fn told(tell: impl FnOnce(&mut IncidentReported)) -> World {
        let mut world = World {
            tables: shipped(),
            at: NOON.parse().unwrap(),
            incident: Incident::default(),
            claims: BTreeMap::new(),
            log: vec![],
            bank_pays: true,
            version: 0,
        };
        let mut reported = IncidentReported {
            occurred_at: world.at.plus_seconds(-1800),
            cause: Cause::Crash,
            place: private("世纪大道"),
            position: None,
            injury: Injury::None,
            other_property: false,
            vehicles: vec![vehicle_told(0)],
        };
        tell(&mut reported);
        world.happened(incident::Ask::Report(reported)).unwrap();
        world
    }

    pub fn wait_minutes(&mut self, minutes: i64) {
        self.at = self.at.plus_seconds(minutes * 60);
    }

    /// A new fact of the accident; every claim hears of it.
    pub fn happened(&mut self, ask: incident::Ask) -> Result<(), incident::Refusal> {
        self.hear(ask)?;
        self.check();
        Ok(())
    }

    fn hear(&mut self, ask: incident::Ask) -> Result<(), incident::Refusal> {
        let events = Incidents::decide(&self.incident, incident::Command { ask })?;
        for event in &events {
            let incident = std::mem::take(&mut self.incident);
            self.incident = Incidents::evolve(incident, event);
            self.version += 1;
        }
        if !events.is_empty() {
            let names: Vec<&'static str> = self.claims.keys().copied().collect();
            for name in names {
                let incident = Arc::new(self.incident.clone());
                self.react(name, Ask::Triage { incident });
                self.adjudicate(name);
            }
        }
        Ok(())
    }

    pub fn limit(&self, role: &str, act: Act) -> Option<Money> {
        self.tables.authority.limit([role], act, self.tables.day(self.at))
    }

    /// What `by` asks of the claim of `name`, and all that follows from it.
    pub fn ask(&mut self, name: &'static str, by: Actor, ask: Ask) -> Result<(), Refusal> {
        self.step(name, by, ask)?;
        self.check();
        Ok(())
    }

    fn step(&mut self, name: &'static str, by: Actor, ask: Ask) -> Result<(), Refusal> {
        let state = self.claims.get(name).cloned().unwrap_or_default();
        let command = Command { at: self.at, by, tables: self.tables.clone(), ask };
        let events = Claims::decide(&state, command)?;
        let mut after = state;
        for event in &events {
            after = Claims::evolve(after, event);
            self.log.push((name, event.clone(), after.stage));
        }
        self.claims.insert(name, after);
        for event in &events {
            self.follow(name, event);
        }
        Ok(())
    }

    /// What the product does by itself when `event` happened to the claim of `name`.
    fn follow(&mut self, name: &'static str, event: &Event) {
        match event {
            Event::Notified(_) => {
                let incident = Arc::new(self.incident.clone());
                self.react(name, Ask::Triage { incident });
            }
            Event::Assessed(assessed) => {
                let total_loss = assessed
                    .total_loss
                    .map(|(actual_value, salvage_kept)| TotalLoss { actual_value, salvage_kept });
                let stated = LossStated {
                    vehicle: assessed.vehicle.clone(),
                    repair: assessed.total,
                    total_loss,
                    rescue: assessed.rescue,
                    third_party_received: Money::ZERO,
                    source: assessed.source,
                };
                self.hear(incident::Ask::StateLoss(stated)).unwrap();
                self.adjudicate(name);
            }
            Event::PapersCompleted(_) | Event::Reopened(_) => self.adjudicate(name),
            Event::Approved(_) | Event::AccountChosen(_) => {
                if self.bank_pays {
                    self.bank(name);
                }
                self.close_quietly(name);
            }
            Event::TaskDone(_) => self.close_quietly(name),
            _ => {}
        }
    }

    /// The bank pays what is approved and has not arrived, to everybody whose account is known.
    pub fn bank(&mut self, name: &'static str) {
        let claim = self.claims[name].clone();
        let Some(approved) = claim.approvals.last() else { return };
        for owed in &approved.owed {
            let amount = owed.amount.less(claim.arrived(&owed.exposure));
            if amount > Money::ZERO && claim.accounts.contains_key(&owed.payee) {
                let payment = format!("{}-{}", approved.approval, owed.exposure).parse().unwrap();
                let losses_unknown = self.incident.losses_unknown(&party(name));
                let exposure = owed.exposure.clone();
                self.react(name, Ask::RecordPayment { payment, exposure, amount, losses_unknown });
            }
        }
    }

    /// Books what was paid on one exposure as paid on others.
    pub fn set_off(&mut self, name: &'static str, moved: &[(&str, &str)]) {
        for (exposure, amount) in moved {
            let payment = format!("set-off-{exposure}").parse().unwrap();
            let losses_unknown = self.incident.losses_unknown(&party(name));
            let (exposure, amount) = (exposure.parse().unwrap(), yuan(amount));
            self.react(name, Ask::RecordPayment { payment, exposure, amount, losses_unknown });
        }
    }

    fn close_quietly(&mut self, name: &'static str) {
        let losses_unknown = self.incident.losses_unknown(&party(name));
        self.react(name, Ask::Close { losses_unknown, quietly: true });
    }

    fn adjudicate(&mut self, name: &'static str) {
        let (incident, incident_version) = (Arc::new(self.incident.clone()), self.version);
        self.react(name, Ask::Adjudicate { incident, incident_version });
    }

    pub fn react(&mut self, name: &'static str, ask: Ask) {
        self.step(name, Actor::system("reaction"), ask).unwrap();
    }

    pub fn ball(&self, name: &str) -> Ball {
        claim::ball(&self.claims[name], &self.incident)
    }

    /// Nobody is forgotten: where we have the ball, somebody has a task.
    fn check(&self) {
        for (name, claim) in &self.claims {
            let ball = self.ball(name);
            assert!(
                ball.holder != Holder::Us || claim.open_tasks().next().is_some(),
                "{name}: we have the ball ({}) and nobody has a task",
                ball.what
            );
        }
    }
}
