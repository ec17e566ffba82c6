//! 现场照片

use crate::kind::{Family, Kind, PHOTO_MEDIA};

/// The scene with all vehicles in it (现场照片).
pub(super) static KIND: Kind = Kind {
    code: "photo-scene",
    family: Family::Photo,
    personal: true,
    pictures: 1..=30,
    media: &PHOTO_MEDIA,
    sides: &[],
};
