//! Who asks.

use std::sync::Arc;

pub use identity::{Purpose, Role, Scope};
use journal::{Actor, ActorKind};
use lexicon::AccountId;

use crate::words::Lang;

/// Somebody who asks, as the door made sure of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Their account; `None` for the product itself.
    pub account: Option<AccountId>,
    /// What kind of actor.
    pub kind: ActorKind,
    /// Their roles.
    pub roles: Arc<[Role]>,
}

/// A request: who asks, in which language, and the key under which a repeat gets the first answer.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who.
    pub principal: Principal,
    /// In which language answers are wanted.
    pub lang: Lang,
    /// The key of the request, if the door takes one.
    pub key: Option<RequestKey>,
    /// The version of the claim that the person had seen, if the door knows.
    pub expected_version: Option<u64>,
}

/// Ties what is done to the request that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// The route; with the principal it is the key's scope.
    pub route: String,
    /// The key that the client chose.
    pub key: String,
    /// SHA-256 of the request.
    pub request: [u8; 32],
}

impl Principal {
    /// The product itself, acting as `part`.
    pub fn system() -> Principal {
        Principal { account: None, kind: ActorKind::System, roles: Arc::new([]) }
    }

    /// Whether it has `role`.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether it works for the insurer.
    pub fn is_staff(&self) -> bool {
        self.kind == ActorKind::Staff
    }

    /// As an actor of the journal.
    pub fn actor(&self) -> Actor {
        Actor::new(self.kind, self.account.as_ref().map_or("anpei", |account| account.as_str()))
    }
}

impl Request {
    /// A request of the product itself.
    pub fn system() -> Request {
        Request { principal: Principal::system(), lang: Lang::Zh, key: None, expected_version: None }
    }

    /// The same about something that no version of a claim stands for.
    pub(crate) fn unversioned(&self) -> Request {
        Request { expected_version: None, ..self.clone() }
    }

    /// A request of `principal` without a key.
    pub fn of(principal: Principal, lang: Lang) -> Request {
        Request { principal, lang, key: None, expected_version: None }
    }
}

/// The lines of `role` in the authority table.
pub fn authority_of(role: Role) -> &'static str {
    match role {
        Role::Approver => "approver-1",
        Role::SeniorApprover => "approver-2",
        Role::ChiefApprover => "approver-3",
        other => other.word(),
    }
}
