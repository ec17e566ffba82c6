//! The car, unfolded: parts are picked on it, or shown on it.
//!
//! To pick, a part is a checkbox in the list beneath and a label in the drawing. Both work without JavaScript: the
//! drawing learns what is checked from style rules made of the same table, see [`pick_rules`].

mod shapes;

use app::words::Words;
use maud::{Markup, html};

use super::icon;
use shapes::{LINES, SHAPES, Shape};

/// A part that can be picked: its code, its name, and the zone under which the list shows it.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// The code in the price table.
    pub code: &'a str,
    /// `front`, `left`, `right`, `rear`, `top`.
    pub zone: &'a str,
    /// Whether it is picked already.
    pub picked: bool,
}

/// The order in which a person walks around the car.
const ZONES: [&str; 5] = ["front", "left", "right", "rear", "top"];

/// The drawing with the list of all `parts`; what is picked is sent as `part`, once for each.
pub fn pick(words: &Words, parts: &[Part<'_>]) -> Markup {
    let offered = |shape: &&Shape| parts.iter().any(|part| part.code == shape.part);
    html! {
        div.car-pick {
            div.car aria-hidden="true" {
                @for shape in SHAPES.iter().filter(offered) {
                    label.part.glass[shape.glass] for={ "part-" (shape.part) } { (sheet(outlines(shape))) }
                }
                (lines(words))
            }
            @for zone in ZONES {
                @let here: Vec<_> = parts.iter().filter(|part| part.zone == zone).collect();
                @if !here.is_empty() {
                    details.car-zone {
                        summary { span.row-text { (words.say(&format!("zone-{zone}"))) } (chevron()) }
                        div.choices {
                            @for part in here {
                                label.choice for={ "part-" (part.code) } {
                                    input id={ "part-" (part.code) } type="checkbox" name="part" value=(part.code)
                                        checked[part.picked];
                                    span.choice-text { (words.say(&format!("part-{}", part.code))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The drawing with `parts` marked as damaged. The page says in words what they are.
pub fn marked(words: &Words, parts: &[&str]) -> Markup {
    html! {
        div.car aria-hidden="true" {
            @for shape in SHAPES {
                div.part.glass[shape.glass].marked[parts.contains(&shape.part)] { (sheet(outlines(shape))) }
            }
            (lines(words))
        }
    }
}

/// One rule that colours every part whose checkbox is checked.
pub fn pick_rules() -> String {
    let selectors: Vec<String> = SHAPES
        .iter()
        .map(|shape| format!(".car-pick:has(#part-{0}:checked) [for=part-{0}] path", shape.part))
        .collect();
    format!(
        "{} {{\nfill: var(--red-tint);\nstroke: var(--red);\nstroke-width: 2;\n}}\n",
        selectors.join(",\n")
    )
}

fn chevron() -> Markup {
    html! { span.icon-turns { (icon("chevron-down")) } }
}

fn sheet(content: Markup) -> Markup {
    html! { svg viewBox="0 0 360 620" aria-hidden="true" focusable="false" { (content) } }
}

fn outlines(shape: &Shape) -> Markup {
    html! { @for (view, path) in shape.outlines { path transform=(view.transform()) d=(path) {} } }
}

fn lines(words: &Words) -> Markup {
    sheet(html! {
        g.lines { @for (view, path) in LINES { path transform=(view.transform()) d=(path) {} } }
        text x="104" y="56" text-anchor="end" { (words.say("zone-front")) }
        text x="104" y="576" text-anchor="end" { (words.say("zone-rear")) }
        text x="52" y="98" text-anchor="middle" { (words.say("zone-left")) }
        text x="308" y="98" text-anchor="middle" { (words.say("zone-right")) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::words::Lang;

    #[test]
    fn what_is_drawn_can_be_picked_and_what_is_not_offered_is_not_drawn() {
        let parts = [
            Part { code: "hood", zone: "front", picked: true },
            Part { code: "radiator", zone: "front", picked: false },
        ];
        let text = pick(Words::of(Lang::Zh), &parts).into_string();
        assert!(text.contains(r#"for="part-hood""#) && !text.contains(r#"for="part-roof""#));
        assert!(
            text.contains(r#"id="part-hood" type="checkbox" name="part" value="hood" checked"#),
            "{text}"
        );
        assert!(text.contains(r#"id="part-radiator" type="checkbox""#));
    }

    #[test]
    fn every_part_is_drawn_once() {
        let mut names: Vec<_> = SHAPES.iter().map(|shape| shape.part).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SHAPES.len());
    }
}
