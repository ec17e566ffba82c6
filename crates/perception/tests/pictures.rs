//! What is accepted, what is refused and as what, and what of a file reaches the copy.

mod made;

use app::ports::{Picture, PictureError, PictureFormat, Pictures};
use image::{DynamicImage, GenericImageView};
use made::{Flat, exif, jpeg, png as made_png, with_segment};
use perception::CheckedPictures;
use png::{BitDepth, ColorType};

const RED: [u8; 3] = [220, 30, 30];
const BLUE: [u8; 3] = [30, 30, 220];

#[test]
fn what_is_no_picture_is_refused_with_its_reason() {
    let heic = |brand: &[u8]| [b"\0\0\0\x18ftyp", brand, b"\0\0\0\0mif1heic"].concat();
    for (name, bytes, expected) in [
        ("nothing", Vec::new(), PictureError::Empty),
        ("60 MB and a byte", vec![0xff; 60 * 1024 * 1024 + 1], PictureError::TooLarge),
        ("text", b"hello".to_vec(), PictureError::Format),
        ("one byte", vec![0xff], PictureError::Format),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), PictureError::Format),
        (
            "SVG",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".to_vec(),
            PictureError::Format,
        ),
        ("PDF", b"%PDF-1.7".to_vec(), PictureError::Format),
        ("WebP", b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), PictureError::Format),
        ("HEIC", heic(b"heic"), PictureError::Heic),
        ("HEIC by its family", heic(b"mif1"), PictureError::Heic),
        ("MP4", heic(b"isom"), PictureError::Format),
        ("HTML before a JPEG", [b"<html>".to_vec(), small_jpeg()].concat(), PictureError::Format),
        ("JPEG's mark alone", vec![0xff, 0xd8, 0xff], PictureError::Damaged),
        ("PNG's mark alone", b"\x89PNG\r\n\x1a\n".to_vec(), PictureError::Damaged),
        (
            "lossless JPEG",
            [b"\xff\xd8\xff\xc3\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0".to_vec()].concat(),
            PictureError::Format,
        ),
    ] {
        assert_eq!(CheckedPictures.accept(&bytes), Err(expected), "{name}");
    }
}

#[test]
fn limits_hold_before_anything_is_decoded() {
    let header = |width: u16, height: u16, progressive: bool, components: usize| {
        let components = vec![(0x11, 128); components];
        let small = Flat { components, progressive, ..Flat::new(16, 16) }.bytes();
        let at =
            small.windows(2).position(|pair| pair == [0xff, if progressive { 0xc2 } else { 0xc0 }]).unwrap();
        let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
        [&small[..at + 5], &size, &small[at + 9..]].concat()
    };
    for (name, bytes) in [
        ("baseline above 210 million", header(16_000, 13_126, false, 3)),
        ("progressive above 60 million", header(10_000, 6_001, true, 3)),
        ("progressive with four inks", header(10_000, 4_501, true, 4)),
        ("the largest there is", header(65_535, 65_535, false, 3)),
        ("PNG above 60 million", png_header(10_000, 6_001)),
        ("PNG bomb", png_header(2_147_483_647, 2_147_483_647)),
    ] {
        assert_eq!(CheckedPictures.accept(&bytes), Err(PictureError::Pixels), "{name}");
    }
}

#[test]
fn a_progressive_picture_with_scans_without_end_is_refused() {
    let picture = |scans| Flat { progressive: true, scans, ..Flat::new(64, 64) }.bytes();
    assert!(CheckedPictures.accept(&picture(10)).is_ok());
    assert_eq!(CheckedPictures.accept(&picture(65)), Err(PictureError::Damaged));
}

#[test]
fn a_file_cut_short_is_damaged_wherever_it_is_cut() {
    for (bytes, mark) in [(small_jpeg(), 3), (small_png(), 8)] {
        assert!(CheckedPictures.accept(&bytes).is_ok());
        for end in mark..bytes.len() {
            let cut = CheckedPictures.accept(&bytes[..end]);
            assert_eq!(cut, Err(PictureError::Damaged), "{end} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn a_changed_byte_never_brings_the_check_down() {
    let mut chance: u64 = 0x5eed;
    let mut draw = |below: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) as usize % below
    };
    let progressive = Flat { progressive: true, ..Flat::new(40, 40) }.bytes();
    for original in [small_jpeg(), small_png(), progressive] {
        for _ in 0..400 {
            let mut bytes = original.clone();
            let place = draw(bytes.len());
            bytes[place] = draw(256) as u8;
            if let Ok(picture) = CheckedPictures.accept(&bytes) {
                let (width, height) = shown(&picture).dimensions();
                assert!(width.max(height) <= 1600);
            }
        }
    }
}

#[test]
fn the_copy_is_upright() {
    // Stored: red on the left, blue on the right, 32 × 16.
    let stored: Vec<[u8; 3]> = (0..16).flat_map(|_| [[RED; 16], [BLUE; 16]].concat()).collect();
    for (orientation, size, red_at, blue_at) in [
        (1, (32, 16), (4, 8), (28, 8)),
        (2, (32, 16), (28, 8), (4, 8)),
        (3, (32, 16), (28, 8), (4, 8)),
        (6, (16, 32), (8, 4), (8, 28)),
        (8, (16, 32), (8, 28), (8, 4)),
        (9, (32, 16), (4, 8), (28, 8)),
    ] {
        let bytes =
            with_segment(&jpeg(32, &stored), 0xe1, &[b"Exif\0\0".to_vec(), exif(orientation)].concat());
        let picture = CheckedPictures.accept(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), (32, 16), "the original as stored");
        let copy = shown(&picture);
        assert_eq!(copy.dimensions(), size, "orientation {orientation}");
        near(&copy, red_at, RED);
        near(&copy, blue_at, BLUE);
    }
}

#[test]
fn nothing_but_pixels_reaches_the_copy() {
    let html = b"<html><script>alert(1)</script></html>";
    let mut bytes = with_segment(&small_jpeg(), 0xe1, &[b"Exif\0\0".to_vec(), exif(1)].concat());
    bytes = with_segment(&bytes, 0xfe, html);
    bytes = with_segment(&bytes, 0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
    bytes.extend(html);
    bytes.extend(b"PK\x03\x04");
    let picture = CheckedPictures.accept(&bytes).unwrap();
    for foreign in [&b"31.2304"[..], b"Exif", b"<script", b"xmpmeta", b"PK\x03\x04"] {
        assert!(!picture.shown.windows(foreign.len()).any(|window| window == foreign), "{foreign:?}");
    }
    assert_eq!(
        markers(&picture.shown)
            .iter()
            .filter(|marker| (0xe1..=0xef).contains(*marker) || **marker == 0xfe)
            .count(),
        0
    );
}

#[test]
fn every_colour_comes_out_as_it_was() {
    let inks = |values: [u8; 4]| {
        let components = values.map(|value| (0x11, value)).to_vec();
        Flat { components, adobe: true, ..Flat::new(24, 24) }.bytes()
    };
    let grey = Flat { components: vec![(0x11, 90)], ..Flat::new(24, 24) };
    let rgb = |depth, pixel: &[u8]| made_png(9, 9, ColorType::Rgb, depth, &pixel.repeat(81));
    for (name, bytes, expected) in [
        ("grey JPEG", grey.bytes(), [90, 90, 90]),
        ("inks: none", inks([255, 255, 255, 255]), [255, 255, 255]),
        ("inks: black", inks([255, 255, 255, 0]), [0, 0, 0]),
        ("inks: red is magenta and yellow", inks([255, 0, 0, 255]), [255, 0, 0]),
        ("progressive JPEG", Flat { progressive: true, ..Flat::new(33, 17) }.bytes(), [200, 200, 200]),
        ("PNG", rgb(BitDepth::Eight, &RED), RED),
        ("PNG of 16 bits", rgb(BitDepth::Sixteen, &[220, 1, 30, 2, 30, 3]), RED),
        (
            "PNG of one bit",
            made_png(8, 2, ColorType::Grayscale, BitDepth::One, &[0xff, 0xff]),
            [255, 255, 255],
        ),
        ("grey PNG", made_png(3, 3, ColorType::Grayscale, BitDepth::Eight, &[77; 9]), [77, 77, 77]),
        (
            "transparent grey PNG",
            made_png(2, 2, ColorType::GrayscaleAlpha, BitDepth::Eight, &[9, 0].repeat(4)),
            [255, 255, 255],
        ),
        (
            "half transparent PNG",
            made_png(2, 2, ColorType::Rgba, BitDepth::Eight, &[0, 0, 0, 128].repeat(4)),
            [127, 127, 127],
        ),
    ] {
        let picture = CheckedPictures.accept(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let copy = shown(&picture);
        assert_eq!(copy.dimensions(), (picture.width, picture.height), "{name}");
        near(&copy, (1, 1), expected);
    }
}

#[test]
fn a_big_picture_is_shown_small_and_whole() {
    // A quarter of the width is blue; odd sizes leave a rest at both edges.
    let row: Vec<u8> = (0..4001).flat_map(|x| if x < 1000 { BLUE } else { RED }).collect();
    let big_png = made_png(4001, 501, ColorType::Rgb, BitDepth::Eight, &row.repeat(501));
    let picture = CheckedPictures.accept(&big_png).unwrap();
    assert_eq!((picture.format, picture.width, picture.height), (PictureFormat::Png, 4001, 501));
    let copy = shown(&picture);
    assert_eq!(copy.dimensions(), (1600, 200));
    near(&copy, (380, 199), BLUE);
    near(&copy, (420, 199), RED);
    near(&copy, (1599, 0), RED);

    for (width, height, size) in
        [(4000, 3000, (1600, 1200)), (1601, 7, (1600, 7)), (1600, 1600, (1600, 1600)), (20, 9000, (4, 1600))]
    {
        let picture = CheckedPictures.accept(&Flat::new(width, height).bytes()).unwrap();
        assert_eq!(picture.format, PictureFormat::Jpeg);
        assert_eq!(shown(&picture).dimensions(), size);
        near(&shown(&picture), (1, 1), [200; 3]);
    }
}

#[test]
fn an_interlaced_png_is_read_like_any_other() {
    // Seven passes of a 2 × 2 picture: only three of them hold pixels.
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let body = [&kind[..], data].concat();
        [&(data.len() as u32).to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
    };
    let rows = [0, 10, 0, 90, 0, 170, 250];
    let stored = [&[0x78, 1, 1, 7, 0, !7, 0xff][..], &rows, &adler(&rows).to_be_bytes()].concat();
    let bytes = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 8, 0, 0, 0, 1]),
        chunk(b"IDAT", &stored),
        chunk(b"IEND", b""),
    ]
    .concat();
    let picture = CheckedPictures.accept(&bytes).unwrap();
    assert_eq!((picture.width, picture.height), (2, 2));
    for (place, grey) in [((0, 0), 10), ((1, 0), 90), ((0, 1), 170), ((1, 1), 250)] {
        near(&shown(&picture), place, [grey; 3]);
    }
}

fn small_jpeg() -> Vec<u8> {
    let pixels: Vec<[u8; 3]> =
        (0..24 * 24).map(|place| [(place * 7) as u8, (place * 3) as u8, place as u8]).collect();
    jpeg(24, &pixels)
}

fn small_png() -> Vec<u8> {
    let rows: Vec<u8> = (0..24 * 24 * 3).map(|place| (place * 5) as u8).collect();
    made_png(24, 24, ColorType::Rgb, BitDepth::Eight, &rows)
}

/// A PNG that says it is huge and holds next to nothing.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = made_png(1, 1, ColorType::Grayscale, BitDepth::Eight, &[0]);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

fn adler(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

fn shown(picture: &Picture) -> DynamicImage {
    assert!(picture.shown.starts_with(&[0xff, 0xd8, 0xff]));
    image::load_from_memory_with_format(&picture.shown, image::ImageFormat::Jpeg).unwrap()
}

fn markers(jpeg: &[u8]) -> Vec<u8> {
    jpeg.windows(2)
        .filter(|pair| pair[0] == 0xff && pair[1] >= 0xc0 && pair[1] != 0xff)
        .map(|pair| pair[1])
        .collect()
}

#[track_caller]
fn near(copy: &DynamicImage, (x, y): (u32, u32), expected: [u8; 3]) {
    let pixel = copy.to_rgb8().get_pixel(x, y).0;
    let far = pixel.iter().zip(expected).any(|(part, wanted)| part.abs_diff(wanted) > 12);
    assert!(!far, "{pixel:?} at {x},{y}, not {expected:?}");
}
