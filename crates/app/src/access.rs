//! Who may do what: one table, asked in one place. Every route names its action.

use std::collections::BTreeSet;

use crate::principal::{Principal, Role, Scope};

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Anybody: sign-in, words, assets.
    Anyone,
    /// Anybody who is signed in: their own sign-out, language.
    SignedIn,
    /// Report an accident of one's own.
    Report,
    /// Report for a caller.
    ReportForCaller,
    /// Follow and act on a claim of one's own: look, upload, pick damage, choose the account, dispute, rate.
    OwnClaim,
    /// Look at any claim.
    ReadClaims,
    /// Upload for a customer, take facts of an accident down, write notes, hand tasks over.
    HandleClaim,
    /// Admit a second reporter to a claim, or turn them away.
    AdmitReporters,
    /// Record an inspection.
    Inspect,
    /// Put damage at an amount.
    Assess,
    /// Approve, decline or refer.
    Decide,
    /// See payments and reconcile them.
    Payments,
    /// Order again what the bank rejected, book what came back.
    MoveMoney,
    /// See the overview.
    Overview,
    /// Import policies.
    Policies,
    /// Invite people and issue tokens.
    Accounts,
    /// Be told by webhooks: register addresses, look at their dead letters, send them again.
    Webhooks,
    /// See how the process is doing: queues, lags, settings.
    Operate,
    /// Use a client's API.
    Api,
}

/// What a principal may do about a claim, before the claim's own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Not about a claim.
    None,
    /// The claim is the principal's own.
    Own,
    /// It is somebody else's.
    Foreign,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 19] = [
        Action::Anyone,
        Action::SignedIn,
        Action::Report,
        Action::ReportForCaller,
        Action::OwnClaim,
        Action::ReadClaims,
        Action::HandleClaim,
        Action::AdmitReporters,
        Action::Inspect,
        Action::Assess,
        Action::Decide,
        Action::Payments,
        Action::MoveMoney,
        Action::Overview,
        Action::Policies,
        Action::Accounts,
        Action::Webhooks,
        Action::Operate,
        Action::Api,
    ];

    /// The roles that may, `None` where no role is asked for.
    fn roles(self) -> Option<&'static [Role]> {
        use Role::*;
        match self {
            Action::Anyone | Action::SignedIn => None,
            Action::Report => Some(&[Customer, Client]),
            Action::OwnClaim => Some(&[Customer, Client]),
            Action::ReportForCaller => Some(&[ServiceDesk, Client]),
            Action::ReadClaims => Some(&[
                ServiceDesk,
                Surveyor,
                Assessor,
                SeniorAssessor,
                Approver,
                SeniorApprover,
                ChiefApprover,
                Investigator,
                Manager,
                Auditor,
            ]),
            Action::HandleClaim => Some(&[
                ServiceDesk,
                Surveyor,
                Assessor,
                SeniorAssessor,
                Approver,
                SeniorApprover,
                ChiefApprover,
                Investigator,
                Manager,
            ]),
            Action::AdmitReporters => Some(&[ServiceDesk, Manager]),
            Action::Inspect => Some(&[Surveyor]),
            Action::Assess => Some(&[Surveyor, Assessor, SeniorAssessor]),
            Action::Decide => Some(&[Approver, SeniorApprover, ChiefApprover]),
            Action::Payments => Some(&[Manager, Auditor]),
            Action::MoveMoney => Some(&[Approver, SeniorApprover, ChiefApprover, Manager]),
            Action::Overview => Some(&[Manager, Auditor]),
            Action::Policies => Some(&[Administrator, Client]),
            Action::Accounts => Some(&[Administrator]),
            Action::Webhooks => Some(&[Administrator, Client]),
            Action::Operate => Some(&[Administrator]),
            Action::Api => Some(&[Client]),
        }
    }

    /// The scopes that a narrowed token needs, to look and to change; `None` where it needs none.
    fn scopes(self) -> Option<(Scope, Scope)> {
        Some(match self {
            Action::Anyone | Action::SignedIn | Action::Operate | Action::Api => return None,
            Action::Report
            | Action::ReportForCaller
            | Action::OwnClaim
            | Action::ReadClaims
            | Action::HandleClaim
            | Action::AdmitReporters
            | Action::Inspect
            | Action::Assess
            | Action::Decide => (Scope::ReadClaims, Scope::WriteClaims),
            Action::Payments | Action::MoveMoney => (Scope::ReadPayments, Scope::WritePayments),
            Action::Overview => (Scope::ReadOverview, Scope::ReadOverview),
            Action::Policies => (Scope::WritePolicies, Scope::WritePolicies),
            Action::Accounts => (Scope::ReadAccounts, Scope::WriteAccounts),
            Action::Webhooks => (Scope::ReadWebhooks, Scope::WriteWebhooks),
        })
    }
}

/// Whether a token that is narrowed to `held` may do `action`, which `changes` something or only looks.
pub fn within(held: Option<&BTreeSet<Scope>>, action: Action, changes: bool) -> bool {
    match (held, action.scopes()) {
        (None, _) | (_, None) => true,
        (Some(held), Some((look, change))) => if changes { change } else { look }.is_within(held),
    }
}

/// Whether `principal` may do `action`, with `relation` to the claim it is about.
pub fn may(principal: Option<&Principal>, action: Action, relation: Relation) -> bool {
    let Some(principal) = principal else { return action == Action::Anyone };
    let role_fits = action.roles().is_none_or(|roles| roles.iter().any(|role| principal.has(*role)));
    let relation_fits = match action {
        // A client of the API sees what it reported.
        Action::OwnClaim => relation == Relation::Own,
        _ => true,
    };
    role_fits && relation_fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::ActorKind;

    fn of(kind: ActorKind, role: Role) -> Principal {
        Principal { account: Some("a1".parse().unwrap()), kind, roles: [role].into() }
    }

    #[test]
    fn a_customer_reaches_own_claims_and_nothing_else() {
        let customer = of(ActorKind::Customer, Role::Customer);
        let allowed: Vec<Action> =
            Action::ALL.into_iter().filter(|action| may(Some(&customer), *action, Relation::Own)).collect();
        assert_eq!(allowed, [Action::Anyone, Action::SignedIn, Action::Report, Action::OwnClaim]);
        assert!(!may(Some(&customer), Action::OwnClaim, Relation::Foreign));
    }

    #[test]
    fn a_narrowed_token_does_what_its_scopes_say_and_no_more() {
        let held = |scopes: &[Scope]| Some(scopes.iter().copied().collect::<BTreeSet<_>>());
        for (scopes, action, changes, may) in [
            (None, Action::Decide, true, true),
            (held(&[Scope::ReadClaims]), Action::OwnClaim, false, true),
            (held(&[Scope::ReadClaims]), Action::OwnClaim, true, false),
            (held(&[Scope::WriteClaims]), Action::OwnClaim, false, true),
            (held(&[Scope::WriteClaims]), Action::Webhooks, false, false),
            (held(&[Scope::WriteWebhooks]), Action::Webhooks, true, true),
            (held(&[Scope::ReadClaims]), Action::Anyone, false, true),
            (held(&[Scope::ReadClaims]), Action::SignedIn, true, true),
            (held(&[Scope::ReadPayments]), Action::MoveMoney, true, false),
            (held(&[]), Action::Overview, false, false),
        ] {
            assert_eq!(within(scopes.as_ref(), action, changes), may, "{scopes:?} {action:?} {changes}");
        }
    }

    #[test]
    fn nobody_reaches_only_what_is_open_to_anyone() {
        let allowed: Vec<Action> =
            Action::ALL.into_iter().filter(|action| may(None, *action, Relation::None)).collect();
        assert_eq!(allowed, [Action::Anyone]);
    }

    #[test]
    fn who_administers_handles_no_claim_and_who_handles_administers_nothing() {
        let administrator = of(ActorKind::Staff, Role::Administrator);
        for action in [
            Action::ReadClaims,
            Action::HandleClaim,
            Action::Assess,
            Action::Decide,
            Action::Payments,
            Action::MoveMoney,
        ] {
            assert!(!may(Some(&administrator), action, Relation::Foreign), "{action:?}");
        }
        for role in [Role::ServiceDesk, Role::Assessor, Role::ChiefApprover, Role::Manager] {
            assert!(!may(Some(&of(ActorKind::Staff, role)), Action::Accounts, Relation::None), "{role:?}");
        }
    }
}
