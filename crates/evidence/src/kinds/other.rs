//! 其他资料

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// Anything else that somebody adds (其他资料).
pub(super) static KIND: Kind = Kind {
    code: "other",
    family: Family::Paper,
    personal: true,
    pictures: 1..=30,
    media: &PAPER_MEDIA,
    sides: &[],
};
