//! Checks an upload and makes the copy for showing.

mod content;
mod jpeg;
mod jpeg_outline;
mod png;

use std::panic::{AssertUnwindSafe, catch_unwind};

use app::ports::{Picture, PictureError, PictureFormat, Pictures};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView};

use content::Content;

/// A file may be this large.
const BYTES_MAX: usize = 60 * 1024 * 1024;
/// A JPEG whose rows can be decoded one after another may have this many pixels: the largest phone sensors have 200 million.
const STREAMED_PIXELS_MAX: u64 = 210_000_000;
/// A picture that is decoded as a whole, or a PNG, may have this many.
const WHOLE_PIXELS_MAX: u64 = 60_000_000;
/// The long side of the copy.
const SHOWN_SIDE_MAX: u32 = 1600;
/// Quality of the copy: no artefacts that could be taken for damage, at about a third of the size of 95.
const SHOWN_QUALITY: u8 = 82;

/// The house's picture check. Needs at most about 360 MB for a moment, for the largest progressive JPEG, and under 64 MB for
/// a baseline JPEG of any size; the caller bounds how many run at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckedPictures;

/// A decoded picture, perhaps already smaller than the original.
struct Decoded {
    format: PictureFormat,
    width: u32,
    height: u32,
    pixels: DynamicImage,
    /// How its camera was held.
    orientation: Option<Orientation>,
}

impl Pictures for CheckedPictures {
    fn accept(&self, bytes: &[u8]) -> Result<Picture, PictureError> {
        if bytes.is_empty() {
            return Err(PictureError::Empty);
        }
        if bytes.len() > BYTES_MAX {
            return Err(PictureError::TooLarge);
        }
        let content = content::recognise(bytes);
        // A decoder that trips over a crafted file must not take the process with it.
        let shown = catch_unwind(AssertUnwindSafe(|| {
            let decoded = match content {
                Content::Jpeg => jpeg::decode(bytes)?,
                Content::Png => png::decode(bytes)?,
                Content::Heic => return Err(PictureError::Heic),
                Content::Other => return Err(PictureError::Format),
            };
            decoded.shown()
        }));
        shown.unwrap_or(Err(PictureError::Damaged))
    }
}

impl Decoded {
    /// Upright, small enough, and encoded anew: whatever else the file carried stays behind.
    fn shown(self) -> Result<Picture, PictureError> {
        let mut upright = smaller(self.pixels)?;
        upright.apply_orientation(self.orientation.unwrap_or(Orientation::NoTransforms));
        let mut shown = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut shown, SHOWN_QUALITY);
        upright.write_with_encoder(encoder).map_err(|_| PictureError::Damaged)?;
        Ok(Picture { format: self.format, width: self.width, height: self.height, shown })
    }
}

/// `pixels` with no side longer than the copy may have.
fn smaller(pixels: DynamicImage) -> Result<DynamicImage, PictureError> {
    let (width, height) = pixels.dimensions();
    let longer = width.max(height);
    if longer <= SHOWN_SIDE_MAX {
        return Ok(pixels);
    }
    let shrunk = |side: u32| {
        let side = u64::from(side) * u64::from(SHOWN_SIDE_MAX);
        ((side + u64::from(longer) / 2) / u64::from(longer)).max(1) as u32
    };
    let mut small = DynamicImage::new(shrunk(width), shrunk(height), pixels.color());
    // The mean of all pixels that become one, weighted by how near they are.
    let mean = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&pixels, &mut small, &mean).map_err(|_| PictureError::Damaged)?;
    Ok(small)
}

fn within(width: u32, height: u32, pixels_max: u64) -> Result<(), PictureError> {
    if u64::from(width) * u64::from(height) > pixels_max {
        return Err(PictureError::Pixels);
    }
    Ok(())
}
