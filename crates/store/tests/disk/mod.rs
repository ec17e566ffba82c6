//! What only a store on disk can go through: a process killed, a damaged file, a full disk, two at once.

mod child;
mod crash;
mod damage;
mod failing;
mod opening;
mod power;
mod recorded;
