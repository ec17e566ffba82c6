//! The parts that pages are made of. One look for one thing: a page never draws its own badge, field or table.
//!
//! Each part is a function that takes words and values and returns markup; `/design` shows them all.

mod badge;
mod ball;
mod calls;
pub mod car;
mod chart;
mod confirm;
mod field;
mod icon;
mod lists;
mod notice;
mod photos;
pub mod pictures;
mod stages;
mod table;
mod tabs;
mod timeline;

pub use badge::{Tone, badge, severity};
pub use ball::{Ball, Holder, ball, ball_small};
pub use calls::{all_calls, calls};
pub use chart::{Bar, Number, flow, numbers};
pub use confirm::confirm;
pub use field::{Choice, Field, Mistakes, hidden, summary};
pub use icon::icon;
pub use lists::{amount, names, pairs, pairs_money, when};
pub use notice::{empty, notice, skeleton};
pub use photos::{Photo, grid, large};
pub use stages::stages;
pub use table::{Cell, Column, Side, list_table, table};
pub use tabs::{Tab, pager, tabs};
pub use timeline::{Point, Step, timeline};
