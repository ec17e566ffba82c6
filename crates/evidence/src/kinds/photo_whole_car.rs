//! 整车照片

use crate::kind::{Family, Kind, PHOTO_MEDIA};

/// The whole car, at 45 degrees (整车照片).
pub(super) static KIND: Kind = Kind {
    code: "photo-whole-car",
    family: Family::Photo,
    personal: true,
    pictures: 1..=8,
    media: &PHOTO_MEDIA,
    sides: &[],
};
