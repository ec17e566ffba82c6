//! A whole store carried elsewhere: into a backup, out of one, to another place; also when it is killed on the way.

mod bad;
mod child;
mod database;
mod killed;
mod moving;
mod place;
mod whole;
