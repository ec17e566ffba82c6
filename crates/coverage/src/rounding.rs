//! Exact amounts become fen: once, at the line that is paid.

use crate::{Exact, Refusal};

/// One amount alone, half up to the fen.
pub(crate) fn alone(amount: &Exact) -> Result<i64, Refusal> {
    amount.half_up().ok_or(Refusal::Overflow)
}

/// The exact sum of `amounts`, and each of them in fen: the sum half up, split by largest remainder, ties to the earlier.
pub(crate) fn together(amounts: &[&Exact]) -> Result<(Exact, Vec<i64>), Refusal> {
    let sum: Exact = amounts.iter().copied().sum();
    let mut fen =
        amounts.iter().map(|amount| amount.floor()).collect::<Option<Vec<i64>>>().ok_or(Refusal::Overflow)?;
    if amounts.iter().all(|amount| amount.is_whole()) {
        return Ok((sum, fen));
    }
    let mut missing = alone(&sum)?;
    for floor in &fen {
        missing -= floor;
    }
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    let remainder = |index: usize| amounts[index] - &Exact::whole(fen[index]);
    // The sort is stable: of equal remainders the earlier is served first.
    order.sort_by_cached_key(|&index| std::cmp::Reverse(remainder(index)));
    for index in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        fen[index] += 1;
    }
    Ok((sum, fen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_rounded_and_the_largest_remainders_are_served_first() {
        // In ninths of a fen, and what each becomes.
        for (ninths, expected) in [
            (vec![1_200_000, 400_000, 200_000], vec![133_333, 44_445, 22_222]),
            (vec![3, 3, 3], vec![1, 0, 0]),
            (vec![6, 6, 6], vec![1, 1, 0]),
            (vec![4], vec![0]),
            (vec![5], vec![1]),
            (vec![1, 4], vec![0, 1]),
            (vec![9, 0, 18], vec![1, 0, 2]),
        ] {
            let exact: Vec<Exact> =
                ninths.iter().map(|ninth| &Exact::whole(*ninth) / &Exact::whole(9)).collect();
            let (_, fen) = together(&exact.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(fen, expected, "{ninths:?}");
        }
    }
}
