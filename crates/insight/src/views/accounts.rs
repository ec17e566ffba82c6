//! Accounts by what they sign in with.

use identity::Event;
use journal::Recorded;
use lexicon::Moment;

use super::{id, sealed};
use crate::view::{FoldError, Index, Kind, Rows, Value, View};

crate::row! {
    /// An account.
    pub struct AccountRow {
        /// The account.
        account: String,
        /// Keyed hash of what its owner signs in with.
        login: String,
        /// The owner's name, sealed.
        name: String,
        /// Its roles, by word, with blanks between.
        roles: String,
        /// Whether it can be used.
        open: bool,
        /// When it was opened.
        opened_at: Moment,
    }
}

crate::row! {
    /// A one-time link or token, by its hash.
    pub struct CredentialRow {
        /// SHA-256 of the token, hexadecimal.
        token_hash: String,
        /// The account.
        account: String,
    }
}

/// Accounts.
pub static ACCOUNTS: View = View {
    name: "accounts",
    version: 1,
    kind: Kind::Inline,
    categories: &["account"],
    columns: AccountRow::COLUMNS,
    key: 1,
    indexes: &[
        Index { name: "by_login", columns: &["login"] },
        Index { name: "by_time", columns: &["opened_at"] },
    ],
    fold: fold_accounts,
};

/// Links and tokens; whether one still opens is the account's to say.
pub static CREDENTIALS: View = View {
    name: "credentials",
    version: 1,
    kind: Kind::Inline,
    categories: &["account"],
    columns: CredentialRow::COLUMNS,
    key: 1,
    indexes: &[],
    fold: fold_credentials,
};

fn fold_accounts(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let words = |roles: &std::collections::BTreeSet<identity::Role>| {
        roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(" ")
    };
    let known = rows.get(&[id(entry)])?;
    let known = known.map(|row| AccountRow::read(&ACCOUNTS, &row)).transpose()?;
    let row = match (entry.decode()?, known) {
        (Event::AccountOpened(opened), None) => AccountRow {
            account: entry.stream.id().to_owned(),
            login: opened.login.as_str().to_owned(),
            name: sealed(&opened.name)?,
            roles: words(&opened.roles),
            open: true,
            opened_at: entry.at,
        },
        (Event::RolesChanged(changed), Some(row)) => AccountRow { roles: words(&changed.roles), ..row },
        (Event::AccountClosed(_), Some(row)) => AccountRow { open: false, ..row },
        _ => return Ok(()),
    };
    rows.put(row.write())
}

fn fold_credentials(entry: &Recorded, rows: &mut dyn Rows) -> Result<(), FoldError> {
    let account = entry.stream.id().to_owned();
    match entry.decode()? {
        Event::InvitationIssued(issued) => {
            rows.put(CredentialRow { token_hash: issued.token_hash, account }.write())
        }
        Event::TokenIssued(issued) => {
            rows.put(CredentialRow { token_hash: issued.token_hash, account }.write())
        }
        Event::InvitationUsed(used) => rows.remove(&[Value::from(used.token_hash)]),
        Event::TokenRevoked(revoked) => rows.remove(&[Value::from(revoked.token_hash)]),
        _ => Ok(()),
    }
}
