//! What becomes of accidents: the aggregates played without any store, as a claims expert would tell it.

mod clocks;
mod doubts;
mod graver;
mod machine;
mod people;
mod refusals;
mod seconds;
mod stories;
mod turns;
mod world;
