//! A program at work on claims, with its people: it does one thing after the other, repeats what it got no answer to, and remembers
//! what it was told.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::Dice;
use crate::http::{Answer, exchange};

/// A claim waits so long to be computed before its approver looks again.
const LOOK: Duration = Duration::from_millis(20);
/// And so often.
const LOOKS: usize = 500;

/// How those who ask are known.
#[derive(Clone, Debug)]
pub(super) struct Bearers {
    /// The program.
    pub(super) program: String,
    /// Looks at cars, and says what the damage is.
    pub(super) assessor: String,
    /// Approves.
    pub(super) approver: String,
}

/// What becomes of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Small and clear: paid without a person.
    Small,
    /// Heavy: a surveyor, an assessor, an approver, and paid.
    Heavy,
    /// Taken back.
    Withdrawn,
}

/// A step of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Notice,
    File(&'static str),
    Damage,
    Inspection,
    Assessment,
    Note,
    Approval,
    Withdrawal,
}

impl Way {
    /// What is to be done, in order.
    pub(super) const fn steps(self) -> &'static [Step] {
        use Step::{Approval, Assessment, Damage, File, Inspection, Note, Notice, Withdrawal};
        match self {
            Way::Small => &[
                Notice,
                File("photo-scene"),
                File("photo-scene"),
                File("plate"),
                File("photo-damage"),
                File("driving-licence"),
                File("vehicle-licence"),
                Damage,
            ],
            Way::Heavy => &[
                Notice,
                File("photo-scene"),
                File("plate"),
                Inspection,
                File("vin-plate"),
                File("driving-licence"),
                File("vehicle-licence"),
                File("id-card"),
                File("photo-damage"),
                Note,
                Assessment,
                Approval,
            ],
            Way::Withdrawn => &[Notice, File("photo-scene"), Withdrawal],
        }
    }
}

impl Step {
    /// How the claim's own history calls it, and by whom; `None` where it may leave no line of its own.
    pub(super) const fn line(self) -> Option<(&'static str, &'static str)> {
        match self {
            Step::Notice => Some(("Notified", "client")),
            Step::File(_) => Some(("EvidenceAccepted", "client")),
            Step::Inspection => Some(("Inspected", "staff")),
            Step::Assessment => Some(("Assessed", "staff")),
            Step::Approval => Some(("Approved", "staff")),
            Step::Withdrawal => Some(("Withdrawn", "client")),
            Step::Damage | Step::Note => None,
        }
    }
}

/// A claim as its program knows it.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) way: Way,
    pub(super) id: Option<String>,
    /// So many steps were acknowledged.
    pub(super) done: usize,
    /// Numbers of files, in order.
    pub(super) files: Vec<u64>,
    car: usize,
}

impl Claim {
    pub(super) fn is_whole(&self) -> bool {
        self.done == self.way.steps().len()
    }

    /// The step that was sent, or is about to be.
    pub(super) fn step(&self) -> Option<Step> {
        self.way.steps().get(self.done).copied()
    }
}

/// An answer, and what it answered.
pub(super) struct Told {
    pub(super) sent: Sent,
    pub(super) answer: Answer,
}

/// A POST.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    bearer: String,
    path: String,
    key: String,
    kind: &'static str,
    body: Vec<u8>,
}

impl Sent {
    pub(super) fn post(&self, address: &str) -> std::io::Result<Answer> {
        let headers = [
            ("Authorization", self.bearer.as_str()),
            ("Idempotency-Key", &self.key),
            ("Content-Type", self.kind),
        ];
        exchange(address, "POST", &self.path, &headers, &self.body)
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.path, self.key)
    }
}

/// What programs share.
pub(super) struct Shared {
    pub(super) bearers: Bearers,
    /// Of today, so that no notice is late, and the same however often it is sent.
    pub(super) occurred_at: String,
    /// How many programs there are.
    pub(super) programs: usize,
}

/// A program.
pub(super) struct Program {
    shared: Arc<Shared>,
    number: usize,
    dice: Dice,
    /// Claims begun, the last one under way.
    pub(super) claims: Vec<Claim>,
    /// Every POST that was answered since this was emptied.
    pub(super) told: Vec<Told>,
    /// How often it was told to come again later.
    pub(super) shed: u64,
    /// Claims before this one were compared when they were whole.
    compared: usize,
    /// How often the approval under way was refused, because the claim was computed again meanwhile.
    refused: usize,
}

/// Why a program stops for now.
pub(super) enum Stop {
    /// Nobody answers.
    Gone,
    /// It was told something that cannot be.
    Wrong(anyhow::Error),
}

impl Program {
    pub(super) fn new(number: usize, shared: Arc<Shared>, dice: Dice) -> Program {
        Program { shared, number, dice, claims: vec![], told: vec![], shed: 0, compared: 0, refused: 0 }
    }

    /// Works until the server is gone or `enough` claims stand in its book.
    ///
    /// # Errors
    ///
    /// When it was told something that cannot be.
    pub(super) fn work(&mut self, addresses: &[String], enough: usize) -> Result<()> {
        loop {
            if self.claims.last().is_none_or(Claim::is_whole) {
                if self.claims.len() >= enough {
                    return Ok(());
                }
                let way =
                    [Way::Small, Way::Small, Way::Small, Way::Heavy, Way::Withdrawn][self.dice.below(5)];
                let car = self.claims.len() * self.shared.programs + self.number;
                self.claims.push(Claim { way, id: None, done: 0, files: vec![], car });
            }
            match self.step(addresses) {
                Ok(()) => {}
                Err(Stop::Gone) => return Ok(()),
                Err(Stop::Wrong(error)) => return Err(error),
            }
        }
    }

    /// As whom claims are looked at.
    pub(super) fn approver(&self) -> &str {
        &self.shared.bearers.approver
    }

    /// The claims that were worked on since the last comparison.
    pub(super) fn worked_on(&self) -> &[Claim] {
        &self.claims[self.compared..]
    }

    /// Everything so far was compared.
    pub(super) fn checked(&mut self) {
        self.told.clear();
        self.compared = self.claims.iter().position(|claim| !claim.is_whole()).unwrap_or(self.claims.len());
    }

    /// Does what is left of the last claim.
    ///
    /// # Errors
    ///
    /// When it was told something that cannot be, or nobody answers.
    pub(super) fn finish(&mut self, addresses: &[String]) -> Result<()> {
        while self.claims.last().is_some_and(|claim| !claim.is_whole()) {
            match self.step(addresses) {
                Ok(()) => {}
                Err(Stop::Gone) => bail!("nobody answers"),
                Err(Stop::Wrong(error)) => return Err(error),
            }
        }
        Ok(())
    }

    fn step(&mut self, addresses: &[String]) -> Result<(), Stop> {
        // Several nodes serve one store: any of them may be asked.
        let address = &addresses[self.dice.below(addresses.len())];
        let sent = match self.next(address)? {
            Some(sent) => sent,
            None => return Ok(()),
        };
        let answer = sent.post(address).map_err(|_| Stop::Gone)?;
        if answer.is_shed() {
            self.shed += 1;
            thread::sleep(LOOK);
            return Ok(());
        }
        let claim = self.claims.last_mut().ok_or(Stop::Gone)?;
        if answer.status >= 300 {
            // Another adjudication came in between: what was seen is looked at again.
            self.refused += 1;
            if claim.step() == Some(Step::Approval)
                && matches!(answer.status, 409 | 422)
                && self.refused < LOOKS
            {
                thread::sleep(LOOK);
                return Ok(());
            }
            return Err(Stop::Wrong(anyhow::anyhow!("{} {}: {}", sent.name(), answer.status, answer.text())));
        }
        let body = answer.json();
        match claim.step() {
            Some(Step::Notice) => claim.id = body["claim"].as_str().map(str::to_owned),
            Some(Step::File(_)) => claim.files.extend(body["evidence"].as_u64()),
            _ => {}
        }
        claim.done += 1;
        self.refused = 0;
        self.told.push(Told { sent, answer });
        Ok(())
    }

    /// The next request of the last claim, the same until it is answered; `None` where it is too early.
    fn next(&self, address: &str) -> Result<Option<Sent>, Stop> {
        let place = self.claims.len() - 1;
        let claim = &self.claims[place];
        let (bearers, step) = (&self.shared.bearers, claim.step().ok_or(Stop::Gone)?);
        let id = claim.id.as_deref().unwrap_or_default();
        let mut key = format!("program-{}-claim-{place}-step-{}", self.number, claim.done);
        let desk = |what: &str| format!("/api/v1/desk/claims/{id}/{what}");
        let (bearer, path, body) = match step {
            Step::Notice => {
                (&bearers.program, "/api/v1/claims".to_owned(), notice(claim, &self.shared.occurred_at))
            }
            Step::File(kind) => {
                let number = (claim.car * 16 + claim.done) as u64;
                let path = format!("/api/v1/claims/{id}/evidence?kind={kind}");
                let (bearer, kind, body) =
                    (bearers.program.clone(), "application/octet-stream", photo(number));
                return Ok(Some(Sent { bearer, path, key, kind, body }));
            }
            Step::Damage => {
                let picks =
                    json!([{ "part": "rear-bumper", "damage": "scratch", "photo": claim.files.get(3) }]);
                (&bearers.program, format!("/api/v1/claims/{id}/damage"), json!({ "picks": picks }))
            }
            Step::Withdrawal => (&bearers.program, format!("/api/v1/claims/{id}/withdrawal"), json!({})),
            Step::Inspection => {
                (&bearers.assessor, desk("inspection"), json!({ "findings": "现场与描述一致" }))
            }
            Step::Note => (&bearers.assessor, desk("notes"), json!({ "text": "已电话联系车主" })),
            Step::Assessment => {
                let photo = claim.files.last();
                let parts = [
                    ("front-bumper", "broken"),
                    ("hood", "dent"),
                    ("headlamp-left", "broken"),
                    ("radiator", "broken"),
                    ("front-fender-left", "broken"),
                ];
                let pick = |(part, damage)| json!({ "part": part, "damage": damage, "photo": photo });
                let picks: Vec<Value> = parts.map(pick).into();
                (&bearers.assessor, desk("assessment"), json!({ "vehicle": "A", "picks": picks }))
            }
            Step::Approval => {
                let Some(seen) = self.adjudicated(address, id)? else { return Ok(None) };
                // Whoever approves other figures asks for something else.
                key = format!("{key}-{seen}");
                (&bearers.approver, desk("approval"), json!({ "adjudication": seen }))
            }
        };
        let body = body.to_string().into_bytes();
        Ok(Some(Sent { bearer: bearer.clone(), path, key, kind: "application/json", body }))
    }

    /// Waits until the claim is computed and the last answer said nothing of an approval; the number of what was computed.
    fn adjudicated(&self, address: &str, id: &str) -> Result<Option<u64>, Stop> {
        for _ in 0..LOOKS {
            let page = read(address, &self.shared.bearers.approver, id, true).map_err(|_| Stop::Gone)?;
            let computed = page["adjudication"]["number"].as_u64();
            let approved = page["approved"]["number"].as_u64().is_some();
            // An approval whose answer was lost is repeated under its key.
            if approved || computed.is_some() {
                return Ok(computed);
            }
            thread::sleep(LOOK);
        }
        Err(Stop::Wrong(anyhow::anyhow!("claim {id} is not computed")))
    }
}

/// A claim's page, as its program or (`desk`) staff see it.
pub(super) fn read(address: &str, bearer: &str, claim: &str, desk: bool) -> Result<Value> {
    let path = format!("/api/v1/{}claims/{claim}", if desk { "desk/" } else { "" });
    let answer = exchange(address, "GET", &path, &[("Authorization", bearer)], b"")?;
    if answer.status != 200 {
        bail!("claim {claim}, which was acknowledged, answers {}: {}", answer.status, answer.text());
    }
    serde_json::from_slice(&answer.body).context("a claim's page is not JSON")
}

fn notice(claim: &Claim, occurred_at: &str) -> Value {
    let (cause, damage) = match claim.way {
        Way::Heavy => ("object", "heavy"),
        Way::Small | Way::Withdrawn => ("scrape", "light"),
    };
    json!({
        "occurred_at": occurred_at, "cause": cause, "place": "地下车库", "plate": plate(claim.car),
        "story": "蹭到立柱", "name": "林知远", "phone": "13800010101", "damage": damage,
        "account": { "name": "林知远", "number": "6222020200112233446" },
    })
}

/// The plate of a car.
pub(super) fn plate(car: usize) -> String {
    let letters = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = char::from(letters[car / 100_000 % letters.len()]);
    format!("京{letter}{:05}", car % 100_000)
}

/// A small PNG, one of its kind.
pub(super) fn photo(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..64).map(|bit| if number >> bit & 1 == 1 { 230 } else { 20 }).collect();
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.map_or_else(|_| Vec::new(), |()| bytes)
}
