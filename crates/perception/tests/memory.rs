//! Big honest pictures pass in little memory. Alone in its process, because it reads what the process has needed at most.

#![cfg(target_os = "linux")]

#[path = "made/flat.rs"]
mod flat;

use app::ports::Pictures;
use flat::Flat;
use perception::CheckedPictures;

#[test]
fn a_photo_of_200_million_pixels_and_a_drawing_of_60_pass_in_less_than_128_mib() {
    let photo = Flat::new(16_320, 12_240).bytes();
    let picture = CheckedPictures.accept(&photo).unwrap();
    assert_eq!((picture.width, picture.height), (16_320, 12_240));

    // Sixteen colours at four bits: 30 MB here, 180 MB where all of it is decoded.
    let mut drawing = Vec::new();
    let mut encoder = png::Encoder::new(&mut drawing, 10_000, 6_000);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette((0..48).collect::<Vec<u8>>());
    encoder.write_header().unwrap().write_image_data(&vec![0x5a; 5_000 * 6_000]).unwrap();
    assert_eq!(CheckedPictures.accept(&drawing).unwrap().width, 10_000);

    assert!(needed_kib() < 128 * 1024, "{} KiB", needed_kib());
}

/// The most memory that this process has held, as the kernel counts it.
fn needed_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
