//! What people do, in words of the trade.

use std::sync::atomic::Ordering;

use app::{Accepted, Failure, Notice, Request, Role, Taken};
use claim::Claims;
use claim::command::Pick;
use claim::events::{BankAccount, Contact, ReopenCause};
use claim::incident::{FaultDetermined, Incident, Incidents, Victim};
use claim::state::{Channel, DamageGuess};
use claim::{Claim, Terms};
use lexicon::{ClaimId, Money, Ratio};
use register::import::Format;
use rulebook::tables::Damage;
use rulebook::{Cause, FaultSource, Injury};
use std::sync::Arc;

use super::{World, party, yuan};

/// 林知远's car, insured with us: a medium one with every cover.
pub const fn lin() -> &'static str {
    "京N8K621"
}

/// 方思远's car, insured with us: a medium one with every cover.
pub const fn fang() -> &'static str {
    "浙A9C31M"
}

/// A car that is not insured with us.
pub const fn foreign() -> &'static str {
    "京Q12345"
}

/// An accident half an hour ago, of one car, told by a customer.
pub fn notice(world: &World, plate: &str) -> Notice {
    Notice {
        occurred_at: world.now().plus_seconds(-1800),
        cause: Cause::Reversing,
        place: "望京地下车库".to_owned(),
        position: None,
        injury: Injury::None,
        other_property: false,
        plate: plate.parse().unwrap(),
        others: vec![],
        story: "倒车时碰到地库柱子，右后保险杠蹭了".to_owned(),
        contact: Contact { name: "林知远".to_owned(), phone: "13800010101".to_owned() },
        guess: DamageGuess::Light,
        fault: None,
        self_claim: false,
        account: None,
        channel: Channel::Page,
    }
}

/// The same between two or more vehicles, with the share of fault as the parties agreed.
pub fn crash(world: &World, plate: &str, others: &[&str], percent: i64, source: FaultSource) -> Notice {
    Notice {
        cause: Cause::Crash,
        others: others.iter().map(|plate| Some(plate.parse().unwrap())).collect(),
        fault: Some((Ratio::percent(percent), source)),
        ..notice(world, plate)
    }
}

/// A photo like no other: one colour.
pub fn photo(number: u64) -> Vec<u8> {
    let [.., red, green, blue] = number.to_be_bytes();
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[red, green, blue].repeat(16 * 16)).unwrap();
    writer.finish().unwrap();
    bytes
}

/// `hood dent`: damage as it is picked on the drawing.
pub fn seen(text: &str, photo: Option<u32>) -> Pick {
    let (part, seen) = text.split_once(' ').unwrap();
    let damage = Damage::ALL.into_iter().find(|damage| damage.word() == seen).unwrap();
    Pick { part: part.to_owned(), damage, operation: None, photo, price: None }
}

impl World {
    /// Enters one more policy, told as a line of the file.
    pub async fn policy(&self, line: &str) {
        let header = super::POLICIES.lines().next().unwrap();
        let file = format!("{header}\n{line}\n");
        let report =
            self.app.import_policies(&Request::system(), file.as_bytes(), Format::Csv).await.unwrap();
        assert_eq!(report.entered, 1, "{report:?}");
    }

    pub async fn claim(&self, claim: &ClaimId) -> Arc<Claim> {
        self.app.streams().load::<Claims>(claim).await.unwrap().state
    }

    pub async fn incident(&self, claim: &ClaimId) -> Arc<Incident> {
        let incident = self.claim(claim).await.notice.as_ref().unwrap().incident.clone();
        self.app.streams().load::<Incidents>(&incident).await.unwrap().state
    }

    /// `who` reports, and what follows at once has followed.
    pub async fn report(&self, who: &str, notice: Notice) -> ClaimId {
        let taken = self.app.take_notice(&self.customer(who).await, notice).await.unwrap();
        assert!(!taken.joined, "a new claim");
        self.settle().await;
        taken.claim
    }

    /// The service desk takes a notice by phone.
    pub async fn call(&self, notice: Notice) -> Taken {
        let request = self.by("desk", Role::ServiceDesk).await;
        let taken =
            self.app.take_notice(&request, Notice { channel: Channel::Phone, ..notice }).await.unwrap();
        self.settle().await;
        taken
    }

    /// `who` sends one file of `kind`.
    pub async fn send(&self, who: &str, claim: &ClaimId, kind: &str) -> Accepted {
        let bytes = photo(self.photos.fetch_add(1, Ordering::Relaxed));
        self.send_bytes(who, claim, kind, bytes).await.unwrap()
    }

    pub async fn send_bytes(
        &self,
        who: &str,
        claim: &ClaimId,
        kind: &str,
        bytes: Vec<u8>,
    ) -> Result<Accepted, Failure> {
        let accepted = self.app.add_evidence(&self.customer(who).await, claim, kind, None, bytes).await;
        self.settle().await;
        accepted
    }

    /// `who` sends everything that is missing, the account included.
    pub async fn papers(&self, who: &str, claim: &ClaimId) {
        self.papers_without_account(who, claim).await;
        let (state, incident) = (self.claim(claim).await, self.incident(claim).await);
        let missing = claim::missing_papers(&state, &incident, self.now(), self.app.tables());
        if missing.iter().any(|code| code == "bank-account") {
            self.account(who, claim, state.vehicle().unwrap().as_str()).await;
        }
    }

    pub async fn papers_without_account(&self, who: &str, claim: &ClaimId) {
        let (state, incident) = (self.claim(claim).await, self.incident(claim).await);
        let (now, tables) = (self.now(), self.app.tables());
        let missing = claim::missing_papers(&state, &incident, now, tables);
        let required = claim::required_papers(&state, &incident, now, tables).into_iter();
        for (paper, count) in required.filter(|(paper, _)| missing.contains(&paper.code)) {
            let kind = paper.kind.as_deref().unwrap_or_else(|| paper.any_of.last().unwrap());
            for _ in 0..if kind == "bank-account" { 0 } else { count } {
                self.send(who, claim, kind).await;
            }
        }
    }

    pub async fn account(&self, who: &str, claim: &ClaimId, payee: &str) {
        let account = BankAccount { name: payee.to_owned(), number: "6222020200012345678".to_owned() };
        let request = self.customer(who).await;
        self.app.choose_account(&request, claim, Some(party(payee)), &account).await.unwrap();
        self.settle().await;
    }

    /// `who` picks damage on the drawing, each with the close-up: `rear-bumper scratch, hood dent`.
    pub async fn pick(&self, who: &str, claim: &ClaimId, damage: &str) {
        self.pick_quickly(who, claim, damage).await;
        self.settle().await;
    }

    /// The same without waiting for what follows.
    pub async fn pick_quickly(&self, who: &str, claim: &ClaimId, damage: &str) {
        let state = self.claim(claim).await;
        let photo = state.evidence.iter().find(|file| file.kind == "photo-damage").map(|file| file.evidence);
        let picks = damage.split(", ").map(|text| seen(text, photo)).collect();
        self.app.propose_damage(&self.customer(who).await, claim, picks).await.unwrap();
    }

    pub async fn inspect(&self, claim: &ClaimId) {
        let request = self.by("surveyor", Role::Surveyor).await;
        self.app.inspect(&request, claim, "与描述相符", None).await.unwrap();
        self.settle().await;
    }

    /// An assessor puts the damage of `vehicle` at `amount`.
    pub async fn assess(&self, claim: &ClaimId, vehicle: &str, amount: &str) {
        self.assess_by(claim, vehicle, amount, Role::Assessor).await;
    }

    /// The same, with the authority of `role`.
    pub async fn assess_by(&self, claim: &ClaimId, vehicle: &str, amount: &str, role: Role) {
        let request = self.by("assessor", role).await;
        let pick = Pick { price: Some(yuan(amount)), ..seen("front-bumper broken", None) };
        let assessed = self.app.assess(&request, claim, party(vehicle), vec![pick], None, Money::ZERO).await;
        assessed.unwrap();
        self.settle().await;
    }

    /// The vehicle of the claim is put at a total loss: actual value, and what the owner keeps.
    pub async fn total_loss(
        &self,
        claim: &ClaimId,
        role: Role,
        value: &str,
        salvage: &str,
    ) -> Result<(), Failure> {
        let request = self.by("assessor", role).await;
        let own = self.claim(claim).await.vehicle().cloned().unwrap();
        let total_loss = Some((yuan(value), yuan(salvage)));
        let assessed = self.app.assess(&request, claim, own, vec![], total_loss, Money::ZERO).await;
        self.settle().await;
        assessed
    }

    pub async fn approve(&self, claim: &ClaimId, name: &str, role: Role) -> Result<(), Failure> {
        let seen = self.seen(claim).await;
        let approved = self.app.approve(&self.by(name, role).await, claim, seen).await;
        self.settle().await;
        approved
    }

    /// The number of the last adjudication, as somebody sees it who looks now.
    pub async fn seen(&self, claim: &ClaimId) -> u32 {
        self.claim(claim).await.adjudicated.as_ref().map_or(0, |last| last.number)
    }

    /// A second assessor confirms what the first put forward last.
    pub async fn confirm_assessment(&self, claim: &ClaimId, name: &str, role: Role) -> Result<(), Failure> {
        let number = self.claim(claim).await.assessments_put;
        let confirmed = self.app.confirm_assessment(&self.by(name, role).await, claim, number).await;
        self.settle().await;
        confirmed
    }

    pub async fn decline(&self, claim: &ClaimId, clause: &str, reason: &str) -> Result<(), Failure> {
        let request = self.by("declining", Role::SeniorApprover).await;
        let declined = self.app.decline(&request, claim, clause, reason).await;
        self.settle().await;
        declined
    }

    /// Staff reopens it.
    pub async fn reopen(&self, claim: &ClaimId, cause: ReopenCause) {
        let request = self.by("senior", Role::SeniorApprover).await;
        self.app.reopen(&request, claim, cause, "有新的情况").await.unwrap();
        self.settle().await;
    }

    /// The service desk takes the shares down: `A 70, B 30`.
    pub async fn fault(&self, claim: &ClaimId, shares: &str, source: FaultSource) {
        let shares = shares.split(", ").map(|share| {
            let (vehicle, percent) = share.split_once(' ').unwrap();
            (party(vehicle), Ratio::percent(percent.parse().unwrap()))
        });
        let determined = FaultDetermined { shares: shares.collect(), source };
        let request = self.by("desk", Role::ServiceDesk).await;
        self.app.determine_fault(&request, claim, determined).await.unwrap();
        self.settle().await;
    }

    /// The covers of a vehicle that is insured elsewhere, or not at all.
    pub async fn terms(&self, claim: &ClaimId, vehicle: &str, terms: Terms) {
        let request = self.by("desk", Role::ServiceDesk).await;
        self.app.state_terms(&request, claim, party(vehicle), terms).await.unwrap();
        self.settle().await;
    }

    pub async fn victim(&self, claim: &ClaimId, id: &str, tell: impl FnOnce(&mut Victim)) {
        let mut victim = Victim {
            id: party(id),
            seat: None,
            death_disability: Money::ZERO,
            mental: Money::ZERO,
            medical: Money::ZERO,
            medical_outside: Money::ZERO,
            property: Money::ZERO,
        };
        tell(&mut victim);
        let request = self.by("desk", Role::ServiceDesk).await;
        self.app.state_victim(&request, claim, victim).await.unwrap();
        self.settle().await;
    }

    /// The service desk finishes the open task of `kind`.
    pub async fn finish(&self, claim: &ClaimId, kind: claim::TaskKind) {
        let (task, _) =
            self.claim(claim).await.open_task(kind).map(|(number, task)| (number, task.due)).unwrap();
        let request = self.by("desk", Role::ServiceDesk).await;
        self.app.finish_task(&request, claim, task).await.unwrap();
        self.settle().await;
    }
}
