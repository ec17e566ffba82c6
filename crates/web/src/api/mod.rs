//! The JSON interface under `/api/v1`: the same use cases as the pages, for programs.
//!
//! Every POST takes an `Idempotency-Key`; a claim's `ETag` may come back as `If-Match`; what goes wrong is a problem document.

mod asyncapi;
pub(crate) mod bodies;
mod claims;
mod desk;
mod money;
mod read;
mod reporters;
mod seconds;
mod settle;
mod spec;
mod tokens;
mod webhooks;

pub(crate) use asyncapi::asyncapi;
pub(crate) use claims::{account, damage, evidence, list, notify, parts, person, rate, show, withdraw};
pub(crate) use desk::{
    add_vehicle, approve, assess, assign, close, correct, decline, fault, finish, import, inspect, loss,
    note, overview, payee, payments, policy, refer, reopen, search, self_claim, show as desk_show, terms,
    victim, waive, work, work_query,
};
pub(crate) use money::{explain_found, receive, retry};
pub(crate) use reporters::{admit, turn_away};
pub(crate) use seconds::{
    agree_reserve, confirm_assessment, confirm_refusal, return_assessment, return_refusal, serve_refusal,
};
pub(crate) use settle::settle;
pub(crate) use spec::openapi;
pub(crate) use tokens::{issue as issue_token, list as tokens, revoke as revoke_token};
pub(crate) use webhooks::{
    deliveries, disable as disable_webhook, enable as enable_webhook, event_types, list as webhooks,
    register, replay, rotate, show as webhook,
};

/// Photos come as they leave the phone.
pub(crate) const FILE_BYTES_MAX: usize = 60 * 1024 * 1024;
