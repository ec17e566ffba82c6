//! A claim as a claims expert reads it.

use std::fmt::Write as _;

use claim::Event;
use claim::state::Task;
use journal::Actor;
use rulebook::{Team, Verdict};

use super::World;

impl World {
    /// The claim of `name` as a claims expert reads it. What did not happen has no line.
    pub fn tell(&self, name: &str) -> String {
        let claim = &self.claims[name];
        let events = || self.log.iter().filter(|(whose, ..)| *whose == name);
        let mut way: Vec<&str> = events().map(|(_, _, stage)| stage.word()).collect();
        way.dedup();
        let mut told = format!("way {}\n", way.join(" "));
        let mut line = |head: &str, items: Vec<String>| {
            if !items.is_empty() {
                writeln!(told, "{head} {}", items.join(" | ")).unwrap();
            }
        };
        let find =
            |find: &dyn Fn(&Event) -> Option<String>| events().filter_map(|(_, e, _)| find(e)).collect();
        line(
            "tier",
            find(&|event| match event {
                Event::Triaged(triaged) => Some(triaged.severity().word().to_owned()),
                _ => None,
            }),
        );
        line(
            "ruled",
            find(&|event| match event {
                Event::Adjudicated(ruled) => Some(format!("{} {}", ruled.total, verdict(&ruled.verdict))),
                _ => None,
            }),
        );
        line(
            "approved",
            find(&|event| match event {
                Event::Approved(approved) => {
                    let by: Vec<String> = approved.by.iter().map(Actor::to_string).collect();
                    Some(format!("{} {}", approved.total, by.join(" + ")))
                }
                _ => None,
            }),
        );
        line(
            "declined",
            find(&|event| match event {
                Event::Declined(declined) => {
                    let by: Vec<String> = declined.by.iter().map(Actor::to_string).collect();
                    Some(format!("{} {}", declined.clause, by.join(" + ")))
                }
                _ => None,
            }),
        );
        let paid = claim.paid.iter().filter(|(_, amount)| !amount.is_zero());
        line("paid", paid.map(|(exposure, amount)| format!("{exposure} {amount}")).collect());
        let recoveries = claim.adjudicated.iter().flat_map(|ruled| &ruled.recoveries);
        line("back", recoveries.map(|(from, ground, amount)| format!("{from} {ground} {amount}")).collect());
        let task = |task: &Task| {
            let open = if task.done_at.is_none() { " open" } else { "" };
            format!("{} {}{open}", task.kind.word(), task.team.word())
        };
        line("tasks", claim.tasks.values().map(task).collect());
        let ball = self.ball(name);
        line("ball", vec![format!("{:?} {}", ball.holder, ball.what).to_lowercase()]);
        told
    }

    /// Compares [`World::tell`] with the lines of `expected`, whatever their indentation.
    #[track_caller]
    pub fn expect(&self, name: &str, expected: &str) {
        let lines: Vec<&str> = expected.trim().lines().map(str::trim).collect();
        assert_eq!(self.tell(name).trim_end(), lines.join("\n"), "claim of {name}");
    }

    /// Compares those lines of [`World::tell`] that `expected` has.
    #[track_caller]
    pub fn expect_ending(&self, name: &str, expected: &str) {
        let told = self.tell(name);
        for line in expected.trim().lines().map(str::trim) {
            assert!(told.lines().any(|one| one == line), "claim of {name}: no line\n{line}\nin\n{told}");
        }
    }
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Approve => "approve".to_owned(),
        Verdict::Ask { papers } => format!("ask {}", papers.join(",")),
        Verdict::Refer { team } => format!("refer {}", Team::word(*team)),
    }
}
