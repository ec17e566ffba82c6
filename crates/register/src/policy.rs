//! The policy as an aggregate.

use journal::Decider;
use lexicon::{Moment, PolicyId};

use crate::{Command, Content, Event, PolicyAmended, PolicyCancelled, PolicyRegistered, Refusal};

/// A policy with all its versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    id: Option<PolicyId>,
    versions: Vec<Version>,
    cancelled_at: Option<Moment>,
}

/// What a policy says from some time on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// From when on.
    pub effective_at: Moment,
    /// What it says.
    pub content: Content,
}

impl Policy {
    /// Its number; `None` while it is not registered.
    pub fn id(&self) -> Option<&PolicyId> {
        self.id.as_ref()
    }

    /// All versions, in the order in which they take effect.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// When it ends before its time.
    pub fn cancelled_at(&self) -> Option<Moment> {
        self.cancelled_at
    }

    /// What it says at `moment`, if cover is in force then.
    pub fn at(&self, moment: Moment) -> Option<&Content> {
        let version = self.versions.iter().rev().find(|version| version.effective_at <= moment)?;
        let content = &version.content;
        let cancelled = self.cancelled_at.is_some_and(|end| end <= moment);
        (!cancelled && content.starts_at <= moment && moment < content.ends_at).then_some(content)
    }

    /// Whether cover is in force at `moment`.
    pub fn in_force(&self, moment: Moment) -> bool {
        self.at(moment).is_some()
    }

    fn amend(&self, effective_at: Moment, content: Content) -> Result<PolicyAmended, Refusal> {
        self.check_open()?;
        check(&content)?;
        self.check_turn(effective_at)?;
        // The new version must begin within its own time of cover too, or it would never say anything.
        if !(content.starts_at..content.ends_at).contains(&effective_at) {
            return Err(Refusal::OutsidePeriod);
        }
        Ok(PolicyAmended { effective_at, content })
    }

    fn cancel(&self, effective_at: Moment) -> Result<PolicyCancelled, Refusal> {
        self.check_open()?;
        self.check_turn(effective_at)?;
        Ok(PolicyCancelled { effective_at })
    }

    fn check_open(&self) -> Result<(), Refusal> {
        match (&self.id, self.cancelled_at) {
            (None, _) => Err(Refusal::NotRegistered),
            (Some(_), Some(_)) => Err(Refusal::Cancelled),
            (Some(_), None) => Ok(()),
        }
    }

    /// Whether something may take effect at `moment`: within the cover, not before the version that stands last.
    fn check_turn(&self, moment: Moment) -> Result<(), Refusal> {
        let Some(last) = self.versions.last() else { return Err(Refusal::NotRegistered) };
        let begins = self.versions.first().map_or(last.content.starts_at, |first| first.content.starts_at);
        if !(begins..last.content.ends_at).contains(&moment) {
            return Err(Refusal::OutsidePeriod);
        }
        if moment < last.effective_at {
            return Err(Refusal::OutOfOrder);
        }
        Ok(())
    }
}

impl Decider for Policy {
    type State = Policy;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(policy: &Policy, command: Command) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match command {
            Command::Register { .. } if policy.id.is_some() => return Err(Refusal::AlreadyRegistered),
            Command::Register { policy, content } => {
                check(&content)?;
                PolicyRegistered { policy, content }.into()
            }
            Command::Amend { effective_at, content } => policy.amend(effective_at, content)?.into(),
            Command::Cancel { effective_at } => policy.cancel(effective_at)?.into(),
        }])
    }

    fn evolve(mut policy: Policy, event: &Event) -> Policy {
        match event {
            Event::PolicyRegistered(PolicyRegistered { policy: id, content }) => {
                policy.id = Some(id.clone());
                policy.versions.push(Version { effective_at: content.starts_at, content: content.clone() });
            }
            Event::PolicyAmended(PolicyAmended { effective_at, content }) => {
                policy.versions.push(Version { effective_at: *effective_at, content: content.clone() });
            }
            Event::PolicyCancelled(PolicyCancelled { effective_at }) => {
                policy.cancelled_at = Some(*effective_at)
            }
        }
        policy
    }
}

fn check(content: &Content) -> Result<(), Refusal> {
    if content.ends_at <= content.starts_at {
        return Err(Refusal::PeriodEmpty);
    }
    if !content.compulsory && content.covers.is_empty() {
        return Err(Refusal::NothingCovered);
    }
    Ok(())
}
