//! 气象证明

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// Proof of the weather (气象证明).
pub(super) static KIND: Kind = Kind {
    code: "weather-proof",
    family: Family::Paper,
    personal: false,
    pictures: 1..=4,
    media: &PAPER_MEDIA,
    sides: &[],
};
