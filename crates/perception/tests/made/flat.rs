//! A picture of any size in few bytes.

/// A JPEG of one colour whose pixels cost next to no bytes: after the first block every bit is 0.
#[derive(Clone, Debug)]
pub struct Flat {
    pub width: u16,
    pub height: u16,
    /// Sampling factors (`0x22` is two by two) and stored value of each component.
    pub components: Vec<(u8, u8)>,
    pub progressive: bool,
    /// Adobe's marker, by which inks are known to be stored inverted.
    pub adobe: bool,
    /// How often the scan stands there.
    pub scans: usize,
}

impl Flat {
    pub fn new(width: u16, height: u16) -> Flat {
        let components = vec![(0x22, 200), (0x11, 128), (0x11, 128)];
        Flat { width, height, components, progressive: false, adobe: false, scans: 1 }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut jpeg = vec![0xff, 0xd8];
        if self.adobe {
            segment(&mut jpeg, 0xee, b"Adobe\0\x64\0\0\0\0\0");
        }
        segment(&mut jpeg, 0xdb, &[&[0][..], &[1; 64]].concat());
        let [h1, h0] = self.height.to_be_bytes();
        let [w1, w0] = self.width.to_be_bytes();
        let mut frame = vec![8, h1, h0, w1, w0, self.components.len() as u8];
        let ids = 1..=self.components.len() as u8;
        frame.extend(ids.clone().zip(&self.components).flat_map(|(id, (sampling, _))| [id, *sampling, 0]));
        segment(&mut jpeg, if self.progressive { 0xc2 } else { 0xc0 }, &frame);
        // DC: categories 0 to 11 as codes of four bits. AC: "end of block" as the only code, one bit.
        segment(
            &mut jpeg,
            0xc4,
            &[&[0x00, 0, 0, 0, 12][..], &[0; 12], &(0..12).collect::<Vec<u8>>()].concat(),
        );
        segment(&mut jpeg, 0xc4, &[&[0x10, 1][..], &[0; 15], &[0]].concat());
        let mut scan = vec![self.components.len() as u8];
        scan.extend(ids.flat_map(|id| [id, 0]));
        scan.extend([0, if self.progressive { 0 } else { 63 }, 0]);
        for _ in 0..self.scans {
            segment(&mut jpeg, 0xda, &scan);
            jpeg.extend(self.entropy());
        }
        jpeg.extend([0xff, 0xd9]);
        jpeg
    }

    fn entropy(&self) -> Vec<u8> {
        let end_of_block = if self.progressive { "" } else { "0" };
        let blocks = |sampling: u8| usize::from(sampling >> 4) * usize::from(sampling & 15);
        let mut bits = String::new();
        for (sampling, value) in &self.components {
            let level = (i32::from(*value) - 128) * 8;
            let category = 32 - level.unsigned_abs().leading_zeros();
            let low = if level < 0 { level + (1 << category) - 1 } else { level };
            bits += &format!("{category:04b}");
            if category > 0 {
                bits += &format!("{low:0width$b}", width = category as usize);
            }
            bits += end_of_block;
            bits += &format!("0000{end_of_block}").repeat(blocks(*sampling) - 1);
        }
        let across = |pixels: u16, factor: u8| usize::from(pixels).div_ceil(8 * usize::from(factor));
        let most =
            |shift: u8| self.components.iter().map(|(sampling, _)| sampling >> shift & 15).max().unwrap();
        let mcus = across(self.width, most(4)) * across(self.height, most(0));
        let per_mcu: usize = self.components.iter().map(|(sampling, _)| blocks(*sampling)).sum();
        let bits_all = bits.len() + (mcus - 1) * per_mcu * (4 + end_of_block.len());
        let mut bytes = Vec::new();
        for byte in bits.as_bytes().chunks(8) {
            let byte = byte.iter().chain(b"00000000").take(8).fold(0, |byte, bit| byte << 1 | (bit - b'0'));
            bytes.push(byte);
            if byte == 0xff {
                bytes.push(0);
            }
        }
        bytes.resize(bytes.len() + bits_all.div_ceil(8) - bits.len().div_ceil(8), 0);
        bytes
    }
}

pub fn segment(jpeg: &mut Vec<u8>, marker: u8, data: &[u8]) {
    jpeg.extend([0xff, marker]);
    jpeg.extend((data.len() as u16 + 2).to_be_bytes());
    jpeg.extend(data);
}
