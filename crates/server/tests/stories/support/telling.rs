//! A claim told in lines that a claims expert can read.

use std::collections::BTreeMap;

use app::words::{Lang, Words};
use books::Books;
use claim::{Claims, Event};
use insight::view::{Query, Views};
use insight::{CLAIMS, ClaimRow};
use journal::Decider;
use lexicon::ClaimId;

use super::World;

impl World {
    /// Every claim there is.
    pub async fn claims(&self) -> Vec<ClaimRow> {
        let rows = self.store.page(Query::of(&CLAIMS, "by_time", 10_000)).await.unwrap();
        rows.iter().map(|row| ClaimRow::read(&CLAIMS, row).unwrap()).collect()
    }

    /// Who has the ball: `you ball.rate`.
    pub async fn ball(&self, claim: &ClaimId) -> String {
        let page = self.app.claim_page(claim, Words::of(Lang::Zh)).await.unwrap();
        format!("{} {}", page.ball.holder, page.ball.what)
    }

    /// Compares what became of `claim` with `expected`, line by line: each begins with a word of [`World::told`]; lines that are
    /// not named are not compared.
    pub async fn expect(&self, claim: &ClaimId, expected: &str) {
        let mut told = self.told(claim).await;
        let lines: Vec<&str> = expected.trim().lines().map(str::trim).collect();
        told.retain(|line| lines.iter().any(|wanted| wanted.split(' ').next() == line.split(' ').next()));
        assert_eq!(told.join("\n"), lines.join("\n"), "{claim}");
    }

    /// What became of `claim`.
    pub async fn told(&self, claim: &ClaimId) -> Vec<String> {
        let state = self.claim(claim).await;
        let books = self.app.streams().load::<Books>(claim).await.unwrap().state;
        let joined = |items: Vec<String>| items.join(" | ");
        let mut lines = vec![format!("way {}", self.way(claim).await.join(" "))];
        if let Some(severity) = state.severity {
            lines.push(format!("tier {}", severity.word()));
        }
        let approvals = state.approvals.iter().map(|approved| {
            let by: Vec<String> = approved.by.iter().map(|by| by.kind.word().to_owned()).collect();
            format!("{} {}", approved.total, by.join("+"))
        });
        lines.push(format!("approved {}", joined(approvals.collect())));
        // What really left the bank, by exposure.
        let mut paid: BTreeMap<String, String> = BTreeMap::new();
        for (reference, amount) in self.bank.payments() {
            if let Some(payment) = books.payment(&reference) {
                let line = paid.entry(payment.exposure.to_string()).or_default();
                let plus = if line.is_empty() { "" } else { " + " };
                line.push_str(&format!("{plus}{amount}"));
            }
        }
        lines
            .push(format!("paid {}", joined(paid.iter().map(|(to, much)| format!("{to} {much}")).collect())));
        let taken = books.taken().map(|taken| format!("{} {}", taken.exposure, taken.amount));
        lines.push(format!("set-off {}", joined(taken.collect())));
        // What is still to come back.
        let recoveries = books.recoveries().iter().filter(|recovery| !recovery.left().is_zero());
        let recoveries = recoveries.map(|one| format!("{} {} {}", one.from, one.cover, one.left())).collect();
        lines.push(format!("back {}", joined(recoveries)));
        let tasks = state.open_tasks().map(|(_, task)| format!("{} {}", task.kind.word(), task.team.word()));
        lines.push(format!("open {}", joined(tasks.collect())));
        lines.push(format!("letters {}", self.letters(claim).join(" ")));
        lines.push(format!("ball {}", self.ball(claim).await));
        for line in &mut lines {
            line.truncate(line.trim_end().len());
        }
        lines
    }

    /// What is reserved on a claim, in yuan.
    pub async fn reserved(&self, claim: &ClaimId) -> String {
        let words = app::words::Words::of(app::words::Lang::Zh);
        let page = self.app.staff_claim_page(claim, words).await.unwrap();
        page.staff.unwrap().reserved.0.to_yuan()
    }

    /// Templates of the messages that went out about `claim`, in order.
    pub fn letters(&self, claim: &ClaimId) -> Vec<String> {
        let ours = format!("{claim}.message.");
        let sent = self.messenger.sent().into_iter();
        let ours = sent.filter_map(|letter| Some(letter.id.strip_prefix(&ours)?.to_owned()));
        ours.map(|id| id.rsplit_once('.').unwrap().0.to_owned()).collect()
    }

    /// The stages that `claim` went through.
    async fn way(&self, claim: &ClaimId) -> Vec<String> {
        let mut state = claim::Claim::default();
        let mut way: Vec<String> = vec![];
        for entry in self.app.streams().entries::<Event>(claim).await.unwrap() {
            state = Claims::evolve(state, &entry.decode().unwrap());
            let stage = state.stage.word();
            if way.last().is_none_or(|last| last != stage) {
                way.push(stage.to_owned());
            }
        }
        way
    }
}
