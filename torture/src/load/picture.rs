//! Photos as phones send them: large, and each one of its kind.

/// A picture of so many pixels, told from all others by `number`.
///
/// # Errors
///
/// When it cannot be encoded.
pub(super) fn picture(width: u32, height: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    let shade = |place: u32| [place % width / 16, place / width / 12, (place / 4_001) ^ (place % 97)];
    let pixels: Vec<u8> = (0..width * height).flat_map(shade).map(|shade| shade.to_le_bytes()[0]).collect();
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(bytes)
}

/// The same picture with a remark in it, so that it is another file.
pub(super) fn remarked(picture: &[u8], number: u64) -> Vec<u8> {
    // The last chunk is the end, twelve bytes long; remarks stand before it.
    let (front, end) = picture.split_at(picture.len().saturating_sub(12));
    let mut chunk = b"tEXtComment\0".to_vec();
    chunk.extend(number.to_string().bytes());
    let length = u32::try_from(chunk.len() - 4).unwrap_or(0);
    [front, &length.to_be_bytes(), &chunk, &checksum(&chunk).to_be_bytes(), end].concat()
}

/// CRC-32 as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_makes_another_file_of_the_same_picture() {
        let plain = picture(64, 48).unwrap();
        let decoded = |bytes: &[u8]| {
            let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            pixels
        };
        let (one, two) = (remarked(&plain, 1), remarked(&plain, 2));
        assert!(one != two && one != plain);
        assert_eq!(decoded(&one), decoded(&plain));
    }
}
