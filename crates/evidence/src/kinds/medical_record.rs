//! 病历

use crate::kind::{Family, Kind, PAPER_MEDIA};

/// The hospital’s record of the injury (病历).
pub(super) static KIND: Kind = Kind {
    code: "medical-record",
    family: Family::Paper,
    personal: true,
    pictures: 1..=60,
    media: &PAPER_MEDIA,
    sides: &[],
};
