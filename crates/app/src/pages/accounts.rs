//! Accounts, for those who open them and those who hand work to people.

use insight::AccountRow;
use insight::view::Query;
use lexicon::{AccountId, Private, Reason};
use serde::Serialize;
use utoipa::ToSchema;

use super::Time;
use super::customer::{cursor, resume};
use crate::app::App;
use crate::failure::Failure;

/// Accounts in the order in which they were opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountsPage {
    /// The accounts.
    pub accounts: Vec<AccountEntry>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// An account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountEntry {
    /// Its id.
    pub account: String,
    /// Name of its owner; null once erased.
    pub name: Option<String>,
    /// What it may act as, by word.
    pub roles: Vec<String>,
    /// Whether it can be used.
    pub open: bool,
    /// When it was opened.
    pub opened_at: Time,
}

impl App {
    /// Accounts after the place `after`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn accounts_page(&self, after: Option<&str>, limit: usize) -> Result<AccountsPage, Failure> {
        let after = resume(Query::of(&insight::ACCOUNTS, "by_time", limit), after)?.after;
        let (rows, next) = self.accounts(after, limit).await?;
        let accounts = rows.into_iter().map(|row| self.account_entry(row)).collect::<Result<_, _>>()?;
        Ok(AccountsPage { accounts, next: next.map(|place| cursor(&place)) })
    }

    /// One account.
    pub async fn account_page(&self, account: &AccountId) -> Result<AccountEntry, Failure> {
        let key = vec![insight::view::Value::from(account.as_str())];
        let row = self.ports().views.get(&insight::ACCOUNTS, key).await?.ok_or(Failure::NotFound)?;
        self.account_entry(AccountRow::read(&insight::ACCOUNTS, &row)?)
    }

    fn account_entry(&self, row: AccountRow) -> Result<AccountEntry, Failure> {
        let name: Private<String> =
            serde_json::from_str(&row.name).map_err(|problem| Failure::Unavailable(problem.to_string()))?;
        Ok(AccountEntry {
            account: row.account,
            name: name.open(self.vault(), Reason::OwnData)?.known(),
            roles: row.roles.split_whitespace().map(str::to_owned).collect(),
            open: row.open,
            opened_at: Time(row.opened_at),
        })
    }
}
