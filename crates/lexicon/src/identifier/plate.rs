//! Number plates.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Problem, identifier, shown_whole};

/// A number plate (号牌, GA 36), kept without the dot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Plate(Arc<str>);

/// The family that a plate's pattern tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlateKind {
    /// 京A12345
    Ordinary,
    /// 京AD12345: a small new-energy car.
    NewEnergySmall,
    /// 京A12345D: a large new-energy vehicle.
    NewEnergyLarge,
    /// 京A1234学: driving school.
    School,
    /// 京A1234挂: trailer.
    Trailer,
    /// 京A1234警: police.
    Police,
    /// 粤Z1234港, 粤Z1234澳: vehicles from Hong Kong and Macao.
    HongKongMacao,
    /// 沪A0123领, 沪22401领: consulate.
    Consulate,
    /// 使224578: embassy.
    Embassy,
    /// 京X1234应急: fire and rescue.
    Rescue,
    /// WJ京1234X: armed police.
    ArmedPolice,
    /// VA12345: the military.
    Military,
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const MARKS: &str = "学挂警港澳领使应急";
/// First letters of military plates, of the present and the former commands.
const COMMANDS: &[u8] = b"BCEGHJKLNSVZ";

impl Plate {
    fn from_normalised(text: String) -> Result<Plate, Problem> {
        let letters: Vec<char> = text.chars().collect();
        if !(7..=8).contains(&letters.len()) {
            return Err(Problem::Length);
        }
        let known = |letter: &char| fits(*letter) || PROVINCES.contains(*letter) || MARKS.contains(*letter);
        // A first character that is neither Latin nor a digit was meant as a province: it is judged as one.
        if !letters[1..].iter().all(known) || (letters[0].is_ascii() && !fits(letters[0])) {
            return Err(Problem::Character);
        }
        if !known(&letters[0]) {
            return Err(Problem::Region);
        }
        kind(&letters).map(|_| Plate(text.into())).ok_or(Problem::Form)
    }

    /// The family of the plate.
    pub fn kind(&self) -> PlateKind {
        let letters: Vec<char> = self.0.chars().collect();
        kind(&letters).expect("the constructor knew the pattern")
    }

    /// The plate as it is shown: whole, for it is public on the road.
    pub fn masked(&self) -> String {
        self.0.to_string()
    }
}

identifier!(Plate);
shown_whole!(Plate);

/// A Latin letter or digit that plates use: no I and no O.
const fn fits(letter: char) -> bool {
    matches!(letter, '0'..='9' | 'A'..='H' | 'J'..='N' | 'P'..='Z')
}

fn kind(letters: &[char]) -> Option<PlateKind> {
    let digits = |part: &[char]| part.iter().all(char::is_ascii_digit);
    let latin = |letter: char| letter.is_ascii_uppercase() && fits(letter);
    let province = |letter: char| PROVINCES.contains(letter);
    // The serial: letters and digits, at most two of them letters.
    let serial = |part: &[char]| {
        part.iter().all(|letter| fits(*letter)) && part.iter().filter(|letter| latin(**letter)).count() <= 2
    };
    match *letters {
        ['W', 'J', ref rest @ .., last] if last.is_ascii_digit() || "BDHJSTX".contains(last) => {
            let rest = if rest.first().is_some_and(|first| province(*first)) { &rest[1..] } else { rest };
            (rest.len() == 4 && digits(rest)).then_some(PlateKind::ArmedPolice)
        }
        [command, branch, ref rest @ ..] if command.is_ascii() && COMMANDS.contains(&(command as u8)) => {
            (latin(branch) && rest.len() == 5 && digits(rest)).then_some(PlateKind::Military)
        }
        ['使', ref rest @ ..] | [ref rest @ .., '使'] if rest.len() == 6 => {
            digits(rest).then_some(PlateKind::Embassy)
        }
        [first, ref rest @ .., '领'] if province(first) && rest.len() == 5 && digits(rest) => {
            Some(PlateKind::Consulate)
        }
        [first, office, ref rest @ .., '应', '急'] if province(first) && latin(office) => {
            (rest.len() == 4 && serial(rest)).then_some(PlateKind::Rescue)
        }
        [first, office, ref rest @ .., mark] if province(first) && latin(office) && !mark.is_ascii() => {
            let kind = match mark {
                '学' => PlateKind::School,
                '挂' => PlateKind::Trailer,
                '警' => PlateKind::Police,
                '港' | '澳' => PlateKind::HongKongMacao,
                '领' => PlateKind::Consulate,
                _ => return None,
            };
            (rest.len() == 4 && serial(rest)).then_some(kind)
        }
        [first, office, ref rest @ ..] if province(first) && latin(office) => match *rest {
            ['A'..='H' | 'J' | 'K', second, ref last @ ..]
                if last.len() == 4 && fits(second) && digits(last) =>
            {
                Some(PlateKind::NewEnergySmall)
            }
            [ref front @ .., 'D' | 'F'] if front.len() == 5 && digits(front) => {
                Some(PlateKind::NewEnergyLarge)
            }
            _ => (rest.len() == 5 && serial(rest)).then_some(PlateKind::Ordinary),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_tells_the_family() {
        for (text, expected) in [
            ("京A·12345", PlateKind::Ordinary),
            ("粤b•8f6g2", PlateKind::Ordinary),
            ("沪AD12345", PlateKind::NewEnergySmall),
            ("沪AFA1234", PlateKind::NewEnergySmall),
            ("粤BK12345", PlateKind::NewEnergySmall),
            ("京A12345F", PlateKind::NewEnergyLarge),
            ("京A1234学", PlateKind::School),
            ("鲁B1234挂", PlateKind::Trailer),
            ("川A1234警", PlateKind::Police),
            ("粤Z1A34港", PlateKind::HongKongMacao),
            ("粤Z1234澳", PlateKind::HongKongMacao),
            ("沪A0123领", PlateKind::Consulate),
            ("沪22401领", PlateKind::Consulate),
            ("使224578", PlateKind::Embassy),
            ("224578使", PlateKind::Embassy),
            ("京X1234应急", PlateKind::Rescue),
            ("WJ京1234X", PlateKind::ArmedPolice),
            ("WJ01234", PlateKind::ArmedPolice),
            ("VA12345", PlateKind::Military),
        ] {
            assert_eq!(text.parse::<Plate>().map(|plate| plate.kind()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_plate_says_why() {
        for (text, expected) in [
            ("", Problem::Length),
            ("京A1234", Problem::Length),
            ("京A1234567", Problem::Length),
            ("京A1234I", Problem::Character),
            ("京O12345", Problem::Character),
            ("京A12#45", Problem::Character),
            ("京A123好4", Problem::Character),
            ("台A12345", Problem::Region),
            ("好A12345", Problem::Region),
            ("京112345", Problem::Form),
            ("京AABC12", Problem::Form),
            ("京A123456", Problem::Form),
            ("京A12345A", Problem::Form),
            ("京A12学34", Problem::Form),
            ("京AZ12345", Problem::Form),
            ("京A1234应", Problem::Form),
            ("1A12345", Problem::Form),
        ] {
            assert_eq!(text.parse::<Plate>(), Err(expected), "{text}");
        }
    }
}
