//! After every story: every view says what the aggregates say, the money is whole, the journal verifies.

use std::collections::{BTreeMap, BTreeSet};

use app::words::{Lang, Words};
use books::Books;
use insight::view::{Query, Value, Views};
use insight::{ClaimRow, MONEY, MoneyRow, TASKS, TaskRow};
use lexicon::{ClaimId, Money};

use super::World;

const ALL: usize = 10_000;

impl World {
    pub async fn audit(&self) {
        self.settle().await;
        let rows = self.claims().await;
        assert!(!rows.is_empty(), "a story has a claim");
        for row in rows {
            let claim: ClaimId = row.claim.parse().unwrap();
            self.audit_claim(&claim, &row).await;
            self.audit_tasks(&claim).await;
            self.audit_money(&claim).await;
            for words in [Words::of(Lang::Zh), Words::of(Lang::En)] {
                self.app.claim_page(&claim, words).await.unwrap();
                self.app.staff_claim_page(&claim, words).await.unwrap();
            }
        }
        self.audit_bank().await;
        self.audit_set_offs().await;
        let store = self.store.clone();
        let report = tokio::task::spawn_blocking(move || store.verify(&[], &mut |_| {})).await.unwrap();
        let report = report.unwrap();
        assert_eq!(report.differences, [], "{report:?}");
        assert!(report.events > 0 && report.views > 0);
    }

    async fn audit_claim(&self, claim: &ClaimId, row: &ClaimRow) {
        let state = self.claim(claim).await;
        let stage = (state.stage.word(), state.is_over());
        assert_eq!((row.stage.as_str(), row.ended_at.is_some()), stage, "{claim}: stage in the view");
        assert_eq!(row.severity.as_deref(), state.severity.map(|severity| severity.word()), "{claim}");
        assert_eq!(row.approved, state.approved_total(), "{claim}: approved in the view");
        assert_eq!(row.paid, state.paid_total(), "{claim}: paid in the view");
        assert_eq!(row.owed, state.adjudicated.as_ref().map(|last| last.total), "{claim}: owed in the view");
        let own = state.vehicle().and_then(|own| state.assessments.get(own));
        let own = own.map(|own| own.total_loss.map_or(own.total, |(value, _)| value));
        assert_eq!(row.assessed, own, "{claim}: assessed in the view");
    }

    async fn audit_tasks(&self, claim: &ClaimId) {
        let state = self.claim(claim).await;
        let query = Query::of(&TASKS, "by_due", ALL).equal(1);
        let rows = self.store.page(query).await.unwrap();
        let rows = rows.iter().map(|row| TaskRow::read(&TASKS, row).unwrap());
        let shown: BTreeSet<(u64, String, String)> = rows
            .filter(|row| row.claim == claim.as_str())
            .map(|row| (row.task, row.kind, row.team))
            .collect();
        let open = state.open_tasks().map(|(number, task)| {
            (u64::from(number), task.kind.word().to_owned(), task.team.word().to_owned())
        });
        assert_eq!(shown, open.collect(), "{claim}: open tasks in the view");
    }

    async fn audit_money(&self, claim: &ClaimId) {
        let books = self.app.streams().load::<Books>(claim).await.unwrap().state;
        let totals =
            self.store.get(&MONEY, vec![Value::from(claim.as_str()), Value::from("")]).await.unwrap();
        let Some(totals) = totals else {
            assert_eq!(*books, Books::default(), "{claim}: books without a row");
            return;
        };
        let totals = MoneyRow::read(&MONEY, &totals).unwrap();
        let sum = |of: &dyn Fn(&lexicon::ExposureId) -> Money| books.exposures().map(of).sum::<Money>();
        let expected: Money = books.recoveries().iter().map(|recovery| recovery.expected).sum();
        assert_eq!(
            (totals.reserved, totals.ordered, totals.paid, totals.expected),
            (
                sum(&|exposure| books.reserve(exposure)),
                sum(&|exposure| books.ordered_total(exposure)),
                sum(&|exposure| books.paid_total(exposure)),
                expected,
            ),
            "{claim}: money in the view"
        );
        let state = self.claim(claim).await;
        if state.is_over() && state.open_tasks().next().is_none() {
            assert!(
                books.is_settled(),
                "{claim}: {} with money still reserved or under way",
                state.stage.word()
            );
        }
        self.audit_postings(claim, &books).await;
    }

    /// Every event's postings sum to zero, and all of them to the balances.
    async fn audit_postings(&self, claim: &ClaimId, books: &Books) {
        let mut before = Books::default();
        let mut sums: BTreeMap<books::AccountCode, i64> = BTreeMap::new();
        for entry in self.app.streams().entries::<books::Event>(claim).await.unwrap() {
            let event: books::Event = entry.decode().unwrap();
            let postings = books::postings(&event, &before);
            assert_eq!(postings.iter().map(|posting| posting.amount.fen()).sum::<i64>(), 0, "{event:?}");
            for posting in postings {
                *sums.entry(posting.account).or_default() += posting.amount.fen();
            }
            before = <Books as journal::Decider>::evolve(before, &event);
        }
        for (account, balance) in books.balances() {
            assert_eq!(sums.get(&account).copied().unwrap_or(0), balance.fen(), "{claim}: {account:?}");
        }
    }

    /// What is set off in one claim's books is set off in another's: all of them sum to zero.
    async fn audit_set_offs(&self) {
        let mut open = 0;
        for row in self.claims().await {
            let books = self.app.streams().load::<Books>(&row.claim).await.unwrap().state;
            open += books.balances()[&books::AccountCode::SetOffs].fen();
        }
        assert_eq!(open, 0, "set off on one side alone");
    }

    /// No reference was paid twice, and what the bank paid is what the books say, once it has told.
    async fn audit_bank(&self) {
        let payments = self.bank.payments();
        let references: BTreeSet<_> = payments.iter().map(|(reference, _)| reference).collect();
        assert_eq!(references.len(), payments.len(), "a reference stands twice in the bank's ledger");
        let confirmed =
            self.store.page(Query::of(&MONEY, "by_status", ALL).equal("confirmed")).await.unwrap();
        for row in confirmed {
            let row = MoneyRow::read(&MONEY, &row).unwrap();
            let paid = payments.iter().find(|(reference, _)| reference.as_str() == row.item);
            assert_eq!(paid.map(|(_, amount)| *amount), Some(row.ordered), "{}: never paid", row.item);
        }
    }
}
