//! The outlines of the parts that can be seen, by the codes of the price table.
//!
//! The car lies unfolded with its front at the top. A side is drawn lying: along from front to rear, across from the
//! roof to the ground; the front and rear faces are drawn outwards from bonnet and boot.

/// Where on the sheet an outline lies, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Front,
    FrontMirrored,
    Rear,
    RearMirrored,
    Top,
    Left,
    Right,
}

impl View {
    pub(super) const fn transform(self) -> &'static str {
        match self {
            View::Front => "matrix(1 0 0 -1 110 96)",
            View::FrontMirrored => "matrix(-1 0 0 -1 250 96)",
            View::Rear => "matrix(1 0 0 1 110 524)",
            View::RearMirrored => "matrix(-1 0 0 1 250 524)",
            View::Top => "matrix(1 0 0 1 110 106)",
            View::Left => "matrix(0 1 -1 0 102 106)",
            View::Right => "matrix(0 1 1 0 258 106)",
        }
    }
}

/// A part: its code, whether it is glass, its outlines. Small parts follow the large ones that they lie on.
pub(super) struct Shape {
    pub(super) part: &'static str,
    pub(super) glass: bool,
    pub(super) outlines: &'static [(View, &'static str)],
}

const fn panel(part: &'static str, outlines: &'static [(View, &'static str)]) -> Shape {
    Shape { part, glass: false, outlines }
}

const fn glass(part: &'static str, outlines: &'static [(View, &'static str)]) -> Shape {
    Shape { part, glass: true, outlines }
}

const FRONT_CORNER: &str = "M14 47 L32 45 L40 61 Q52 63 54.5 71 L53 88 L15 88 Q6 87 5 77 L4 60 Q5 49 14 47Z";
const REAR_CORNER: &str = "M349 65 L364 62 L378 49 L397 49 Q404 51 404 60 L404 77 Q403 87 394 88 L352 88Z";
const FENDER: &str = "M35 44 L126 37 Q134 36 134 42 L134 78 L115 78 L115 76 A31 31 0 0 0 56.4 62 L43 59Z";
const FRONT_DOOR: &str = "M137 42 Q137 39 140 39 L214 39 L214 78 L137 78Z";
const REAR_DOOR: &str = "M217 39 L296 39 L296 54.2 A31 31 0 0 0 287 76 L287 78 L217 78Z";
const QUARTER: &str =
    "M271 9 L281 9 Q308 20 332 36 L372 38 L376 46 L362 59 L345.6 62 A31 31 0 0 0 299 51.5 L299 37Z";
const SILL: &str = "M117 81 L285 81 L289 94 Q289 97 284 97 L118 97 Q113 97 113 94Z";
const FRONT_GLASS: &str = "M141 36 L179 12 Q181 10 184 10 L214 9 L214 36Z";
const REAR_GLASS: &str = "M217 9 L262 9 Q266 9 268 11 L293 36 L217 36Z";
const MIRROR: &str = "M130 24 Q130 18 137 18 L153 18 Q160 19 158 26 L153 37 L138 37 Q131 36 130 28Z";
const FRONT_WHEEL: &str = "M84 53 A23 23 0 1 0 84 99 A23 23 0 1 0 84 53Z";
const REAR_WHEEL: &str = "M318 53 A23 23 0 1 0 318 99 A23 23 0 1 0 318 53Z";
const HEADLAMP: &str = "M4 10 Q3 4 9 4 L46 9 L44 30 Q28 38 11 33 Q5 31 4 24Z";
const FOG_LAMP: &str = "M12 56 L38 52 L38 72 L18 75 Q11 68 12 56Z";
const TAIL_LAMP: &str = "M4 10 Q4 4 10 4 L46 8 L46 30 Q24 37 9 32 Q4 30 4 24Z";
const BUMPER: &str =
    "M3 40 Q16 44 46 37 Q70 43 94 37 Q124 44 137 40 L136 70 Q132 86 114 87 L26 87 Q8 86 4 70Z";

pub(super) const SHAPES: &[Shape] = &[
    panel("front-bumper", &[(View::Front, BUMPER), (View::Left, FRONT_CORNER), (View::Right, FRONT_CORNER)]),
    panel("grille", &[(View::Front, "M50 9 Q70 5 90 9 L88 30 Q70 36 52 30Z")]),
    panel("headlamp-left", &[(View::Front, HEADLAMP)]),
    panel("headlamp-right", &[(View::FrontMirrored, HEADLAMP)]),
    panel("fog-lamp-left", &[(View::Front, FOG_LAMP)]),
    panel("fog-lamp-right", &[(View::FrontMirrored, FOG_LAMP)]),
    panel("hood", &[(View::Top, "M16 4 Q70 -4 124 4 Q136 8 138 30 L138 105 Q70 95 2 105 L2 30 Q4 8 16 4Z")]),
    glass("windscreen", &[(View::Top, "M4 111 Q70 101 136 111 L122 158 Q70 150 18 158Z")]),
    panel("roof", &[(View::Top, "M18 164 Q70 156 122 164 L124 280 Q70 286 16 280Z")]),
    glass(
        "sunroof-glass",
        &[(
            View::Top,
            "M40 178 H100 Q104 178 104 182 V218 Q104 222 100 222 H40 Q36 222 36 218 V182 Q36 178 40 178Z",
        )],
    ),
    glass("rear-window", &[(View::Top, "M16 286 Q70 292 124 286 L134 326 Q70 334 6 326Z")]),
    panel(
        "trunk-lid",
        &[
            (View::Top, "M5 332 Q70 340 135 332 L136 388 Q134 402 120 404 Q70 410 20 404 Q6 402 4 388Z"),
            (View::Rear, "M50 8 Q70 4 90 8 L90 31 Q70 36 50 31Z"),
        ],
    ),
    panel("tail-lamp-left", &[(View::Rear, TAIL_LAMP)]),
    panel("tail-lamp-right", &[(View::RearMirrored, TAIL_LAMP)]),
    panel("rear-bumper", &[(View::Rear, BUMPER), (View::Left, REAR_CORNER), (View::Right, REAR_CORNER)]),
    panel("front-fender-left", &[(View::Left, FENDER)]),
    panel("front-fender-right", &[(View::Right, FENDER)]),
    panel("front-door-left", &[(View::Left, FRONT_DOOR)]),
    panel("front-door-right", &[(View::Right, FRONT_DOOR)]),
    panel("rear-door-left", &[(View::Left, REAR_DOOR)]),
    panel("rear-door-right", &[(View::Right, REAR_DOOR)]),
    panel("quarter-panel-left", &[(View::Left, QUARTER)]),
    panel("quarter-panel-right", &[(View::Right, QUARTER)]),
    panel("sill-left", &[(View::Left, SILL)]),
    panel("sill-right", &[(View::Right, SILL)]),
    glass("front-door-glass-left", &[(View::Left, FRONT_GLASS)]),
    glass("front-door-glass-right", &[(View::Right, FRONT_GLASS)]),
    glass("rear-door-glass-left", &[(View::Left, REAR_GLASS)]),
    glass("rear-door-glass-right", &[(View::Right, REAR_GLASS)]),
    panel("mirror-left", &[(View::Left, MIRROR)]),
    panel("mirror-right", &[(View::Right, MIRROR)]),
    panel("front-wheel-left", &[(View::Left, FRONT_WHEEL)]),
    panel("front-wheel-right", &[(View::Right, FRONT_WHEEL)]),
    panel("rear-wheel-left", &[(View::Left, REAR_WHEEL)]),
    panel("rear-wheel-right", &[(View::Right, REAR_WHEEL)]),
];

const SIDE_LINES: &str = "M198 47 H210 M279 47 H291 M84 66 A10 10 0 1 0 84 86 A10 10 0 1 0 84 66 \
    M318 66 A10 10 0 1 0 318 86 A10 10 0 1 0 318 66";

/// Lines that only make the drawing read as a car: handles, hubs, folds, plates.
pub(super) const LINES: &[(View, &str)] = &[
    (View::Left, SIDE_LINES),
    (View::Right, SIDE_LINES),
    (
        View::Top,
        "M34 12 Q28 56 26 92 M106 12 Q112 56 114 92 M2 110 L15 163 M138 110 L125 163 M14 282 L4 329 M126 282 L136 329",
    ),
    (
        View::Front,
        "M56 16 H84 M55 23 H85 M46 58 H94 V72 H46Z M16 19 A7 7 0 1 0 30 19 A7 7 0 1 0 16 19 M110 19 A7 7 0 1 0 124 19 A7 7 0 1 0 110 19",
    ),
    (View::Rear, "M46 54 H94 V68 H46Z M58 20 H82 M10 19 H40 M100 19 H130"),
];
