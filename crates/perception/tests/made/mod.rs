//! Pictures made in code, so that every byte of a test is known.

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};

mod flat;

pub use flat::{Flat, segment};

/// A JPEG from rows of red, green and blue.
pub fn jpeg(width: u32, pixels: &[[u8; 3]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let height = pixels.len() as u32 / width;
    JpegEncoder::new_with_quality(&mut bytes, 95)
        .write_image(pixels.as_flattened(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// `jpeg` with a segment put in right behind its start.
pub fn with_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    segment(&mut bytes, marker, data);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// Exif data that say how the camera was held, and where.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(b"\x01\0\x01\0\x02\0\x0b\0\0\0\x38\0\0\0\0\0\0\0N 31.2304 E");
    tiff
}

/// A PNG of `rows`, bytes as stored.
pub fn png(width: u32, height: u32, colour: png::ColorType, depth: png::BitDepth, rows: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    encoder.write_header().unwrap().write_image_data(rows).unwrap();
    bytes
}
