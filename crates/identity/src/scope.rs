//! What a token may be narrowed to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A part of what an account's roles allow. A token with scopes does what lies within one of them and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Look at claims.
    #[serde(rename = "claims:read")]
    ReadClaims,
    /// Report claims and act on them.
    #[serde(rename = "claims:write")]
    WriteClaims,
    /// Look at payments.
    #[serde(rename = "payments:read")]
    ReadPayments,
    /// Order again what the bank rejected, book what came back.
    #[serde(rename = "payments:write")]
    WritePayments,
    /// Look at the overview.
    #[serde(rename = "overview:read")]
    ReadOverview,
    /// Import policies.
    #[serde(rename = "policies:write")]
    WritePolicies,
    /// Look at webhooks and their dead letters.
    #[serde(rename = "webhooks:read")]
    ReadWebhooks,
    /// Register webhooks, rotate their secrets, replay.
    #[serde(rename = "webhooks:write")]
    WriteWebhooks,
    /// Look at tokens.
    #[serde(rename = "accounts:read")]
    ReadAccounts,
    /// Issue and revoke tokens.
    #[serde(rename = "accounts:write")]
    WriteAccounts,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 10] = [
        Scope::ReadClaims,
        Scope::WriteClaims,
        Scope::ReadPayments,
        Scope::WritePayments,
        Scope::ReadOverview,
        Scope::WritePolicies,
        Scope::ReadWebhooks,
        Scope::WriteWebhooks,
        Scope::ReadAccounts,
        Scope::WriteAccounts,
    ];

    /// The word used in data and by programs.
    pub const fn word(self) -> &'static str {
        match self {
            Scope::ReadClaims => "claims:read",
            Scope::WriteClaims => "claims:write",
            Scope::ReadPayments => "payments:read",
            Scope::WritePayments => "payments:write",
            Scope::ReadOverview => "overview:read",
            Scope::WritePolicies => "policies:write",
            Scope::ReadWebhooks => "webhooks:read",
            Scope::WriteWebhooks => "webhooks:write",
            Scope::ReadAccounts => "accounts:read",
            Scope::WriteAccounts => "accounts:write",
        }
    }

    /// The scope of that word.
    pub fn from_word(word: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// Whether one of `held` gives this one: who may change something may look at it.
    pub fn is_within(self, held: &BTreeSet<Scope>) -> bool {
        let wider = match self {
            Scope::ReadClaims => Some(Scope::WriteClaims),
            Scope::ReadPayments => Some(Scope::WritePayments),
            Scope::ReadWebhooks => Some(Scope::WriteWebhooks),
            Scope::ReadAccounts => Some(Scope::WriteAccounts),
            _ => None,
        };
        held.contains(&self) || wider.is_some_and(|wider| held.contains(&wider))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_what_is_stored_and_names_one_scope() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.word());
            assert_eq!(Scope::from_word(scope.word()), Some(scope));
        }
    }

    #[test]
    fn who_may_change_may_look_and_not_the_other_way() {
        for (asked, held, within) in [
            (Scope::ReadClaims, Scope::WriteClaims, true),
            (Scope::WriteClaims, Scope::ReadClaims, false),
            (Scope::WriteWebhooks, Scope::WriteWebhooks, true),
            (Scope::ReadPayments, Scope::WriteClaims, false),
        ] {
            assert_eq!(asked.is_within(&BTreeSet::from([held])), within, "{asked:?} within {held:?}");
        }
    }
}
