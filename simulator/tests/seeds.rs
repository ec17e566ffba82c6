//! Three hundred seeds hold, side by side; and a seed repeats itself.

use simulator::run::{run, run_twice};

/// Holds `seeds` to every invariant.
#[track_caller]
fn hold(seeds: std::ops::RangeInclusive<u64>) {
    let reports = seeds.map(run);
    let failed: Vec<String> =
        reports.filter(|report| !report.problems.is_empty()).map(|report| report.told()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// One test for each range, so that they run side by side.
macro_rules! seeds {
    ($($(#[$long:meta])? $name:ident = $seeds:expr,)*) => {
        $(#[test]
        $(#[$long])?
        fn $name() {
            hold($seeds);
        })*
    };
}

seeds! {
    seeds_1_to_25 = 1..=25,
    seeds_26_to_50 = 26..=50,
    seeds_51_to_75 = 51..=75,
    seeds_76_to_100 = 76..=100,
    seeds_101_to_125 = 101..=125,
    seeds_126_to_150 = 126..=150,
    seeds_151_to_175 = 151..=175,
    seeds_176_to_200 = 176..=200,
    seeds_201_to_225 = 201..=225,
    seeds_226_to_250 = 226..=250,
    seeds_251_to_275 = 251..=275,
    seeds_276_to_300 = 276..=300,
    #[ignore = "minutes; the long run"]
    seeds_301_to_800 = 301..=800,
    #[ignore = "minutes; the long run"]
    seeds_801_to_1300 = 801..=1_300,
    #[ignore = "minutes; the long run"]
    seeds_1301_to_1800 = 1_301..=1_800,
    #[ignore = "minutes; the long run"]
    seeds_1801_to_2300 = 1_801..=2_300,
}

#[test]
fn a_seed_repeats_itself_in_memory_and_on_disk() {
    // Of these the third and the sixth keep their store on disk; the fifth has fair weather.
    for seed in [1, 3, 5, 7, 10, 11] {
        let report = run_twice(seed).unwrap();
        assert!(report.tally.entries > 100, "seed {seed}: {:?}", report.tally);
    }
}

#[test]
fn seeds_differ_and_much_happens_in_them() {
    let reports: Vec<_> = (1..=12).map(run).collect();
    let mut hashes: Vec<_> = reports.iter().map(|report| report.hash.as_str()).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), reports.len(), "every seed is a world of its own");
    let sum =
        |of: fn(&simulator::run::Tally) -> u64| reports.iter().map(|report| of(&report.tally)).sum::<u64>();
    assert!(sum(|tally| tally.claims) > 40, "claims");
    assert!(sum(|tally| tally.over) > 20, "claims that end");
    assert!(sum(|tally| tally.paid) > 30, "payments");
    assert!(sum(|tally| tally.crashes) > 5, "crashes");
    assert!(sum(|tally| tally.erased) > 2, "erasures");
    assert!(sum(|tally| tally.given_back) > 2, "money that comes back");
}
