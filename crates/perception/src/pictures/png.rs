//! Decodes a PNG row by row, scaled down on the way.

use std::io::Cursor;

use app::ports::{PictureError, PictureFormat};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use png::{Decoder, DecodingError, Limits, Reader, Transformations};

use super::{Decoded, SHOWN_SIDE_MAX, WHOLE_PIXELS_MAX, within};

/// What the decoder may allocate beside the pixels. Texts and profiles, where such files hide bombs, are passed over anyway.
const ALLOCATED_BYTES_MAX: usize = 64 * 1024 * 1024;

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, PictureError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: ALLOCATED_BYTES_MAX });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    // Eight bits for every channel; palettes and transparent colours become colours.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(problem)?;
    let (width, height, interlaced) = (header.width, header.height, header.interlaced);
    within(width, height, WHOLE_PIXELS_MAX)?;
    let mut reader = decoder.read_info().map_err(problem)?;
    let mut copy = Copy::new(width, height, reader.output_color_type().0.samples());
    if interlaced {
        read_whole(&mut reader, &mut copy)?;
    } else {
        while let Some(row) = reader.next_row().map_err(problem)? {
            copy.take(row.data());
        }
    }
    reader.finish().map_err(problem)?;
    let orientation =
        reader.info().exif_metadata.as_ref().and_then(|exif| Orientation::from_exif_chunk(exif));
    let pixels = copy.into_pixels().ok_or(PictureError::Damaged)?;
    Ok(Decoded { format: PictureFormat::Png, width, height, pixels, orientation })
}

/// The passes of an interlaced picture spread over all of it, so that it is held as a whole.
fn read_whole(reader: &mut Reader<Cursor<&[u8]>>, copy: &mut Copy) -> Result<(), PictureError> {
    let size = reader.output_buffer_size().ok_or(PictureError::Pixels)?;
    let mut whole = vec![0; size];
    let frame = reader.next_frame(&mut whole).map_err(problem)?;
    whole[..frame.buffer_size()].chunks_exact(frame.line_size).for_each(|row| copy.take(row));
    Ok(())
}

/// Takes rows and keeps the mean of every `step` × `step` pixels, on white where they are transparent.
struct Copy {
    width: usize,
    channels: usize,
    step: usize,
    /// Sums of the band of rows under way: red, green, blue of each kept pixel.
    band: Vec<u64>,
    rows_in_band: usize,
    rows_left: usize,
    kept: Vec<u8>,
}

impl Copy {
    fn new(width: u32, height: u32, channels: usize) -> Copy {
        // At least twice the size of the copy that is shown, so that the last step can still smooth.
        let step = (width.max(height) / (2 * SHOWN_SIDE_MAX)).max(1) as usize;
        let band = vec![0; 3 * (width as usize).div_ceil(step)];
        Copy {
            width: width as usize,
            channels,
            step,
            band,
            rows_in_band: 0,
            rows_left: height as usize,
            kept: Vec::new(),
        }
    }

    fn take(&mut self, row: &[u8]) {
        if self.step == 1 && self.channels == 3 {
            // As it is kept already: nothing to blend, no mean to take.
            self.kept.extend_from_slice(row);
            self.rows_left = self.rows_left.saturating_sub(1);
            return;
        }
        for (pixels, sums) in row.chunks(self.step * self.channels).zip(self.band.chunks_exact_mut(3)) {
            for pixel in pixels.chunks_exact(self.channels) {
                let (light, alpha) = match *pixel {
                    [grey] => ([grey; 3], 255),
                    [grey, alpha] => ([grey; 3], alpha),
                    [red, green, blue] => ([red, green, blue], 255),
                    [red, green, blue, alpha] => ([red, green, blue], alpha),
                    _ => unreachable!("a PNG has one to four channels"),
                };
                let on_white = light.map(|part| blend(part, alpha));
                sums.iter_mut().zip(on_white).for_each(|(sum, part)| *sum += part);
            }
        }
        self.rows_in_band += 1;
        self.rows_left = self.rows_left.saturating_sub(1);
        if self.rows_in_band == self.step || self.rows_left == 0 {
            self.keep_band();
        }
    }

    fn keep_band(&mut self) {
        for (place, sums) in self.band.chunks_exact_mut(3).enumerate() {
            let columns = self.step.min(self.width - place * self.step);
            let count = (columns * self.rows_in_band) as u64;
            for sum in sums {
                self.kept.push(((*sum + count / 2) / count) as u8);
                *sum = 0;
            }
        }
        self.rows_in_band = 0;
    }

    /// The kept pixels; `None` when rows are missing.
    fn into_pixels(self) -> Option<DynamicImage> {
        if self.rows_left > 0 {
            return None;
        }
        let width = self.width.div_ceil(self.step);
        let height = self.kept.len() / (3 * width);
        RgbImage::from_raw(width as u32, height as u32, self.kept).map(DynamicImage::from)
    }
}

/// `part` with `alpha` on white.
fn blend(part: u8, alpha: u8) -> u64 {
    let (part, alpha) = (u64::from(part), u64::from(alpha));
    (part * alpha + 255 * (255 - alpha) + 127) / 255
}

fn problem(error: DecodingError) -> PictureError {
    match error {
        DecodingError::LimitsExceeded => PictureError::Pixels,
        DecodingError::IoError(_) | DecodingError::Format(_) | DecodingError::Parameter(_) => {
            PictureError::Damaged
        }
    }
}
