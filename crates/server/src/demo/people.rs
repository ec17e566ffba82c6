//! Invented people, cars and numbers. Every number holds its check digit and belongs to nobody: drawn, not found.

use connectors::Behaviour;
use lexicon::Vin;

/// Draws from a seed; the same seed gives the same draws for ever.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of `what`, one of many that are drawn from `seed`.
    pub(super) fn new(seed: u64, what: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ what.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number from `first` to `last`.
    pub(super) fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1).unsigned_abs()).cast_signed()
    }

    /// One of `all`.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap_or(0)]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    fn letters(&mut self, from: &str, count: usize) -> String {
        (0..count).map(|_| char::from(*self.pick(from.as_bytes()))).collect()
    }
}

const SURNAMES: &[char] = &[
    '王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何',
    '郭', '马', '罗', '梁', '宋', '郑', '谢', '韩', '唐', '冯', '于', '董', '萧', '程', '曹', '袁', '邓',
    '许', '傅', '沈', '曾', '彭', '吕',
];
const GIVEN: &[char] = &[
    '伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '涛', '明', '超', '秀',
    '霞', '平', '刚', '桂', '英', '华', '玉', '建', '文', '辉', '力', '宁', '佳', '若', '思', '子', '雨',
    '梓', '晨', '欣', '怡', '嘉', '浩', '远', '知', '牧', '之', '彤', '航', '泽', '睿', '岚', '溪',
];

/// A name of two or three characters.
pub(super) fn name(dice: &mut Dice) -> String {
    let mut name = String::from(*dice.pick(SURNAMES));
    for _ in 0..dice.between(1, 2) {
        name.push(*dice.pick(GIVEN));
    }
    name
}

/// A mobile number; `number` makes it one of its kind.
pub(super) fn phone(dice: &mut Dice, number: usize) -> String {
    format!("1{}{:04}{number:04}", dice.pick(&["38", "39", "36", "58", "77", "86"]), dice.below(10_000))
}

/// An identity number of a grown-up.
pub(super) fn id_number(dice: &mut Dice) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let region = dice.pick(&["110105", "110108", "310115", "310101", "440106", "330106"]);
    let (year, month, day) = (dice.between(1958, 2003), dice.between(1, 12), dice.between(1, 28));
    let number = format!("{region}{year}{month:02}{day:02}{:03}", dice.below(1_000));
    let sum: u32 = number.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    format!("{number}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// The plate of a car that runs on fuel, or of a new-energy one; `number` makes it one of its kind.
pub(super) fn plate(dice: &mut Dice, new_energy: bool, number: usize) -> String {
    let place = dice.pick(&["京A", "京N", "京P", "沪A", "沪B", "粤A", "粤B", "浙A", "苏A"]);
    let letter = dice.letters("ABCDEFGHJKLMNPQRSTUVWXYZ", 1);
    if new_energy { format!("{place}D{number:05}") } else { format!("{place}{letter}{number:04}") }
}

/// A VIN with its check digit.
pub(super) fn vin(dice: &mut Dice, number: usize) -> String {
    let maker = dice.pick(&["LSV", "LFV", "LGX", "LSG", "LHG", "LVS", "LBE", "LRW"]);
    let model = dice.letters("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", 5);
    let rest = format!("{}{:07}", dice.letters("KLMNPRST", 1), number * 37 + 1_000_000);
    let whole = |digit: char| format!("{maker}{model}{digit}{rest}");
    let sound = |text: &String| text.parse::<Vin>().is_ok_and(|vin| vin.warning().is_none());
    "0123456789X".chars().map(whole).find(sound).unwrap_or_else(|| whole('0'))
}

/// What happens to a payment into an account: its third and second last digits say so, the last is its check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    /// Paid at once.
    Sound,
    /// The bank takes its time.
    Slow,
    /// The bank is asked twice what became of it; the second time it has paid.
    Late,
    /// The bank declines.
    Closed,
    /// The bank never answers.
    Dead,
}

impl Purse {
    const ALL: [(Purse, &'static str); 5] = [
        (Purse::Sound, "10"),
        (Purse::Slow, "27"),
        (Purse::Closed, "38"),
        (Purse::Dead, "49"),
        (Purse::Late, "56"),
    ];

    /// What the account `number` says.
    pub(super) fn of(number: &str) -> Purse {
        let mark = number.len().checked_sub(3).and_then(|at| number.get(at..at + 2));
        let known = Purse::ALL.into_iter().find(|(_, digits)| Some(*digits) == mark);
        known.map_or(Purse::Sound, |(purse, _)| purse)
    }

    /// How the stand-in bank deals with it.
    pub(super) fn behaviour(self) -> Behaviour {
        match self {
            Purse::Sound => Behaviour::AtOnce,
            Purse::Slow => Behaviour::Late { questions: 10_000 },
            Purse::Late => Behaviour::Late { questions: 1 },
            Purse::Closed => Behaviour::Rejects { code: "account-closed".to_owned() },
            Purse::Dead => Behaviour::Silent,
        }
    }

    /// A card number that says so.
    pub(super) fn card(self, dice: &mut Dice) -> String {
        let mark =
            Purse::ALL.into_iter().find(|(purse, _)| *purse == self).map_or("10", |(_, digits)| digits);
        let body = format!("62220200{}{mark}", dice.digits(8));
        // Luhn: from the right, every second digit counts twice.
        let counted = body.bytes().rev().enumerate().map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        });
        let sum: u32 = counted.sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }
}

#[cfg(test)]
mod tests {
    use lexicon::identifier::{Kind, check};

    use super::*;

    #[test]
    fn every_number_that_is_drawn_is_sound() {
        let mut dice = Dice::new(1, 2);
        for number in 0..500 {
            let purse = Purse::ALL[number % Purse::ALL.len()].0;
            for (kind, text) in [
                (Kind::Phone, phone(&mut dice, number)),
                (Kind::IdNumber, id_number(&mut dice)),
                (Kind::Plate, plate(&mut dice, false, number)),
                (Kind::Plate, plate(&mut dice, true, number)),
                (Kind::Vin, vin(&mut dice, number)),
                (Kind::BankCard, purse.card(&mut dice)),
            ] {
                assert!(check(kind, &text).valid, "{kind} {text}");
            }
            assert_eq!(Purse::of(&purse.card(&mut dice)), purse);
        }
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| name(&mut Dice::new(seed, 7)) + &id_number(&mut Dice::new(seed, 8));
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
