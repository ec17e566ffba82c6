//! 死亡证明

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// The certificate of death (死亡证明).
pub(super) static KIND: Kind = Kind {
    code: "death-certificate",
    family: Family::Paper,
    personal: true,
    pictures: 1..=6,
    media: &PAPER_MEDIA,
    sides: &[],
};
