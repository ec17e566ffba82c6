//! Decodes a JPEG, scaled down on the way.

use app::ports::{PictureError, PictureFormat};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::{Decoded, SHOWN_SIDE_MAX, STREAMED_PIXELS_MAX, WHOLE_PIXELS_MAX, jpeg_outline, within};

/// The decoded pixels may take this many bytes: a scaled picture has a long side below 3,200, or is an eighth of the original.
const DECODED_BYTES_MAX: usize = 64 * 1024 * 1024;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, PictureError> {
    let outline = jpeg_outline::read(bytes)?;
    let (width, height) = (u32::from(outline.width), u32::from(outline.height));
    if outline.progressive {
        within(width, height, WHOLE_PIXELS_MAX)?;
        // All coefficients are held at once; with a fourth colour they would be too many.
        within(width * u32::from(outline.components), height, 3 * WHOLE_PIXELS_MAX)?;
    } else {
        within(width, height, STREAMED_PIXELS_MAX)?;
    }
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(DECODED_BYTES_MAX);
    let side = SHOWN_SIDE_MAX as u16;
    let (scaled_width, scaled_height) = decoder.scale(side, side).map_err(problem)?;
    let pixels = decoder.decode().map_err(problem)?;
    let (scaled_width, scaled_height) = (u32::from(scaled_width), u32::from(scaled_height));
    let pixels = match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8) => {
            GrayImage::from_raw(scaled_width, scaled_height, pixels).map(DynamicImage::from)
        }
        Some(PixelFormat::RGB24) => {
            RgbImage::from_raw(scaled_width, scaled_height, pixels).map(DynamicImage::from)
        }
        Some(PixelFormat::CMYK32) => {
            RgbImage::from_raw(scaled_width, scaled_height, inks_to_light(&pixels)).map(DynamicImage::from)
        }
        Some(PixelFormat::L16) | None => return Err(PictureError::Format),
    };
    let pixels = pixels.ok_or(PictureError::Damaged)?;
    let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
    Ok(Decoded { format: PictureFormat::Jpeg, width, height, pixels, orientation })
}

/// Four inks per pixel to red, green and blue, without a colour profile: near enough to recognise what is shown.
fn inks_to_light(inks: &[u8]) -> Vec<u8> {
    let left = |ink: u8, black: u8| ((u16::from(255 - ink) * u16::from(255 - black) + 127) / 255) as u8;
    inks.chunks_exact(4)
        .flat_map(|ink| [left(ink[0], ink[3]), left(ink[1], ink[3]), left(ink[2], ink[3])])
        .collect()
}

fn problem(error: Error) -> PictureError {
    match error {
        Error::Unsupported(_) => PictureError::Format,
        Error::Format(_) | Error::Io(_) | Error::Internal(_) => PictureError::Damaged,
    }
}
