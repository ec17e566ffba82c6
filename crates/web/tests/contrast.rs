//! Text can be read: every pair of text and ground that the styles use has a contrast of 4.5:1 at the least, in both
//! themes; lines that show where to type have 3:1.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/css/tokens.css"));

const TEXT: &[(&str, &str)] = &[
    ("ink", "ground"),
    ("ink", "paper"),
    ("ink", "well"),
    ("ink", "brand-tint"),
    ("ink-soft", "ground"),
    ("ink-soft", "paper"),
    ("ink-soft", "well"),
    ("ink-soft", "green-tint"),
    ("ink-soft", "amber-tint"),
    ("ink-soft", "red-tint"),
    ("ink-soft", "blue-tint"),
    ("ink-faint", "ground"),
    ("ink-faint", "paper"),
    ("brand", "ground"),
    ("brand", "paper"),
    ("brand", "well"),
    ("brand", "brand-tint"),
    ("brand-ink", "brand-fill"),
    ("brand-ink", "brand-press"),
    ("red-ink", "red-fill"),
    ("red-ink", "red-press"),
    ("green", "green-tint"),
    ("green", "paper"),
    ("amber", "amber-tint"),
    ("amber", "paper"),
    ("red", "red-tint"),
    ("red", "paper"),
    ("blue", "blue-tint"),
    ("blue", "paper"),
];

const LINES: &[(&str, &str)] =
    &[("edge", "paper"), ("focus", "paper"), ("focus", "ground"), ("brand", "paper")];

#[test]
fn text_and_edges_stand_out_in_both_themes() {
    let light = block(":root {");
    let dark: BTreeMap<_, _> =
        light.clone().into_iter().chain(block(":root[data-theme=\"dark\"] {")).collect();
    let mut faint = Vec::new();
    for (theme, colours) in [("light", &light), ("dark", &dark)] {
        for (pairs, least) in [(TEXT, 4.5), (LINES, 3.0)] {
            for (over, under) in pairs {
                let found = contrast(colours[*over], colours[*under]);
                if found < least {
                    faint.push(format!("{theme}: {over} on {under} has {found:.2}:1, needs {least}:1"));
                }
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

#[test]
fn the_theme_of_the_device_is_the_theme_chosen_by_hand() {
    assert_eq!(block(":root:not([data-theme]) {"), block(":root[data-theme=\"dark\"] {"));
}

/// The colours that the block behind `head` gives.
fn block(head: &str) -> BTreeMap<&'static str, [u8; 3]> {
    let (_, rest) = TOKENS.split_once(head).expect(head);
    let (body, _) = rest.split_once('}').expect("the block ends");
    let lines =
        body.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"));
    lines.map(|(name, digits)| (name, colour(digits))).collect()
}

fn colour(digits: &str) -> [u8; 3] {
    let part = |place: usize| u8::from_str_radix(&digits[place..place + 2], 16).expect(digits);
    [part(0), part(2), part(4)]
}

/// As WCAG 2.2 defines it.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|part| {
        let share = f64::from(part) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}
