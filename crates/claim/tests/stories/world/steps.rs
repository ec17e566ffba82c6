//! What people do, in words of the trade.

use std::sync::Arc;

use claim::command::Pick;
use claim::events::{Contact, EvidenceAccepted, Notified, PolicyMatched, ReopenCause};
use claim::incident::{self, FaultDetermined, Seat, TermsStated, Victim};
use claim::state::{Channel, DamageGuess};
use claim::{Ask, Refusal, Terms};
use lexicon::{KeyedHash, Money, Private, Ratio, Vault};
use rulebook::tables::{Act, Damage};
use rulebook::{FaultSource, PolicyFact, Warning};

use super::{OpenVault, World, account, customer, party, private, staff, subject, yuan};

impl World {
    pub fn terms(&mut self, vehicle: &str, terms: Terms) {
        let stated = TermsStated { vehicle: party(vehicle), terms };
        self.happened(incident::Ask::StateTerms(stated)).unwrap();
    }

    /// `A 0.7, B 0.3`
    pub fn fault(&mut self, shares: &str, source: FaultSource) {
        let shares = shares.split(", ").map(|share| {
            let (vehicle, percent) = share.split_once(' ').unwrap();
            (party(vehicle), Ratio::percent(percent.parse().unwrap()))
        });
        let determined = FaultDetermined { shares: shares.collect(), source };
        self.happened(incident::Ask::DetermineFault(determined)).unwrap();
    }

    /// A person of the accident, or property outside the vehicles.
    pub fn victim(&mut self, id: &str, seat: Option<(&str, Seat)>, tell: impl FnOnce(&mut Victim)) {
        let mut victim = Victim {
            id: party(id),
            seat: seat.map(|(vehicle, seat)| (party(vehicle), seat)),
            death_disability: Money::ZERO,
            mental: Money::ZERO,
            medical: Money::ZERO,
            medical_outside: Money::ZERO,
            property: Money::ZERO,
        };
        tell(&mut victim);
        self.happened(incident::Ask::StateVictim(victim)).unwrap();
    }

    /// The first notice of `name`'s side, with a policy in force for 200 days.
    pub fn notice(&mut self, name: &'static str, guess: DamageGuess) {
        self.notice_with(name, guess, PolicyFact::InForce { days: 200 }, vec![]);
    }

    pub fn notice_with(
        &mut self,
        name: &'static str,
        guess: DamageGuess,
        fact: PolicyFact,
        warnings: Vec<Warning>,
    ) {
        let notice = self.first_notice(name, guess, fact, warnings);
        self.ask(name, customer(name), notice).unwrap();
        let attached =
            incident::ClaimAttached { claim: format!("claim-{name}").parse().unwrap(), vehicle: party(name) };
        self.happened(incident::Ask::Attach(attached)).unwrap();
    }

    /// What the register says of a vehicle.
    pub fn matched(&self, fact: PolicyFact) -> PolicyMatched {
        let policy = (fact != PolicyFact::NotFound).then(|| "P-1".parse().unwrap());
        PolicyMatched { policy, fact, class: "medium".to_owned() }
    }

    pub fn first_notice(
        &self,
        name: &str,
        guess: DamageGuess,
        fact: PolicyFact,
        warnings: Vec<Warning>,
    ) -> Ask {
        let contact = Contact { name: name.to_owned(), phone: "13800000000".to_owned() };
        let notified = Notified {
            claim: format!("claim-{name}").parse().unwrap(),
            incident: "incident".parse().unwrap(),
            vehicle: party(name),
            subject: subject(),
            account: Some(format!("account-{name}").parse().unwrap()),
            contact: Private::seal(&OpenVault, &subject(), &contact).unwrap(),
            phone_hash: OpenVault.keyed_hash("phone", b"13800000000"),
            plate: private("京A12345"),
            plate_hash: OpenVault.keyed_hash("plate", name.as_bytes()),
            story: private("说来话长"),
            channel: Channel::Page,
            occurred_at: self.incident.occurred_at.unwrap(),
            at: self.at,
            guess,
            lang: "zh".into(),
        };
        let policy = self.matched(fact);
        Ask::Notify { notified: Box::new(notified), policy, warnings }
    }

    /// The customer of `name` sends everything that was asked for, account included, and a close-up of the damage.
    pub fn papers(&mut self, name: &'static str) {
        let claim = &self.claims[name];
        let required = claim::required_papers(claim, &self.incident, self.at, &self.tables);
        let missing = claim::missing_papers(claim, &self.incident, self.at, &self.tables);
        let wanted: Vec<(String, u32)> = required
            .into_iter()
            .filter(|(paper, _)| missing.contains(&paper.code))
            .map(|(paper, count)| {
                (paper.kind.clone().unwrap_or_else(|| paper.any_of.last().unwrap().clone()), count)
            })
            .collect();
        for (kind, count) in wanted {
            if kind == "bank-account" {
                self.account(name, name);
            } else {
                for _ in 0..count {
                    self.send(name, &kind);
                }
            }
        }
    }

    /// The customer of `name` sends one file.
    pub fn send(&mut self, name: &'static str, kind: &str) {
        let file = self.file(name, kind);
        self.ask(name, customer(name), file).unwrap();
    }

    pub fn file(&self, name: &str, kind: &str) -> Ask {
        let number = self.claims.get(name).map_or(0, |claim| claim.evidence.len());
        let evidence = EvidenceAccepted {
            evidence: 0,
            kind: kind.to_owned(),
            party: None,
            original: "blob".parse().unwrap(),
            shown: "blob".parse().unwrap(),
            subject: subject(),
            fingerprint: KeyedHash::from_text(&format!("{number}")),
            bytes: 1000,
            width: 40,
            height: 30,
            at: self.at,
        };
        Ask::AddEvidence { evidence, warnings: vec![], incident: Arc::new(self.incident.clone()) }
    }

    pub fn account(&mut self, name: &'static str, payee: &str) {
        let incident = Arc::new(self.incident.clone());
        let ask = Ask::ChooseAccount { payee: party(payee), account: account(payee), incident };
        self.ask(name, customer(name), ask).unwrap();
    }

    /// The customer of `name` picks damage, each with the close-up: `rear-bumper scratch, hood dent`.
    pub fn pick(&mut self, name: &'static str, damage: &str) {
        let (picks, incident) = (self.picks(name, damage), Arc::new(self.incident.clone()));
        self.ask(name, customer(name), Ask::ProposeDamage { picks, incident }).unwrap();
    }

    pub fn picks(&self, name: &str, damage: &str) -> Vec<Pick> {
        let evidence = &self.claims[name].evidence;
        let photo = evidence.iter().find(|file| file.kind == "photo-damage").map(|file| file.evidence);
        let pick = |text: &str| {
            let (part, seen) = text.split_once(' ').unwrap();
            let damage = Damage::ALL.into_iter().find(|damage| damage.word() == seen).unwrap();
            Pick { part: part.to_owned(), damage, operation: None, photo, price: None }
        };
        damage.split(", ").map(pick).collect()
    }

    /// A person of `role` puts the damage of `vehicle` at `amount`, in the claim of `name`.
    pub fn assess(&mut self, name: &'static str, vehicle: &str, role: &str, amount: &str) {
        self.try_assess(name, vehicle, role, amount).unwrap();
    }

    pub fn try_assess(
        &mut self,
        name: &'static str,
        vehicle: &str,
        role: &str,
        amount: &str,
    ) -> Result<(), Refusal> {
        let pick = Pick {
            part: "front-bumper".to_owned(),
            damage: Damage::Broken,
            operation: None,
            photo: None,
            price: Some(yuan(amount)),
        };
        let limit = self.limit(role, Act::Assess);
        let (vehicle, rescue) = (party(vehicle), Money::ZERO);
        let incident = Arc::new(self.incident.clone());
        let ask = Ask::Assess { vehicle, picks: vec![pick], total_loss: None, rescue, limit, incident };
        self.ask(name, staff(role), ask)
    }

    /// `who`, with the authority of `role`, confirms as the second assessor what was put forward last.
    pub fn confirm(&mut self, name: &'static str, who: &str, role: &str) -> Result<(), Refusal> {
        let number = self.claims[name].assessments_put;
        let limit = self.limit(role, Act::Assess);
        self.ask(name, staff(who), Ask::ConfirmAssessment { number, limit })
    }

    /// A person of `role` puts the vehicle of `name` at a total loss: actual value and salvage.
    pub fn total_loss(
        &mut self,
        name: &'static str,
        role: &str,
        total_loss: Option<(Money, Money)>,
    ) -> Result<(), Refusal> {
        let (vehicle, rescue, limit) = (party(name), Money::ZERO, self.limit(role, Act::Assess));
        let incident = Arc::new(self.incident.clone());
        self.ask(
            name,
            staff(role),
            Ask::Assess { vehicle, picks: vec![], total_loss, rescue, limit, incident },
        )
    }

    pub fn reopen(&mut self, name: &'static str, cause: ReopenCause) {
        let ask = Ask::Reopen { cause, reason: private("还有损伤") };
        self.ask(name, staff("approver-2"), ask).unwrap();
    }

    pub fn inspect(&mut self, name: &'static str) {
        let ask = Ask::Inspect { findings: private("看过了"), position: None };
        self.ask(name, staff("surveyor"), ask).unwrap();
    }

    /// Somebody of `role` approves.
    pub fn approve(&mut self, name: &'static str, role: &str) -> Result<(), Refusal> {
        self.approve_as(name, role, role)
    }

    pub fn approve_as(&mut self, name: &'static str, who: &str, role: &str) -> Result<(), Refusal> {
        let four_eyes_above = self.tables.authority.four_eyes_above(Act::Approve, self.tables.day(self.at));
        let limit = self.limit(role, Act::Approve);
        let adjudication = self.seen(name);
        self.ask(name, staff(who), Ask::Approve { adjudication, limit, four_eyes_above })
    }

    /// The number of the last adjudication, as somebody sees it who looks now.
    pub fn seen(&self, name: &str) -> u32 {
        self.claims[name].adjudicated.as_ref().map_or(0, |last| last.number)
    }

    pub fn decline(&mut self, name: &'static str, role: &str) -> Result<(), Refusal> {
        let limit = self.limit(role, Act::Decline);
        let four_eyes_above = self.tables.authority.four_eyes_above(Act::Decline, self.tables.day(self.at));
        let (clause, reason) = ("第七条".to_owned(), Some(private("不在保险期间")));
        self.ask(name, staff(role), Ask::Decline { clause, reason, limit, four_eyes_above })
    }

    /// `who`, with the authority of `role`, declines as the second person what was proposed last.
    pub fn confirm_refusal(&mut self, name: &'static str, who: &str, role: &str) -> Result<(), Refusal> {
        let refusal = self.claims[name].refusals_proposed;
        let limit = self.limit(role, Act::Decline);
        self.ask(name, staff(who), Ask::ConfirmRefusal { refusal, limit })
    }
}
