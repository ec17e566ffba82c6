//! Accounts: who can sign in, as what, by password, one-time link or token; and [`door`]s, the addresses of other systems.
//!
//! Start reading at [`Command`]. Names and telephone numbers are sealed; logins are keyed hashes; links and tokens are known by
//! their hash alone, which the caller makes. Who may do what with a role is said where the routes are.
//!
//! # Invariants
//!
//! - **A one-time link opens once and before its end**, and a newer link of the same purpose takes the place of an older.
//! - **Guessing gets slower**: from the fifth failure in a row on each one locks the account for longer ([`LOCKS`]).
//! - **Roles that watch each other are never in one hand** ([`Role::stands_alone`]).
//! - No hash algorithm, no clock, no HTTP.

mod account;
mod command;
mod decide;
pub mod door;
mod event;
mod lock;
mod refusal;
mod role;
mod scope;

pub use account::{Account, Invitation, Profile, Token};
pub use command::Command;
pub use event::{
    AccountClosed, AccountLocked, AccountOpened, Event, InvitationIssued, InvitationUsed, PasswordSet,
    Purpose, RolesChanged, SignInFailed, SignedIn, TokenIssued, TokenRevoked,
};
pub use lock::{LOCKS, LockRule, lock_seconds};
pub use refusal::Refusal;
pub use role::Role;
pub use scope::Scope;
