//! Tells the code, the literals and the comments of a Rust file apart, well enough for the house checks.

/// A Rust file without its comments and without the tests at its end.
pub(super) struct Source {
    /// The code with every string emptied, lines kept.
    pub(super) code: String,
    /// Every string and character literal with the line it starts on.
    pub(super) literals: Vec<(usize, String)>,
}

impl Source {
    pub(super) fn of(text: &str) -> Self {
        let mut reader =
            Reader { rest: text, line: 1, source: Source { code: String::new(), literals: Vec::new() } };
        while !reader.rest.is_empty() && !reader.at_tests() {
            reader.step();
        }
        reader.source
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    source: Source,
}

impl<'a> Reader<'a> {
    /// By our habit the tests of a file stand at its end.
    fn at_tests(&self) -> bool {
        self.rest.strip_prefix("#[cfg(test)]").is_some_and(|rest| rest.trim_start().starts_with("mod "))
    }

    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.take(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            let comment = self.take(rest.find("*/").map_or(rest.len(), |end| end + 2));
            self.keep_lines(comment);
        } else if let Some(hashes) = raw_string(rest) {
            let open = rest.find('"').map_or(rest.len(), |at| at + 1);
            let close = format!("\"{}", "#".repeat(hashes));
            let end = rest[open..].find(&close).map_or(rest.len(), |at| open + at);
            self.literal(&rest[open..end], (end + close.len()).min(rest.len()));
        } else if let Some(body) = rest.strip_prefix('"') {
            let end = end_of_string(body);
            self.literal(&body[..end], (end + 2).min(rest.len()));
        } else if let Some(end) = character(rest) {
            self.literal(&rest[1..end - 1], end);
        } else {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').filter(|end| *end > 0);
            let length = word.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            let code = self.take(length);
            self.source.code.push_str(code);
        }
    }

    fn literal(&mut self, body: &'a str, length: usize) {
        self.source.literals.push((self.line, body.to_owned()));
        let whole = self.take(length);
        self.source.code.push_str("\"\"");
        self.keep_lines(whole);
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn keep_lines(&mut self, text: &str) {
        self.source.code.extend(text.chars().filter(|c| *c == '\n'));
    }
}

/// The number of `#` when a raw string starts here.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let body = rest.trim_start_matches('#');
    body.starts_with('"').then_some(rest.len() - body.len())
}

fn end_of_string(body: &str) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    body.len()
}

/// The length of the character literal that starts here; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if let Some(escape) = body.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return Some(2 + first + escape[first..].find('\'')? + 1);
    }
    let first = body.chars().next()?.len_utf8();
    body[first..].starts_with('\'').then_some(1 + first + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_told_from_code_and_comments() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("let a = \"x\"; // \"no\"", "let a = \"\"; ", &["x"]),
            ("/* \"no\" */ 'a' 'b'", " \"\" \"\"", &["a", "b"]),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}", &[]),
            (r#""a\"b" + "c\\""#, "\"\" + \"\"", &["a\\\"b", "c\\\\"]),
            ("r#\"say \"hi\"\"# b'\\''", "\"\" b\"\"", &["say \"hi\"", "\\'"]),
            ("for_r\"x\"", "for_r\"\"", &["x"]),
            ("x\n#[cfg(test)]\nmod tests { \"no\" }", "x\n", &[]),
        ];
        for (text, code, literals) in cases {
            let source = Source::of(text);
            assert_eq!(source.code, *code, "{text}");
            assert_eq!(
                source.literals.iter().map(|(_, literal)| literal).collect::<Vec<_>>(),
                *literals,
                "{text}"
            );
        }
    }

    #[test]
    fn a_literal_knows_its_line_even_after_one_that_spans_lines() {
        let source = Source::of("\"a\nb\"\n\"c\"");
        assert_eq!(source.literals, [(1, "a\nb".to_owned()), (3, "c".to_owned())]);
        assert_eq!(source.code, "\"\"\n\n\"\"");
    }
}
