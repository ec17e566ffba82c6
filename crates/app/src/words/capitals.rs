//! Amounts in the capital figures (大写) of cheques, letters and receipts.

use lexicon::Money;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// As the rules for filling in payment papers ask: 整 after 元 or 角, none after 分, one 零 for any run of zeros inside.
pub(super) fn capitals(amount: Money) -> String {
    let fen = amount.fen().unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = String::new();
    if amount.is_negative() {
        text.push('负');
    }
    if yuan > 0 {
        whole(yuan, &mut text);
        text.push('元');
    }
    match (yuan, jiao, fen) {
        (0, 0, 0) => text.push_str("零元整"),
        (_, 0, 0) => text.push('整'),
        (_, _, 0) => part(jiao, "角整", &mut text),
        (yuan, 0, _) => {
            if yuan > 0 {
                text.push('零');
            }
            part(fen, "分", &mut text);
        }
        _ => {
            part(jiao, "角", &mut text);
            part(fen, "分", &mut text);
        }
    }
    text
}

fn part(digit: u64, unit: &str, text: &mut String) {
    text.push(DIGITS[digit as usize]);
    text.push_str(unit);
}

fn whole(yuan: u64, text: &mut String) {
    let groups: Vec<u64> =
        std::iter::successors(Some(yuan), |rest| (rest / 10_000 > 0).then_some(rest / 10_000))
            .map(|rest| rest % 10_000)
            .collect();
    let mut started = false;
    let mut gap = false;
    for (place, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = started;
            continue;
        }
        for digit_place in (0..4).rev() {
            let digit = group / 10_u64.pow(digit_place) % 10;
            if digit == 0 {
                gap = started;
                continue;
            }
            if gap {
                text.push('零');
                gap = false;
            }
            text.push(DIGITS[digit as usize]);
            text.push_str(PLACES[digit_place as usize]);
            started = true;
        }
        // Zeros at the end of a group are silent; those before the next digit are heard there.
        gap = false;
        text.push_str(GROUPS[place.min(GROUPS.len() - 1)]);
    }
}
