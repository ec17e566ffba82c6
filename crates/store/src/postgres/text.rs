//! Text as PostgreSQL can keep it: it refuses the character of value 0, which JSON and every form may hold.
//!
//! U+0000 is kept as U+0001 U+0001 and U+0001 as U+0001 U+0002: whatever is kept is read back, and sorts as before.

use std::borrow::Cow;

/// `text` as it is kept.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte <= 1) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\0' => kept.push_str("\u{1}\u{1}"),
            '\u{1}' => kept.push_str("\u{1}\u{2}"),
            other => kept.push(other),
        }
    }
    Cow::Owned(kept)
}

/// What was kept.
pub(super) fn read(kept: &str) -> Cow<'_, str> {
    if !kept.contains('\u{1}') {
        return Cow::Borrowed(kept);
    }
    let mut text = String::with_capacity(kept.len());
    let mut letters = kept.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1}' => text.push(if letters.next() == Some('\u{1}') { '\0' } else { '\u{1}' }),
            other => text.push(other),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_text_is_read_back_and_sorts_as_before() {
        let texts = [
            "",
            "\0",
            "\0\0",
            "\0\u{1}",
            "\0a",
            "\u{1}",
            "\u{1}\0",
            "\u{1}\u{1}",
            "\u{1}\u{2}",
            "\u{2}",
            "a",
            "a\0",
            "a\0b",
            "a\u{1}",
            "ab",
        ];
        assert!(texts.is_sorted());
        let all: Vec<_> = texts.iter().map(|text| kept(text).into_owned()).collect();
        assert!(all.is_sorted_by(|a, b| a < b), "{all:?}");
        for (text, kept) in texts.iter().zip(&all) {
            assert_eq!(read(kept), *text);
            assert!(!kept.contains('\0'));
        }
    }
}
