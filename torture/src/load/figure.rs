//! The figure of a load: how much was asked and answered, and how long that took, over time.

use std::fmt::Write;
use std::time::Duration;

use super::measure::{Fate, Sample, at};

const WIDTH: f64 = 900.0;
const PANEL: f64 = 180.0;
const LEFT: f64 = 60.0;

/// Draws `samples`; the burst lies between the two times.
#[expect(clippy::cast_precision_loss, reason = "a figure is drawn in floats")]
pub fn draw(samples: &[Sample], burst: (Duration, Duration)) -> String {
    let seconds = samples.iter().map(|sample| sample.due.as_secs()).max().unwrap_or(0) as usize + 1;
    let (mut done, mut shed, mut took) = (vec![0_u32; seconds], vec![0_u32; seconds], vec![vec![]; seconds]);
    for sample in samples {
        let second = sample.due.as_secs() as usize;
        match sample.fate {
            Fate::Done => {
                done[second] += 1;
                took[second].push(sample.took);
            }
            Fate::Shed | Fate::Broken => shed[second] += 1,
        }
    }
    took.iter_mut().for_each(|took| took.sort());
    let x = |second: usize| LEFT + (WIDTH - LEFT - 10.0) * second as f64 / seconds as f64;
    let rate_max = f64::from(*done.iter().chain(&shed).max().unwrap_or(&1)).max(1.0);
    let rate = |count: u32| 30.0 + PANEL * (1.0 - f64::from(count) / rate_max);
    // From one millisecond to a hundred seconds, a decade to a step.
    let time = |took: Duration| {
        let decades = (took.as_secs_f64().max(0.001) / 0.001).log10() / 5.0;
        60.0 + PANEL + PANEL * (1.0 - decades.min(1.0))
    };
    let line = |points: Vec<(f64, f64)>, colour: &str| {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        format!(
            "<polyline fill='none' stroke='{colour}' stroke-width='1.5' points='{}'/>\n",
            points.join(" ")
        )
    };
    let text = |x: f64, y: f64, text: &str| format!("<text x='{x:.0}' y='{y:.0}'>{text}</text>\n");
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {}' font-family='sans-serif' font-size='11'>\n\
         <rect width='100%' height='100%' fill='white'/>\n",
        2.0 * PANEL + 90.0
    );
    let (from, to) = (x(burst.0.as_secs() as usize), x(burst.1.as_secs() as usize));
    let _ = writeln!(
        svg,
        "<rect x='{from:.1}' y='30' width='{:.1}' height='{:.1}' fill='#fff3d6'/>",
        to - from,
        2.0 * PANEL + 30.0
    );
    svg += &text(
        LEFT,
        20.0,
        &format!("requests a second (highest {rate_max}): done blue, shed red; burst shaded"),
    );
    svg += &line((0..seconds).map(|second| (x(second), rate(done[second]))).collect(), "#1f6feb");
    svg += &line((0..seconds).map(|second| (x(second), rate(shed[second]))).collect(), "#cf222e");
    svg += &text(LEFT, 50.0 + PANEL, "time from when a request was due: p50 green, p99 purple");
    for (label, millis) in [("1 ms", 1), ("10 ms", 10), ("100 ms", 100), ("1 s", 1_000), ("10 s", 10_000)] {
        let y = time(Duration::from_millis(millis));
        let _ = writeln!(svg, "<line x1='{LEFT}' x2='{WIDTH}' y1='{y:.1}' y2='{y:.1}' stroke='#d0d7de'/>");
        svg += &text(5.0, y + 4.0, label);
    }
    for (per_mille, colour) in [(500, "#1a7f37"), (990, "#8250df")] {
        let known = (0..seconds).filter(|second| !took[*second].is_empty());
        svg += &line(known.map(|second| (x(second), time(at(&took[second], per_mille)))).collect(), colour);
    }
    for second in (0..seconds).step_by((seconds / 10).max(1)) {
        svg += &text(x(second), 2.0 * PANEL + 80.0, &format!("{second} s"));
    }
    svg + "</svg>\n"
}
