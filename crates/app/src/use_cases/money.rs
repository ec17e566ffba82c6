//! Reserves, payment orders, and what the bank makes of them.

use std::collections::BTreeMap;
use std::time::Duration;

use books::{Account, Books, Command, Order, PAYEE, Payment, PaymentStatus, overpaid};
use claim::events::{Approved, BankAccount, Owed};
use claim::incident::{Incidents, PartyId};
use claim::state::Task;
use claim::{Ask, Claim, Claims, Stage, TaskKind};
use insight::view::Value;
use insight::{MONEY, MoneyRow};
use journal::Actor;
use lexicon::{ClaimId, ExposureId, Money, PaymentId, Private, Reason};
use rulebook::Team;

use super::claims::unknown;
use super::reconciliation::{explains, waits};
use crate::app::App;
use crate::decisions::again;
use crate::failure::Failure;
#[cfg(feature = "mutants")]
use crate::mutants::{Mutant, at_work};
use crate::ports::{BankAnswer, PaymentInstruction};
use crate::principal::Request;
use crate::streams::{Loaded, Unit};

/// How long the bank may take to answer before it is asked what became of the payment.
const BANK_ANSWER_MAX: Duration = Duration::from_secs(10);
/// After so many attempts a person looks.
const ATTEMPTS_BEFORE_A_PERSON: u32 = 3;
/// And when the bank's last word is out for this long.
const PATIENCE_SECONDS: i64 = 300;

impl App {
    /// Brings the reserve lines to what is owed now, and expects what is to be claimed back. Nothing is owed on a claim that was
    /// declined or withdrawn.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub(crate) async fn reserve(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        self.run_beside::<Books, Claims, _, _>(&Request::system(), claim, Some(cause), |books, known| {
            let given_up = matches!(known.state.stage, Stage::Declined | Stage::Withdrawn);
            let adjudicated = known.state.adjudicated.as_deref().filter(|_| !given_up);
            let owed = adjudicated.map_or(&[][..], |adjudicated| &adjudicated.owed);
            let recoveries = adjudicated.map_or(&[][..], |adjudicated| &adjudicated.recoveries);
            let mut commands = vec![];
            for owed in owed {
                commands.push(Command::Reserve {
                    exposure: owed.exposure.clone(),
                    amount: books.state.line_for(&owed.exposure, owed.amount),
                });
            }
            // An exposure that is no longer owed keeps what was paid on it and gives up the rest.
            for exposure in books.state.exposures() {
                if !owed.iter().any(|owed| owed.exposure == *exposure) {
                    commands.push(Command::Release { exposure: exposure.clone() });
                }
            }
            for (from, cover, amount) in recoveries {
                commands.push(expect(&books.state, from, cover, *amount));
            }
            // What nobody is to give back any more is not expected.
            for known in books.state.recoveries() {
                let still =
                    recoveries.iter().any(|(from, cover, _)| (from, cover) == (&known.from, &known.cover));
                if !still && known.from != PAYEE {
                    commands.push(expect(&books.state, &known.from, &known.cover, Money::ZERO));
                }
            }
            Ok((commands, ()))
        })
        .await
    }

    /// Orders what the last approval leaves to be paid, to every payee whose account is known: the difference alone. What a payee
    /// holds too much from this accident pays first; the rest of it is to come back.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub(crate) async fn order_payments(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            self.set_off(claim, cause).await?;
            match self.try_order(claim, cause).await {
                Err(failure) if again(&mut tries, &failure) => {}
                Err(failure) => return Err(failure),
                Ok(()) => return self.end_moot(claim, cause).await,
            }
        }
    }

    async fn try_order(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let own = self.streams().load::<Claims>(claim).await?;
        let state = &own.state;
        let Some(approved) = state.approvals.last() else { return Ok(()) };
        let mut accounts = BTreeMap::new();
        for payee in state.accounts.keys() {
            if let Some(account) = self.account_to_pay(claim, state, payee)? {
                accounts.insert(payee.clone(), account);
            }
        }
        let books = self.streams().load::<Books>(claim).await?;
        let turned_down = self.turned_down(state, &books.state, approved, &accounts)?;
        let mut unit = Unit::new(self.streams());
        unit.hold(&own);
        let order = |books: &Loaded<Books>| {
            let books = &books.state;
            let mut orders = vec![];
            let mut commands: Vec<Command> = approved
                .owed
                .iter()
                .filter(|owed| !computed(state, &owed.exposure).is_zero())
                .map(|owed| Command::Reserve {
                    exposure: owed.exposure.clone(),
                    amount: books.line_for(&owed.exposure, computed(state, &owed.exposure)),
                })
                .collect();
            for owed in &approved.owed {
                let amount = books.still_to_order(&owed.exposure, due(state, owed));
                let (Some(account), false) = (accounts.get(&owed.payee), amount.is_zero()) else { continue };
                if turned_down.iter().any(|(exposure, ..)| *exposure == owed.exposure) {
                    continue;
                }
                let payment = books.next_payment(claim, &owed.exposure, approved.approval);
                if books.payment(&payment).is_some() {
                    // Another of the same is under way: whoever has the one that failed pays it again once that has ended.
                    continue;
                }
                orders.push(Order {
                    payment,
                    exposure: owed.exposure.clone(),
                    amount,
                    payee: owed.payee.to_string(),
                    account: account.clone(),
                });
            }
            #[cfg(feature = "mutants")]
            if at_work(Mutant::ReferenceByChance) {
                for order in &mut orders {
                    let drawn = format!("P{:.31}", self.ports().chance.token(16));
                    order.payment = drawn.parse().unwrap_or_else(|_| order.payment.clone());
                }
            }
            for exposure in books.exposures() {
                let owed = approved
                    .owed
                    .iter()
                    .find(|owed| owed.exposure == *exposure)
                    .map_or(Money::ZERO, |owed| owed.amount);
                let (cover, back) = (overpaid(exposure), books.overpaid_in_all(exposure, owed));
                if !back.is_zero() || books.recovery(PAYEE, &cover).is_some() {
                    commands.push(expect(books, PAYEE, &cover, back));
                }
            }
            if !orders.is_empty() {
                commands.push(Command::Order {
                    orders,
                    approved_by: by_of(approved),
                    approval: approved.approval,
                });
            }
            if !explains(state, books, &commands) {
                // The bank has paid something for this claim that the books do not know: a person looks first.
                commands.clear();
            }
            Ok((commands, ()))
        };
        self.attempt(&Request::system(), &books, unit, Some(cause), &order).await?;
        for (_, payment, code) in turned_down {
            self.payment_trouble(claim, &payment, &code).await?;
        }
        Ok(())
    }

    /// What became of a payment that failed is nobody's matter any more once nothing is due on its exposure beyond what arrived.
    async fn end_moot(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let state = self.streams().load::<Claims>(claim).await?.state;
        if state.open_task(TaskKind::FixPayment).is_none() {
            return Ok(());
        }
        let request = Request::system();
        self.run_beside::<Claims, Books, _, _>(&request, claim, Some(cause), |known, books| {
            let tasks = moot(&known.state, &books.state);
            Ok((tasks.map(|task| self.command(&request, Ask::FinishTask { task })).collect(), ()))
        })
        .await
    }

    /// Orders what was approved and is owed again: what a payee held too much by figures that fell may have paid elsewhere before the
    /// figures rose. Of an adjudication that is being approved, the approval orders.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub(crate) async fn order_risen(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let state = self.streams().load::<Claims>(claim).await?.state;
        let approved = state.approvals.last().map(|approved| approved.adjudication);
        match (approved, state.adjudicated.as_deref()) {
            (Some(approved), Some(last)) if last.number > approved => self.order_payments(claim, cause).await,
            _ => Ok(()),
        }
    }

    /// Orders once more a payment that the bank rejected, to the account that is known, under a reference of its own. Nothing is
    /// ordered while another payment of its exposure is under way, nor more than the last approval leaves.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim, %payment))]
    pub async fn pay_again(
        &self,
        request: &Request,
        claim: &ClaimId,
        payment: &PaymentId,
    ) -> Result<(), Failure> {
        // What the person saw was the claim; its books have a version of their own.
        self.run_beside::<Books, Claims, _, _>(&request.unversioned(), claim, None, |books, known| {
            let (books, state) = (&books.state, &known.state);
            let rejected = books.payment(payment).ok_or(Failure::NotFound)?;
            let Some(approved) = state.approvals.last().filter(|_| state.is_approved()) else {
                return Err(Failure::refused("books.refused.not-approved"));
            };
            if waits(state, books) {
                return Err(Failure::refused("books.refused.payment-found"));
            }
            let exposure = &rejected.exposure;
            let owed = approved.owed.iter().find(|owed| owed.exposure == *exposure);
            let owed = owed.map_or(Money::ZERO, |owed| owed.amount);
            let account = self.account_to_pay(claim, state, &PartyId::from_text(&rejected.payee))?;
            let again = Command::OrderAgain {
                rejected: payment.clone(),
                payment: books.next_payment(claim, exposure, approved.approval),
                owed,
                account: account.ok_or_else(|| Failure::refused("privacy.refused.erased"))?,
                approved_by: by_of(approved),
                approval: approved.approval,
            };
            let line =
                Command::Reserve { exposure: exposure.clone(), amount: books.line_for(exposure, owed) };
            Ok((vec![line, again], ()))
        })
        .await
    }

    /// Exposures of which the bank rejected a payment, and with what code, to the very account that is known: the last one by
    /// `approved`, or one that a person has in hand. They order it again, or another account does.
    fn turned_down(
        &self,
        state: &Claim,
        books: &Books,
        approved: &Approved,
        accounts: &BTreeMap<PartyId, Private<Account>>,
    ) -> Result<Vec<(ExposureId, PaymentId, String)>, Failure> {
        let mut found = vec![];
        for owed in &approved.owed {
            let Some(account) = accounts.get(&owed.payee) else { continue };
            let mut later = false;
            for failed in books.payments().iter().rev().filter(|payment| payment.exposure == owed.exposure) {
                let newest = !std::mem::replace(&mut later, true);
                let (PaymentStatus::Rejected { code }, Some(tried)) = (&failed.status, &failed.account)
                else {
                    continue;
                };
                let in_hand = state
                    .open_tasks()
                    .any(|(_, task)| failed_in(books, task).is_some_and(|payment| payment.id == failed.id));
                if (in_hand || (newest && failed.approval == approved.approval))
                    && tried.open(self.vault(), Reason::Payment)?.known()
                        == account.open(self.vault(), Reason::Payment)?.known()
                {
                    found.push((owed.exposure.clone(), failed.id.clone(), code.clone()));
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The account of `payee` as the books keep it. One who was erased has none and cannot be paid; a person must act.
    fn account_to_pay(
        &self,
        claim: &ClaimId,
        state: &Claim,
        payee: &PartyId,
    ) -> Result<Option<Private<Account>>, Failure> {
        let Some(account) = state.accounts.get(payee) else { return Ok(None) };
        let Some(account) = account.open(self.vault(), Reason::Payment)?.known() else { return Ok(None) };
        let BankAccount { name, number } = account;
        let subject = super::notice::subject_of(claim)?;
        Ok(Some(Private::seal(self.vault(), &subject, &Account { name, number })?))
    }

    /// Hands an ordered payment to the bank, or asks the bank what became of one that was handed over. That it is about to be handed
    /// over is on disk before the bank hears of it; the reference makes the bank pay once.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim, %payment))]
    pub async fn pay(&self, claim: &ClaimId, payment: &PaymentId) -> Result<(), Failure> {
        let books = self.streams().load::<Books>(claim).await?;
        let known = books.state.payment(payment).ok_or(Failure::NotFound)?.clone();
        let attempts = match &known.status {
            PaymentStatus::Ordered => 0,
            PaymentStatus::Sent { attempts } => *attempts,
            PaymentStatus::Rejected { code } => return self.see_to_rejected(claim, payment, code).await,
            PaymentStatus::Confirmed { .. } | PaymentStatus::Cancelled => return Ok(()),
        };
        if self.payments_held().await?.is_some() {
            // The rounds come by again; nothing is handed over or asked before the statement was compared.
            return Ok(());
        }
        if attempts > 0 {
            match tokio::time::timeout(BANK_ANSWER_MAX, self.ports().bank.find(payment)).await {
                Ok(Ok(BankAnswer::Unknown)) => {}
                Ok(Ok(answer)) => return self.book_answer(claim, payment, answer, attempts).await,
                // No answer is no news: it stays sent, and is asked about again.
                Ok(Err(_)) | Err(_) => return self.watch(claim, payment, attempts, "no-answer").await,
            }
        }
        // One that was found on the bank's statement has left already, and no account is known of it.
        let Some(account) = &known.account else { return Ok(()) };
        let Some(account) = account.open(self.vault(), Reason::Payment)?.known() else {
            return self.payment_trouble(claim, payment, "payee-erased").await;
        };
        let instruction = PaymentInstruction {
            reference: payment.clone(),
            amount: known.amount,
            account: account.number,
            name: account.name,
            claim: claim.clone(),
        };
        #[cfg(feature = "mutants")]
        if at_work(Mutant::BankBeforeMark) {
            drop(tokio::time::timeout(BANK_ANSWER_MAX, self.ports().bank.pay(instruction.clone())).await);
        }
        let system = Request::system();
        let handing_over = self.run::<Books, _, _>(&system, claim, None, |books| {
            // Whoever else is at it has come further.
            let as_seen = books.state.payment(payment).is_some_and(|now| now.status == known.status);
            let mark = as_seen.then(|| Command::MarkSent { payment: payment.clone() });
            Ok((mark.into_iter().collect(), as_seen))
        });
        if !handing_over.await? {
            return Ok(());
        }
        match tokio::time::timeout(BANK_ANSWER_MAX, self.ports().bank.pay(instruction)).await {
            Ok(Ok(answer)) => self.book_answer(claim, payment, answer, attempts + 1).await,
            #[cfg(feature = "mutants")]
            Ok(Err(_)) | Err(_) if at_work(Mutant::TimeoutIsRejection) => {
                let answer = BankAnswer::Rejected { code: "no-answer".to_owned() };
                self.book_answer(claim, payment, answer, attempts + 1).await
            }
            Ok(Err(_)) | Err(_) => self.watch(claim, payment, attempts + 1, "no-answer").await,
        }
    }

    pub(super) async fn book_answer(
        &self,
        claim: &ClaimId,
        payment: &PaymentId,
        answer: BankAnswer,
        attempts: u32,
    ) -> Result<(), Failure> {
        match answer {
            BankAnswer::Paid { bank_reference } => {
                let confirm = Command::Confirm { payment: payment.clone(), bank_reference };
                match self.books_command(claim, confirm).await {
                    // The bank names one payment in two ways: a matter for people, not a second payment.
                    Err(Failure::Refused(refused)) => {
                        let (request, ask) = (Request::system(), fix_payment(payment, &refused.word));
                        self.run::<Claims, _, _>(&request, claim, None, |_| {
                            Ok((vec![self.command(&request, ask.clone())], ()))
                        })
                        .await
                    }
                    result => result,
                }
            }
            BankAnswer::Rejected { code } => {
                self.books_command(claim, Command::Reject { payment: payment.clone(), code: code.clone() })
                    .await?;
                self.payment_trouble(claim, payment, &code).await
            }
            BankAnswer::Pending | BankAnswer::Unknown => {
                self.watch(claim, payment, attempts, "pending").await
            }
        }
    }

    /// A payment that stays open long goes to people; it is still asked about.
    async fn watch(
        &self,
        claim: &ClaimId,
        payment: &PaymentId,
        attempts: u32,
        code: &str,
    ) -> Result<(), Failure> {
        let key = vec![Value::from(claim.as_str()), Value::from(payment.as_str())];
        let row = self.ports().views.get(&MONEY, key).await?;
        let row = row.map(|row| MoneyRow::read(&MONEY, &row)).transpose()?;
        let ordered_at = row.and_then(|row| row.ordered_at);
        let open_for = ordered_at.map_or(0, |at| self.now().seconds_since(at));
        if attempts < ATTEMPTS_BEFORE_A_PERSON && open_for < PATIENCE_SECONDS {
            return Ok(());
        }
        self.payment_trouble(claim, payment, code).await
    }

    /// A payment that the bank rejected is a person's matter, once: whoever noted the rejection may have come no further.
    async fn see_to_rejected(&self, claim: &ClaimId, payment: &PaymentId, code: &str) -> Result<(), Failure> {
        let state = self.streams().load::<Claims>(claim).await?.state;
        let named = |task: &claim::state::Task| {
            let this = task.details.get("payment").is_some_and(|named| named == payment.as_str());
            task.kind == TaskKind::FixPayment && this
        };
        if state.tasks.values().any(named) {
            return Ok(());
        }
        self.payment_trouble(claim, payment, code).await
    }

    /// Has a person look into `payment`, unless it has been made good meanwhile: what the bank says of it may come late.
    async fn payment_trouble(&self, claim: &ClaimId, payment: &PaymentId, code: &str) -> Result<(), Failure> {
        let (request, ask) = (Request::system(), fix_payment(payment, code));
        self.run_beside::<Claims, Books, _, _>(&request, claim, None, |known, books| {
            let books = &books.state;
            let made_good = books.payment(payment).is_none_or(|now| match now.status {
                PaymentStatus::Confirmed { .. } | PaymentStatus::Cancelled => true,
                PaymentStatus::Rejected { .. } => {
                    books.still_to_order(&now.exposure, due_on(&known.state, &now.exposure)).is_zero()
                }
                PaymentStatus::Ordered | PaymentStatus::Sent { .. } => false,
            });
            let open = (!made_good).then(|| self.command(&request, ask.clone()));
            Ok((open.into_iter().collect(), ()))
        })
        .await
    }

    async fn books_command(&self, claim: &ClaimId, command: Command) -> Result<(), Failure> {
        self.run::<Books, _, _>(&Request::system(), claim, None, |_| Ok((vec![command.clone()], ()))).await
    }

    /// Tells the claim of a payment that arrived.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim, %payment))]
    pub(crate) async fn record_payment(
        &self,
        claim: &ClaimId,
        payment: &PaymentId,
        cause: u64,
    ) -> Result<(), Failure> {
        let books = self.streams().load::<Books>(claim).await?;
        let paid = books.state.payment(payment).ok_or(Failure::NotFound)?.clone();
        let request = Request::system();
        self.run_beside::<Claims, Incidents, _, _>(&request, claim, Some(cause), |known, incident| {
            let moot = moot(&known.state, &books.state);
            let mut commands: Vec<_> =
                moot.map(|task| self.command(&request, Ask::FinishTask { task })).collect();
            let ask = Ask::RecordPayment {
                payment: payment.clone(),
                exposure: paid.exposure.clone(),
                amount: paid.amount,
                losses_unknown: unknown(&known.state, incident),
            };
            commands.push(self.command(&request, ask));
            Ok((commands, ()))
        })
        .await
    }
}

/// Who had the last word in `approved`.
fn by_of(approved: &Approved) -> Actor {
    approved.by.last().cloned().unwrap_or_else(|| Request::system().principal.actor())
}

/// What was computed last on `exposure`.
pub(super) fn computed(state: &Claim, exposure: &ExposureId) -> Money {
    let last = state.adjudicated.as_ref();
    let owed = last.and_then(|last| last.owed.iter().find(|owed| owed.exposure == *exposure));
    owed.map_or(Money::ZERO, |owed| owed.amount)
}

/// Has somebody find out what became of `payment`.
fn fix_payment(payment: &PaymentId, code: &str) -> Ask {
    let details = [("payment", payment.to_string()), ("code", code.to_owned())];
    let details = details.map(|(name, value)| (name.to_owned(), value)).into();
    Ask::OpenTask { kind: TaskKind::FixPayment, team: Team::Payments, details }
}

/// Open tasks about payments that failed, on exposures of which nothing is due beyond what the payee has in hand.
fn moot(state: &Claim, books: &Books) -> impl Iterator<Item = u32> {
    let failed = state.open_tasks().filter_map(|(task, open)| Some((task, failed_in(books, open)?)));
    let moot = failed.filter(|(_, failed)| books.held(&failed.exposure) >= due_on(state, &failed.exposure));
    moot.map(|(task, _)| task)
}

/// Whether `task` is about a payment that failed and nothing makes good yet.
pub(super) fn is_owed_still(state: &Claim, books: &Books, task: &Task) -> bool {
    failed_in(books, task).is_some_and(|failed| {
        !books.still_to_order(&failed.exposure, due_on(state, &failed.exposure)).is_zero()
    })
}

/// The payment that failed of which `task` is.
fn failed_in<'a>(books: &'a Books, task: &Task) -> Option<&'a Payment> {
    let named = task.details.get("payment").filter(|_| task.kind == TaskKind::FixPayment)?;
    books.payment(&named.parse().ok()?).filter(|payment| !payment.counts())
}

/// What is due on `exposure` in all.
fn due_on(state: &Claim, exposure: &ExposureId) -> Money {
    let owed = state.approvals.last().map_or(&[][..], |approved| &approved.owed);
    owed.iter().find(|owed| owed.exposure == *exposure).map_or(Money::ZERO, |owed| due(state, owed))
}

/// What of an approved amount is due: what was computed since, where that is less. What is too much by the latest figures may be set
/// off before anybody approved them, and must not be paid out again meanwhile.
pub(super) fn due(state: &Claim, approved: &Owed) -> Money {
    approved.amount.min(computed(state, &approved.exposure))
}

/// Expects `amount` in all; never less than what has come.
fn expect(books: &Books, from: &str, cover: &str, amount: Money) -> Command {
    let received = books.recovery(from, cover).map_or(Money::ZERO, books::Recovery::settled);
    Command::ExpectRecovery { from: from.to_owned(), cover: cover.to_owned(), amount: amount.max(received) }
}
