//! The product below its doors, run for real: stories of the domain, payments that go wrong, privacy, races.

mod live;
mod payments;
mod privacy;
mod races;
mod recoveries;
mod restored;
mod seconds;
mod small;
mod support;
mod together;
mod turns;
mod twice;
