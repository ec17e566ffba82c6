//! Money that comes back: booked as it arrives, or set off against what its payee is owed elsewhere on the same accident.

use books::{Books, Command, SetOff, set_off_id};
use claim::{Ask, Claim, Claims};
use lexicon::{ClaimId, ExposureId, Moment, Money};

use super::claims::unknown;
use super::money::{computed, due};
use crate::app::App;
use crate::decisions::again;
use crate::failure::{Failure, Refused};
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::principal::Request;
use crate::streams::{Loaded, Unit};

/// Longest number that a bank gives an incoming payment (ISO 20022 has 35).
const BANK_REFERENCE_MAX: usize = 64;

/// Money that came back, as it stands on the statement of our account.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Who gave it back, as the recovery says.
    pub from: String,
    /// For which cover.
    pub cover: String,
    /// How much.
    pub amount: Money,
    /// The bank's own number of it.
    pub bank_reference: String,
    /// When it arrived.
    pub arrived_at: Moment,
}

/// What a payee holds too much on an exposure of one of our claims.
struct Held<'a> {
    books: &'a Loaded<Books>,
    claim: &'a ClaimId,
    exposure: ExposureId,
    amount: Money,
}

impl App {
    /// Books a recovery that arrived. The same bank number again changes nothing.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub async fn receive_recovery(
        &self,
        request: &Request,
        claim: &ClaimId,
        receipt: &Receipt,
    ) -> Result<(), Failure> {
        // Whoever names a claim that there is not hears that first.
        self.incident_of(claim).await?;
        let bank_reference = receipt.bank_reference.trim();
        if bank_reference.is_empty() {
            return Err(Refused::new("form.refused.empty").at("bank_reference").into());
        }
        if bank_reference.chars().count() > BANK_REFERENCE_MAX {
            let refused = Refused::new("form.refused.too-long").at("bank_reference");
            return Err(refused.with("max", BANK_REFERENCE_MAX).into());
        }
        if receipt.arrived_at > self.now() {
            return Err(Refused::new("recovery.refused.future").at("arrived_at").into());
        }
        // What the person saw was the claim; its books have a version of their own.
        let request = request.unversioned();
        let receive = Command::ReceiveRecovery {
            from: receipt.from.clone(),
            cover: receipt.cover.clone(),
            amount: receipt.amount,
            bank_reference: bank_reference.to_owned(),
            arrived_at: receipt.arrived_at,
        };
        let mut tries = 0;
        let booked = loop {
            match self.try_receive(&request, claim, &receive).await {
                Err(failure) if again(&mut tries, &failure) => {}
                result => break result,
            }
        };
        booked.map_err(|failure| match failure {
            Failure::Refused(refused) if refused.word.ends_with("receipt-differs") => {
                refused.at("bank_reference").into()
            }
            Failure::Refused(refused) => refused.at("amount").into(),
            failure => failure,
        })
    }

    /// Books `receive`, and tells the claim of what its payees gave back, in one.
    async fn try_receive(
        &self,
        request: &Request,
        claim: &ClaimId,
        receive: &Command,
    ) -> Result<(), Failure> {
        let own = self.streams().load::<Claims>(claim).await?;
        let books = self.streams().load::<Books>(claim).await?;
        let mut unit = Unit::new(self.streams());
        let decided = unit.decide(&books, [receive.clone()]).map_err(Failure::from).and_then(|after| {
            unit.decide(&own, self.returns(request, &own.state, &after))?;
            Ok(())
        });
        self.conclude(request, unit, decided, None).await
    }

    /// What came back by `books` and `own` does not know of.
    fn returns(&self, request: &Request, own: &Claim, books: &Books) -> Vec<claim::Command> {
        let unknown = books.exposures().filter(|exposure| books.returned(exposure) > own.returned(exposure));
        let asks = unknown
            .map(|exposure| (exposure.clone(), books.returned(exposure)))
            .map(|(exposure, total)| self.command(request, Ask::RecordReturn { exposure, total }));
        asks.collect()
    }

    /// What the payees of `claim` hold too much from any claim of ours on the accident pays what they are owed here; both books
    /// and the claim are written at once. Only what has arrived is set off, and nothing is moved twice: a repeat finds it moved.
    pub(super) async fn set_off(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            match self.try_set_off(claim, cause).await {
                Err(failure) if again(&mut tries, &failure) => {}
                result => return result,
            }
        }
    }

    async fn try_set_off(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let own = self.streams().load::<Claims>(claim).await?;
        let incident = self.incident_of(claim).await?;
        let Some(approved) = own.state.approvals.last() else { return Ok(()) };
        let books = self.streams().load::<Books>(claim).await?;
        let mut open = approved
            .owed
            .iter()
            .map(|owed| books.state.still_to_order(&owed.exposure, due(&own.state, owed)));
        if open.all(Money::is_zero) {
            return Ok(());
        }
        let mut others = vec![];
        for other in incident.state.claims.values().filter(|other| *other != claim) {
            let known = self.streams().load::<Claims>(other).await?;
            others.push((other, known, self.streams().load::<Books>(other).await?));
        }
        let mut held = too_much(claim, &own.state, &books);
        for (other, known, books) in &others {
            held.extend(too_much(other, &known.state, books));
        }

        let request = Request::system();
        let mut ours = vec![];
        let mut theirs: Vec<Vec<Command>> = others.iter().map(|_| vec![]).collect();
        let mut told = vec![];
        for owed in &approved.owed {
            let mut missing = books.state.still_to_order(&owed.exposure, due(&own.state, owed));
            let line = books.state.line_for(&owed.exposure, computed(&own.state, &owed.exposure));
            for source in &mut held {
                let amount = missing.min(source.amount);
                if source.books.state.payee(&source.exposure) != Some(owed.payee.as_str()) || amount.is_zero()
                {
                    continue;
                }
                (missing, source.amount) = (missing.less(amount), source.amount.less(amount));
                let (from, to) = ((source.claim, &source.exposure), (claim, &owed.exposure));
                let before = source.books.state.given();
                let before = before.filter(|one| (&one.other_claim, &one.other_exposure) == to).count();
                let id = set_off_id(from, to, before as u32);
                let seen_from = |own: &ExposureId, other: (&ClaimId, &ExposureId)| SetOff {
                    id: id.clone(),
                    exposure: own.clone(),
                    amount,
                    payee: owed.payee.to_string(),
                    other_claim: other.0.clone(),
                    other_exposure: other.1.clone(),
                };
                let give = Command::GiveSetOff(seen_from(&source.exposure, to));
                match others.iter().position(|(other, ..)| *other == source.claim) {
                    Some(place) => theirs[place].push(give),
                    None => ours.push(give),
                }
                ours.push(Command::Reserve { exposure: owed.exposure.clone(), amount: line });
                ours.push(Command::TakeSetOff(seen_from(&owed.exposure, from)));
                let ask = Ask::RecordPayment {
                    payment: id,
                    exposure: owed.exposure.clone(),
                    amount,
                    losses_unknown: unknown(&own.state, &incident),
                };
                told.push(self.command(&request, ask));
            }
        }
        let mut unit = Unit::new(self.streams());
        unit.hold(&incident);
        let after = unit.decide(&books, ours)?;
        told.extend(self.returns(&request, &own.state, &after));
        #[cfg(feature = "mutants")]
        if at_work(Mutant::SetOffOneSided) {
            theirs.iter_mut().for_each(Vec::clear);
        }
        for ((_, known, books), commands) in others.iter().zip(theirs) {
            let after = unit.decide(books, commands)?;
            unit.decide(known, self.returns(&request, &known.state, &after))?;
        }
        unit.decide(&own, told)?;
        unit.commit(&request, self.now(), Some(cause), "null").await?;
        Ok(())
    }
}

/// What payees have in hand from `claim` and are owed no more, as it was computed last.
fn too_much<'a>(claim: &'a ClaimId, state: &Claim, books: &'a Loaded<Books>) -> Vec<Held<'a>> {
    let held = books.state.exposures().map(|exposure| Held {
        books,
        claim,
        exposure: exposure.clone(),
        amount: books.state.held(exposure).less(computed(state, exposure)),
    });
    held.filter(|held| !held.amount.is_zero()).collect()
}
