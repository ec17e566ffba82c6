//! Uploaded pictures: checked, and re-encoded for showing.

/// A picture that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it is, by content.
    pub format: PictureFormat,
    /// Width in pixels of the original.
    pub width: u32,
    /// Height in pixels of the original.
    pub height: u32,
    /// A JPEG for showing: upright, at most 1600 px on the long side, without any metadata.
    pub shown: Vec<u8>,
}

/// Formats by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

/// Why a file was not accepted as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes.
    #[error("picture.refused.empty")]
    Empty,
    /// More than 60 MB.
    #[error("picture.refused.too-large")]
    TooLarge,
    /// HEIC from a phone: a JPEG is asked for.
    #[error("picture.refused.heic")]
    Heic,
    /// Neither JPEG nor PNG by content.
    #[error("picture.refused.format")]
    Format,
    /// More pixels than the limit (210 million; 60 million progressive or PNG).
    #[error("picture.refused.pixels")]
    Pixels,
    /// Truncated or damaged.
    #[error("picture.refused.damaged")]
    Damaged,
}

/// Looks at uploads. Costs CPU: call it off the async threads.
pub trait Pictures: Send + Sync {
    /// Checks `bytes` and makes the copy for showing.
    fn accept(&self, bytes: &[u8]) -> Result<Picture, PictureError>;
}
