//! What every backend must do.

pub mod appending;
pub mod keeping;
pub mod repeating;
pub mod sealing;
pub mod viewing;
