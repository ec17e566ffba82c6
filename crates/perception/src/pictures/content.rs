//! What a file is, by its first bytes; its name is never asked.

/// Kinds of content that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// HEIC, as some phones take by default.
    Heic,
    /// Anything else.
    Other,
}

/// The brands under which HEIC files go. `mif1` and `msf1` are their family's common names, used by some phones as the first brand.
const HEIC_BRANDS: [&[u8; 4]; 10] =
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"];

pub(super) fn recognise(bytes: &[u8]) -> Content {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Content::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Content::Png,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..]
            if HEIC_BRANDS.iter().any(|known| brand.starts_with(*known)) =>
        {
            Content::Heic
        }
        _ => Content::Other,
    }
}
