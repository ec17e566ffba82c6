//! Simple pictures of cars and papers, each one of its kind, so that no photo seems to stand in two claims.

use std::io;

/// What is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motif {
    /// The place with a car.
    Scene,
    /// A damaged part from near by.
    Damage,
    /// The number plate.
    Plate,
    /// A card or a sheet.
    Paper,
}

type Colour = [u8; 3];

/// A picture in the making.
struct Canvas {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

const ASPHALT: Colour = [92, 94, 98];
const TYRE: Colour = [28, 28, 30];
const GLASS: Colour = [168, 190, 204];
const SCRATCH: Colour = [214, 216, 218];
const INK: Colour = [70, 76, 84];
const PAINTS: &[Colour] = &[
    [176, 42, 48],
    [38, 74, 122],
    [226, 228, 230],
    [52, 54, 58],
    [142, 148, 154],
    [44, 98, 84],
    [196, 164, 112],
];
const SKIES: &[Colour] = &[[186, 206, 222], [158, 174, 190], [214, 208, 196], [62, 70, 92]];
const PAPERS: &[Colour] = &[[232, 240, 236], [240, 236, 226], [228, 234, 244]];

/// A PNG of `motif`, told from all others by `number`.
pub(super) fn picture(motif: Motif, number: u64) -> io::Result<Vec<u8>> {
    let paint = one_of(PAINTS, number / 7);
    let mut canvas = match motif {
        Motif::Paper => Canvas::new(168, 106, one_of(PAPERS, number)),
        Motif::Plate => Canvas::new(176, 132, paint),
        Motif::Scene | Motif::Damage => Canvas::new(240, 180, one_of(SKIES, number / 3)),
    };
    match motif {
        Motif::Scene => canvas.scene(paint, (number % 50) as usize),
        Motif::Damage => canvas.damage(paint, number),
        Motif::Plate => canvas.plate(number),
        Motif::Paper => canvas.paper(number),
    }
    canvas.sign(number);
    canvas.png()
}

/// Pictures are drawn on a larger sheet than they are kept on: 300 claims' worth of them are made within seconds.
fn small(length: usize) -> usize {
    length * 2 / 3
}

fn one_of(colours: &[Colour], number: u64) -> Colour {
    colours[(number % colours.len() as u64) as usize]
}

impl Canvas {
    fn new(width: usize, height: usize, colour: Colour) -> Canvas {
        let (width, height) = (small(width), small(height));
        let bytes = colour.repeat(width * height);
        Canvas { width, height, bytes }
    }

    /// A filled box; what lies outside is cut off.
    fn fill(&mut self, left: usize, top: usize, width: usize, height: usize, colour: Colour) {
        let (left, right) = (small(left), small(left + width).min(self.width));
        if left >= right {
            return;
        }
        let row = colour.repeat(right - left);
        for line in small(top)..small(top + height).min(self.height) {
            let start = (line * self.width + left) * 3;
            self.bytes[start..start + row.len()].copy_from_slice(&row);
        }
    }

    fn scene(&mut self, paint: Colour, shift: usize) {
        self.fill(0, 110, 240, 70, ASPHALT);
        for dash in 0..5 {
            self.fill(dash * 56 + shift / 4, 150, 28, 4, SCRATCH);
        }
        let left = 30 + shift;
        self.fill(left + 26, 72, 78, 26, paint);
        self.fill(left + 32, 76, 30, 18, GLASS);
        self.fill(left + 68, 76, 30, 18, GLASS);
        self.fill(left, 96, 134, 30, paint);
        for wheel in [20, 94] {
            self.fill(left + wheel, 116, 20, 20, TYRE);
            self.fill(left + wheel + 6, 122, 8, 8, GLASS);
        }
    }

    fn damage(&mut self, paint: Colour, number: u64) {
        self.fill(0, 20, 240, 140, paint);
        self.fill(0, 86, 240, 2, INK);
        // Scratches, one below the other, each a little further to the right.
        let (left, lines) = (40 + (number % 60) as usize, 4 + (number % 5) as usize);
        for line in 0..lines {
            for step in 0..12 {
                self.fill(left + line * 3 + step * 7, 60 + line * 9 + step, 8, 2, SCRATCH);
            }
        }
    }

    fn plate(&mut self, number: u64) {
        self.fill(18, 44, 140, 44, [36, 72, 164]);
        for sign in 0..7 {
            let tall = 14 + ((number >> sign) % 3) as usize * 4;
            self.fill(27 + sign * 18, 66 - tall / 2, 11, tall, [240, 242, 246]);
        }
    }

    fn paper(&mut self, number: u64) {
        self.fill(0, 0, 168, 16, [178, 60, 56]);
        self.fill(118, 28, 36, 46, [208, 200, 190]);
        for line in 0..6 {
            self.fill(12, 28 + line * 11, 40 + ((number >> (2 * line)) % 52) as usize, 4, INK);
        }
    }

    /// The number in dots along the lower edge.
    fn sign(&mut self, number: u64) {
        let lowest = (self.height - 1) * self.width * 3;
        for bit in 0..40 {
            let colour = if number >> bit & 1 == 1 { SCRATCH } else { TYRE };
            self.bytes[lowest + bit * 6..][..3].copy_from_slice(&colour);
        }
    }

    fn png(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Fast);
        encoder.write_header()?.write_image_data(&self.bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use app::ports::Pictures;
    use perception::CheckedPictures;

    use super::*;

    #[test]
    fn every_picture_is_accepted_and_one_of_its_kind() {
        let mut seen = std::collections::HashSet::new();
        for number in 0..40 {
            for motif in [Motif::Scene, Motif::Damage, Motif::Plate, Motif::Paper] {
                let bytes = picture(motif, number).unwrap();
                assert!(CheckedPictures.accept(&bytes).is_ok(), "{motif:?} {number}");
                assert!(seen.insert(bytes), "{motif:?} {number}");
            }
        }
    }
}
