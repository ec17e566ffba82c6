//! Several processes on one PostgreSQL database: what one process does, done by whichever of them is there.

#[expect(dead_code, reason = "the tests of one process use more of it")]
#[path = "../anpei/process.rs"]
mod process;

mod away;
mod client;
mod cluster;
mod killed;
mod live;
mod migrated;
mod paused;
mod restarted;
