//! The desk: what staff use. Lists lead to a claim; a claim's page holds everything that may be done with it.

mod accounts;
mod claim;
pub(super) mod frame;
mod overview;
mod payments;
mod reading;
mod report;
mod webhooks;
mod work;

pub(crate) use accounts::{accounts, invite, open_account};
pub(crate) use claim::{
    account, add_vehicle, admit, agree_reserve, approve, assess, assign, close, confirm_assessment,
    confirm_refusal, correct, decline, explain_found, fault, finish, inspect, loss, note, policy, receive,
    refer, reopen, retry, return_assessment, return_refusal, self_claim, serve_refusal, show, terms,
    turn_away, upload, victim, waive,
};
pub(crate) use overview::{counted, overview};
pub(crate) use payments::payments;
pub(crate) use report::{report, take_report};
pub(crate) use webhooks::{register_webhook, replay_webhook, rotate_webhook, switch_webhook, webhooks};
pub(crate) use work::{claims, search, work};

/// Rows of a page of a list.
const ROWS: usize = 50;
