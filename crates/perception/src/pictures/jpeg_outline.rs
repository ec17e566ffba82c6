//! The outline of a JPEG, read before a decoder sees the file: how large it is and how often its pixels are gone through.

use app::ports::PictureError;

/// A progressive picture needs about ten scans. One with thousands, each of a few bytes, keeps a decoder busy for hours.
const PROGRESSIVE_SCANS_MAX: usize = 64;

/// What the markers of a JPEG say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline {
    /// Width in pixels.
    pub(super) width: u16,
    /// Height in pixels.
    pub(super) height: u16,
    /// Whether it must be decoded as a whole.
    pub(super) progressive: bool,
    /// Colour components.
    pub(super) components: u8,
}

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;

/// Reads the outline of `bytes`, which begin with the mark of a JPEG.
pub(super) fn read(bytes: &[u8]) -> Result<Outline, PictureError> {
    let mut outline = None;
    let mut scans = 0;
    let mut rest = bytes;
    while let Some((marker, after)) = next_marker(rest) {
        rest = after;
        match marker {
            EOI => break,
            // Markers without a segment behind them.
            SOI | 0x01 | 0xd0..=0xd7 => continue,
            _ => {}
        }
        let [high, low, ..] = *rest else { return Err(PictureError::Damaged) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(2..length).ok_or(PictureError::Damaged)?;
        rest = &rest[length..];
        match marker {
            0xc0..=0xc2 => {
                let [_precision, h1, h0, w1, w0, components, ..] = *segment else {
                    return Err(PictureError::Damaged);
                };
                let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
                if width == 0 || height == 0 || outline.is_some() {
                    return Err(PictureError::Damaged);
                }
                outline = Some(Outline { width, height, progressive: marker == 0xc2, components });
            }
            // Lossless, hierarchical and arithmetic frames: no camera writes them. 0xc4, 0xc8 and 0xcc are no frames.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return Err(PictureError::Format),
            SOS => scans += 1,
            _ => {}
        }
    }
    let outline = outline.ok_or(PictureError::Damaged)?;
    let scans_max = if outline.progressive { PROGRESSIVE_SCANS_MAX } else { usize::from(outline.components) };
    if scans > scans_max {
        return Err(PictureError::Damaged);
    }
    Ok(outline)
}

/// The next marker and what follows it. Bytes between are passed over, as decoders do: pixels, or a camera's padding.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes;
    loop {
        let start = rest.iter().position(|byte| *byte == 0xff)?;
        rest = &rest[start..];
        let fill = rest.iter().position(|byte| *byte != 0xff)?;
        let marker = rest[fill];
        rest = &rest[fill + 1..];
        if marker != 0 {
            return Some((marker, rest));
        }
    }
}
