//! Staff: they come and go with their shifts and work off their lists.

use app::pages::WorkQuery;
use app::{App, Failure, Role};
use claim::{Claims, Stage};
use lexicon::ClaimId;
use rulebook::Team;

use super::{Op, duty};
use crate::world::World;

/// Tasks looked at together.
const LOOKED_AT: usize = 8;

/// A member of staff.
#[derive(Clone, Debug)]
pub struct Staff {
    /// What they are.
    pub role: Role,
    /// Whose lists they work off.
    pub teams: &'static [Team],
    /// From which hour to which, in the insurer's zone.
    pub shift: (i64, i64),
}

/// Everybody who works here.
pub fn roster() -> Vec<(&'static str, Staff)> {
    let staff = |role, teams, shift| Staff { role, teams, shift };
    const DESK: &[Team] = &[Team::ServiceDesk, Team::Payments, Team::Management];
    const APPROVAL: &[Team] = &[Team::Approval, Team::Injury];
    vec![
        ("desk-day", staff(Role::ServiceDesk, DESK, (8, 20))),
        ("desk-night", staff(Role::ServiceDesk, DESK, (0, 24))),
        ("surveyor", staff(Role::Surveyor, &[Team::Survey], (7, 22))),
        ("assessor-one", staff(Role::SeniorAssessor, &[Team::Assessment], (8, 18))),
        ("assessor-two", staff(Role::SeniorAssessor, &[Team::Assessment], (10, 23))),
        ("approver", staff(Role::Approver, APPROVAL, (8, 18))),
        ("senior-approver", staff(Role::SeniorApprover, APPROVAL, (9, 21))),
        ("chief-one", staff(Role::ChiefApprover, APPROVAL, (9, 19))),
        ("chief-two", staff(Role::ChiefApprover, APPROVAL, (6, 24))),
        ("investigator", staff(Role::Investigator, &[Team::Investigation], (8, 18))),
    ]
}

impl Staff {
    /// What they ask next, if anything.
    pub(super) async fn next(&self, world: &World, app: &App, me: usize) -> Result<Option<Op>, Failure> {
        if !world.weather.is_calm() && !self.on_shift(world) {
            return Ok(None);
        }
        let person = &world.people[me];
        let team = person.roll(|dice| *dice.pick(self.teams));
        let list = app.work_list(&WorkQuery::Team(team.word().to_owned()), None, LOOKED_AT).await?;
        if list.items.is_empty() || person.roll(|dice| dice.chance(100)) {
            return self.unasked(world, app, me).await;
        }
        let item = person.roll(|dice| dice.pick(&list.items).clone());
        let Ok(claim) = item.claim.parse::<ClaimId>() else { return Ok(None) };
        let state = app.streams().load::<Claims>(&claim).await?.state;
        let task = u32::try_from(item.task).unwrap_or(0);
        let Some(open) = state.tasks.get(&task).filter(|task| task.done_at.is_none()) else {
            return Ok(None);
        };
        duty::work_on(world, app, me, self.role, &claim, &state, (task, open)).await
    }

    fn on_shift(&self, world: &World) -> bool {
        let hour = (world.now().micros() / 3_600_000_000 + 8).rem_euclid(24);
        (self.shift.0..self.shift.1).contains(&hour)
    }

    /// What nobody asked for by a task: a note, an account of the other side, a fault found to be another, money that came back.
    async fn unasked(&self, world: &World, app: &App, me: usize) -> Result<Option<Op>, Failure> {
        let claims = world.requests.claims();
        if claims.is_empty() {
            return Ok(None);
        }
        let person = &world.people[me];
        let claim = person.roll(|dice| dice.pick(&claims).clone());
        let state = app.streams().load::<Claims>(&claim).await?.state;
        let own = state.vehicle().cloned();
        if self.role == Role::ServiceDesk {
            let other = claim::accounts_missing(&state).find(|payee| Some(*payee) != own.as_ref()).cloned();
            if state.stage == Stage::Paying && other.is_some() {
                let account = person.roll(|dice| super::customer::account("对方车主", dice));
                return Ok(Some(Op::Account { claim, payee: other, account }));
            }
            if let Some(receipt) = duty::receipt(world, app, me, &claim).await? {
                return Ok(Some(receipt));
            }
        }
        if world.weather.is_calm() {
            return Ok(None);
        }
        let (draw, number) = person.roll(|dice| (dice.below(100), dice.number()));
        Ok(match (self.role, draw) {
            (_, 0..20) => Some(Op::Note { claim, text: format!("电话沟通记录：{number:016x}") }),
            (Role::ServiceDesk, 20..30) => duty::other_fault(app, me, world, &claim, &state).await?,
            (Role::SeniorApprover | Role::ChiefApprover, 20..26) if state.stage == Stage::Closed => {
                Some(Op::Reopen { claim, cause: claim::events::ReopenCause::Correction })
            }
            _ => None,
        })
    }
}
