//! What somebody may have meant.

/// The one of `known` that is most like `text`, if one is like it at all.
pub(super) fn nearest<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_lowercase().replace('_', "-");
    let close = known.map(|word| (distance(&text, word), word)).min()?;
    (close.0 <= close.1.len() / 2).then_some(close.1)
}

/// How many letters must be put in, left out or changed to make `one` of `other`.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = place + 1;
        for (column, wanted) in other.iter().enumerate() {
            let change = corner + usize::from(letter != *wanted);
            corner = row[column + 1];
            row[column + 1] = change.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_foreign_word_is_not() {
        let known = ["listen", "data", "base-url", "log-level"];
        for (text, meant) in [
            ("listne", Some("listen")),
            ("base_url", Some("base-url")),
            ("loglevel", Some("log-level")),
            ("dat", Some("data")),
            ("colour-scheme", None),
        ] {
            assert_eq!(nearest(text, known.into_iter()), meant, "{text}");
        }
    }
}
