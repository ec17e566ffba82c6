//! Nothing stands still unseen.

use anyhow::Result;
use app::App;
use books::Books;
use claim::incident::Incidents;
use claim::{Claims, Event as ClaimEvent, Holder, TaskKind};
use customer::{Contact, MessageStatus};
use journal::{ActorKind, Event, Recorded};
use lexicon::ClaimId;

use crate::run::Tally;
use crate::world::World;

/// Every open claim waits for somebody, every clock has rung, and every message that was to go has gone.
pub(super) async fn claims(world: &World, app: &App) -> Result<Tally> {
    let letters: Vec<String> = world.messenger.sent().into_iter().map(|letter| letter.id).collect();
    let mut tally = Tally::default();
    let now = world.now();
    // The last round is a little while ago; a round is made every second of virtual time.
    let looked_at = now.plus_seconds(-5 * world.plan.scale);
    for claim in known(world)? {
        let state = app.streams().load::<Claims>(&claim).await?.state;
        let Some(notice) = &state.notice else { continue };
        tally.claims += 1;
        tally.over += u64::from(state.is_over());
        let incident = app.streams().load::<Incidents>(&notice.incident).await?.state;
        let ball = claim::ball(&state, &incident);
        let books = app.streams().load::<Books>(&claim).await?.state;
        let under_way = books.payments().iter().any(|payment| payment.is_open());
        let tasks = state.open_tasks().next().is_some();
        // The other side is waited for without a task only where its account alone is missing.
        let other = ball.holder == Holder::Other && ball.what == "ball.account";
        let waits = tasks || under_way || other || ball.holder == Holder::You;
        // Who was erased while their claim was under way cannot be paid or called; there is no task for that yet.
        if !state.is_over() && !waits && !world.is_erased(&claim) {
            let stage = state.stage.word();
            world.problem(format!("[waits] {claim} is {stage} ({}), and waits for nobody", ball.what));
        }
        for (number, task) in state.open_tasks() {
            let due = if task.due <= looked_at { 2 } else { u8::from(task.warn <= looked_at) };
            if task.escalations < due {
                world.problem(format!(
                    "[rest] {claim}: task {number} {:?} ran over without a word",
                    task.kind
                ));
            }
            if task.kind == TaskKind::FixReaction {
                world.problem(format!("[rest] {claim}: a reaction was refused: {:?}", task.details));
            }
        }
        let contact = app.streams().load::<Contact>(&claim).await?.state;
        if let Some(due) = contact.due(now).next() {
            world.problem(format!("[rest] {claim}: {} is due and did not go", due.id));
        }
        for message in contact.messages() {
            let sent = matches!(message.status, MessageStatus::Sent);
            if sent && !letters.contains(&format!("{claim}.{}", message.id)) {
                world.problem(format!("[rest] {claim}: {} is said to be sent, and never was", message.id));
            }
        }
    }
    Ok(tally)
}

/// Every claim that the journal knows.
pub(super) fn known(world: &World) -> Result<Vec<ClaimId>> {
    let entries = super::entries(world)?;
    let begun =
        entries.iter().filter(|entry| entry.stream.category() == ClaimEvent::CATEGORY && entry.version == 1);
    Ok(begun.filter_map(|entry| entry.stream.id().parse().ok()).collect())
}

/// Only named people declined, and only they proposed to.
pub(super) fn machines(world: &World, entries: &[Recorded]) -> Result<()> {
    for entry in entries.iter().filter(|entry| entry.stream.category() == ClaimEvent::CATEGORY) {
        let people = match entry.decode()? {
            ClaimEvent::Declined(declined) => declined.by,
            ClaimEvent::RefusalProposed(proposed) => vec![proposed.by],
            _ => continue,
        };
        if people.is_empty() || people.iter().any(|by| by.kind != ActorKind::Staff) {
            world.problem(format!("[machine] {} was refused by {people:?}", entry.stream));
        }
    }
    Ok(())
}
