//! Drawings of how an accident came about, seen from above.

use maud::{Markup, PreEscaped, html};

/// A car of 46 × 22 around the origin, its front to the right.
const CAR: &str = "<rect x='-23' y='-11' width='46' height='22' rx='7' fill='none' stroke='currentColor' stroke-width='2'/>\
    <path d='M8 -8 Q12 0 8 8 M-12 -8 Q-15 0 -12 8 M-8 -8 H4 M-8 8 H4' fill='none' stroke='currentColor' stroke-width='1.5'/>";

/// Where things lie: cars with place and angle, then lines, then lines that are the blow.
struct Scene {
    cause: &'static str,
    cars: &'static [(i32, i32, i32)],
    lines: &'static str,
    blow: &'static str,
}

const SCENES: &[Scene] = &[
    Scene {
        cause: "rear-end",
        cars: &[(28, 32, 0), (84, 32, 0)],
        lines: "",
        blow: "M56 20 L53 26 L58 30 L53 35 L58 39 L55 45",
    },
    Scene {
        cause: "scrape",
        cars: &[(46, 46, 0), (66, 19, -8)],
        lines: "M4 60 H20 M92 60 H108",
        blow: "M50 33 L56 36 L60 31 L66 34 L71 29",
    },
    Scene {
        cause: "object",
        cars: &[(44, 32, 0)],
        lines: "M84 18 H92 V46 H84Z M84 27 L92 20 M84 36 L92 29 M84 45 L92 38",
        blow: "M75 20 L72 26 L77 31 L72 36 L76 43",
    },
    Scene {
        cause: "reversing",
        cars: &[(64, 32, 0)],
        lines: "M20 10 V54 M48 50 H36 L40 46 M36 50 L40 54",
        blow: "M31 20 L28 26 L33 31 L28 36 L32 43",
    },
    Scene {
        cause: "crash",
        cars: &[(30, 38, -20), (80, 36, 205)],
        lines: "",
        blow: "M56 14 L53 20 L58 24 L53 29 L57 34",
    },
    Scene {
        cause: "person",
        cars: &[(36, 32, 0)],
        lines: "M88 20 A4 4 0 1 0 88 12 A4 4 0 1 0 88 20 M88 21 V36 M80 26 H96 M88 36 L82 50 M88 36 L94 50",
        blow: "M68 20 L65 26 L70 31 L65 36 L69 43",
    },
    Scene {
        cause: "parked",
        cars: &[(56, 34, -90)],
        lines: "M34 6 V60 M78 6 V60 M12 6 V60 M100 6 V60",
        blow: "M68 26 L72 30 L68 34 L72 38",
    },
];

/// The drawing of `cause`, where there is one.
pub fn cause(cause: &str) -> Option<Markup> {
    let scene = SCENES.iter().find(|scene| scene.cause == cause)?;
    Some(html! {
        svg viewBox="0 0 112 64" aria-hidden="true" focusable="false" {
            @for (x, y, turn) in scene.cars {
                g transform={ "translate(" (x) " " (y) ") rotate(" (turn) ")" } { (PreEscaped(CAR)) }
            }
            path d=(scene.lines) fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {}
            path.blow d=(scene.blow) fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {}
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cause_has_a_drawing_or_none() {
        assert!(super::cause("rear-end").is_some());
        assert!(super::cause("weather").is_none());
    }
}
