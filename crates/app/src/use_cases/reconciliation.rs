//! After a restore: payments wait until the bank's statement was compared with the books.
//!
//! What the bank has paid and the books do not explain becomes a task for a person, and the claim gets no other payment ordered
//! until it is explained: by the same approval given again, which orders the very same payment, or by the person, who says whether it
//! counts.

use std::collections::BTreeMap;

use books::{
    ALL, Books, Command, Found, Hold, HoldCommand, Order, PaymentStatus, PaymentsFreed, PaymentsHeld,
};
use claim::state::Task;
use claim::{Ask, Claim, Claims, TaskKind};
use insight::MONEY;
use insight::view::Query;
use lexicon::{ClaimId, PaymentId};
use rulebook::Team;

use crate::app::App;
use crate::failure::Failure;
use crate::ports::{BankAnswer, StatementLine};
use crate::principal::Request;

/// The code of a task about a payment that the bank has made and the books do not know.
const FOUND: &str = "paid-before-restore";
/// The bank may book a payment days after it was asked for one: the statement is asked from so much earlier.
const BEFORE_SECONDS: i64 = 7 * 24 * 3600;

/// What a reconciliation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// The restore that payments waited for; `None` when they did not wait, and nothing was done.
    pub held: Option<PaymentsHeld>,
    /// Payments on the bank's statement.
    pub lines: u64,
    /// Those that the books know as paid.
    pub agreed: u64,
    /// Those that the books had as ordered, and now have as paid.
    pub confirmed: Vec<PaymentId>,
    /// Those that the books do not explain: each is a task for a person now.
    pub for_people: Vec<(ClaimId, StatementLine)>,
    /// Those that no claim is known for.
    pub unplaced: Vec<StatementLine>,
    /// Orders that the bank has not paid, and is asked about under their references.
    pub asked_again: u64,
    /// Whether payments leave again.
    pub freed: bool,
}

impl App {
    /// The restore that payments wait for, if they wait.
    pub async fn payments_held(&self) -> Result<Option<PaymentsHeld>, Failure> {
        // A store is restored before anybody serves it: payments that may leave once may leave as long as the process lives.
        if self.payments_are_free() {
            return Ok(None);
        }
        let hold = self.streams().load::<Hold>(ALL).await?;
        if hold.state.held.is_none() {
            self.payments_free();
        }
        Ok(hold.state.held.clone())
    }

    /// Compares the bank's statement with the books, and lets payments leave again. Money that left for claims that nobody knows any
    /// more keeps them waiting, unless a person has noted it (`unplaced_noted`). Asked again it goes on where it was.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn reconcile(&self, unplaced_noted: bool) -> Result<Reconciliation, Failure> {
        let mut found = Reconciliation {
            held: self.payments_held().await?,
            lines: 0,
            agreed: 0,
            confirmed: vec![],
            for_people: vec![],
            unplaced: vec![],
            asked_again: 0,
            freed: true,
        };
        let Some(held) = &found.held else { return Ok(found) };
        let since = held.last_entry_at.plus_seconds(-BEFORE_SECONDS);
        let statement = self.ports().bank.statement(since).await;
        let statement = statement.map_err(|problem| Failure::Unavailable(problem.to_string()))?;
        found.lines = statement.len() as u64;
        for line in statement {
            self.place(line, &mut found).await?;
        }
        found.asked_again = self.payments_open().await?;
        found.freed = found.unplaced.is_empty() || unplaced_noted;
        if found.freed {
            let freed = PaymentsFreed {
                since,
                lines: found.lines,
                agreed: found.agreed,
                confirmed: found.confirmed.len() as u64,
                for_people: found.for_people.iter().map(|(_, line)| line.reference.clone()).collect(),
                unplaced: found.unplaced.iter().map(|line| line.reference.clone()).collect(),
                asked_again: found.asked_again,
                at: self.now(),
            };
            self.run::<Hold, _, _>(&Request::system(), &ALL, None, |_| {
                Ok((vec![HoldCommand::Free(freed.clone())], ()))
            })
            .await?;
        }
        Ok(found)
    }

    /// Holds one line of the statement against the books of its claim.
    async fn place(&self, line: StatementLine, found: &mut Reconciliation) -> Result<(), Failure> {
        let Some(claim) = line.claim.clone() else {
            found.unplaced.push(line);
            return Ok(());
        };
        let books = self.streams().load::<Books>(&claim).await?;
        let known = books.state.payment(&line.reference);
        match known.map(|payment| (&payment.status, payment.amount == line.amount)) {
            Some((PaymentStatus::Confirmed { .. }, true)) => found.agreed += 1,
            Some((PaymentStatus::Ordered | PaymentStatus::Sent { .. }, true)) => {
                let answer = BankAnswer::Paid { bank_reference: line.bank_reference };
                self.book_answer(&claim, &line.reference, answer, 1).await?;
                found.confirmed.push(line.reference);
            }
            _ if self.streams().load::<Claims>(&claim).await?.version == 0 => found.unplaced.push(line),
            _ => {
                self.ask_about_found(&claim, &line).await?;
                found.for_people.push((claim, line));
            }
        }
        Ok(())
    }

    async fn ask_about_found(&self, claim: &ClaimId, line: &StatementLine) -> Result<(), Failure> {
        let details = BTreeMap::from([
            ("payment".to_owned(), line.reference.to_string()),
            ("code".to_owned(), FOUND.to_owned()),
            ("amount".to_owned(), line.amount.to_string()),
            ("bank".to_owned(), line.bank_reference.clone()),
        ]);
        let ask = Ask::OpenTask { kind: TaskKind::FixPayment, team: Team::Payments, details };
        let request = Request::system();
        self.run::<Claims, _, _>(&request, claim, None, |_| {
            Ok((vec![self.command(&request, ask.clone())], ()))
        })
        .await
    }

    /// How many payments wait for the bank's last word.
    async fn payments_open(&self) -> Result<u64, Failure> {
        let mut open = 0;
        for status in ["ordered", "sent"] {
            open += self.ports().views.count(Query::of(&MONEY, "by_status", 1).equal(status)).await?;
        }
        Ok(open)
    }

    /// Orders what was withheld while somebody looked into a payment that the books did not know, once nobody does any more.
    #[tracing::instrument(level = "debug", skip_all, fields(%claim))]
    pub(crate) async fn order_withheld(&self, claim: &ClaimId, cause: u64) -> Result<(), Failure> {
        let state = self.streams().load::<Claims>(claim).await?.state;
        let books = self.streams().load::<Books>(claim).await?.state;
        match found_in(&state).next().is_none() || waits(&state, &books) {
            true => Ok(()),
            false => self.order_payments(claim, cause).await,
        }
    }
}

/// Whether a payment that only the bank knew of is not explained yet, be its task open or ended with the claim.
pub(super) fn waits(claim: &Claim, books: &Books) -> bool {
    found_in(claim).any(|found| !is_explained(books, &found))
}

/// Whether `commands` may be carried out although a payment was found that the books do not know: they order that very payment, so
/// that the bank pays nothing more.
pub(super) fn explains(claim: &Claim, books: &Books, commands: &[Command]) -> bool {
    let orders = commands.iter().filter_map(|command| match command {
        Command::Order { orders, .. } => Some(orders),
        _ => None,
    });
    let orders: Vec<&Order> = orders.flatten().collect();
    found_in(claim).all(|found| {
        let this = |order: &&Order| (&order.payment, order.amount) == (&found.payment, found.amount);
        is_explained(books, &found) || orders.iter().any(this)
    })
}

/// Whether the books know what `found` was: it stands in them, or somebody said so.
pub(crate) fn is_explained(books: &Books, found: &Found) -> bool {
    let stands = books.payment(&found.payment).filter(|known| known.counts());
    books.explained(&found.payment).is_some() || stands.is_some_and(|known| known.amount == found.amount)
}

/// Every payment of `claim` that only the bank knew of, explained or not.
pub(crate) fn found_in(claim: &Claim) -> impl Iterator<Item = Found> {
    claim.tasks.values().filter_map(found_of)
}

/// The payment that `task` is about, if only the bank knew of it.
pub(super) fn found_of(task: &Task) -> Option<Found> {
    let detail = |name: &str| task.details.get(name).map(String::as_str).unwrap_or_default();
    Some(Found {
        payment: detail("payment").parse().ok()?,
        amount: detail("amount").parse().ok()?,
        bank_reference: detail("bank").to_owned(),
    })
    .filter(|_| is_about_found(task.kind, &task.details))
}

pub(super) fn is_about_found(kind: TaskKind, details: &BTreeMap<String, String>) -> bool {
    kind == TaskKind::FixPayment && details.get("code").is_some_and(|code| code == FOUND)
}
