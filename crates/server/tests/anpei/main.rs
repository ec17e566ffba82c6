//! The binary as its users meet it: commands, folders, a demo, and a served process that is killed.

mod commands;
mod copies;
mod demo;
mod doors;
mod folders;
mod full;
mod killed;
mod objects;
mod process;
mod rebuild;
mod seen;
mod slow;
