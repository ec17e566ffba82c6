//! Places on the map, in the two coordinate systems that must never be mixed.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The numbers are no place on earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position-range")]
pub struct BadPosition;

/// A position in WGS-84, as phones and satellites give it. Kept to 10⁻⁷ degrees, about a centimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Degrees", into = "Degrees")]
pub struct Wgs84(Fixed);

/// A position in GCJ-02, as Chinese maps draw it: inside China shifted by some hundred metres. Kept to 10⁻⁷ degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Degrees", into = "Degrees")]
pub struct Gcj02(Fixed);

/// Ten-millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Fixed {
    latitude: i32,
    longitude: i32,
}

/// The form in which positions are stored and sent.
#[derive(Serialize, Deserialize)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

macro_rules! position {
    ($name:ident) => {
        impl $name {
            /// From degrees north and east.
            pub fn new(latitude: f64, longitude: f64) -> Result<$name, BadPosition> {
                Fixed::new(latitude, longitude).map($name)
            }

            /// Degrees north.
            pub fn latitude(self) -> f64 {
                f64::from(self.0.latitude) / PER_DEGREE
            }

            /// Degrees east.
            pub fn longitude(self) -> f64 {
                f64::from(self.0.longitude) / PER_DEGREE
            }

            /// Metres to `other` along the surface of a round earth; right to half a percent.
            pub fn distance_m(self, other: $name) -> f64 {
                let (south, north) = (self.latitude().to_radians(), other.latitude().to_radians());
                let east = (other.longitude() - self.longitude()).to_radians();
                let square = |angle: f64| (angle / 2.0).sin().powi(2);
                let chord = square(north - south) + south.cos() * north.cos() * square(east);
                2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
            }
        }

        impl From<$name> for Degrees {
            fn from(position: $name) -> Degrees {
                Degrees { latitude: position.latitude(), longitude: position.longitude() }
            }
        }

        impl TryFrom<Degrees> for $name {
            type Error = BadPosition;

            fn try_from(degrees: Degrees) -> Result<$name, BadPosition> {
                $name::new(degrees.latitude, degrees.longitude)
            }
        }
    };
}

position!(Wgs84);
position!(Gcj02);

const PER_DEGREE: f64 = 1e7;
const EARTH_RADIUS_M: f64 = 6_371_008.8;

impl Wgs84 {
    /// The same place as Chinese maps draw it; outside China the systems agree.
    pub fn to_gcj02(self) -> Gcj02 {
        let (latitude, longitude) = shifted(self.latitude(), self.longitude());
        Gcj02(Fixed::nearest(latitude, longitude))
    }
}

impl Gcj02 {
    /// The same place as a phone gives it: the inverse of [`Wgs84::to_gcj02`], to 10⁻⁶ degrees.
    pub fn to_wgs84(self) -> Wgs84 {
        let goal = (self.latitude(), self.longitude());
        let mut guess = goal;
        // The shift changes slowly from place to place, so each round leaves about a thousandth of the error.
        for _ in 0..8 {
            let seen = shifted(guess.0, guess.1);
            guess = (guess.0 + goal.0 - seen.0, guess.1 + goal.1 - seen.1);
        }
        Wgs84(Fixed::nearest(guess.0, guess.1))
    }
}

impl Fixed {
    fn new(latitude: f64, longitude: f64) -> Result<Fixed, BadPosition> {
        // Also refuses what is no number: it lies in no range.
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Err(BadPosition);
        }
        Ok(Fixed::nearest(latitude, longitude))
    }

    /// Degrees within the earth's range; 180 × 10⁷ fits an `i32`.
    fn nearest(latitude: f64, longitude: f64) -> Fixed {
        Fixed {
            latitude: (latitude * PER_DEGREE).round() as i32,
            longitude: (longitude * PER_DEGREE).round() as i32,
        }
    }
}

/// The published shift of GCJ-02, in degrees, on the Krasovsky ellipsoid. The box is the usual outline of China.
fn shifted(latitude: f64, longitude: f64) -> (f64, f64) {
    const SEMI_MAJOR_M: f64 = 6_378_245.0;
    const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
    if !(0.8293..=55.8271).contains(&latitude) || !(72.004..=137.8347).contains(&longitude) {
        return (latitude, longitude);
    }
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let root = x.abs().sqrt();
    // A wave of period `length` along `at`, the first of three that every direction adds up.
    let wave = |height: f64, at: f64, length: f64| height * (at * 2.0 * PI / length).sin();
    let ripple = wave(20.0, x, 1.0 / 3.0) + wave(20.0, x, 1.0);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + (ripple + wave(20.0, y, 2.0) + wave(40.0, y, 6.0) + wave(160.0, y, 24.0) + wave(320.0, y, 60.0))
            * 2.0
            / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + (ripple + wave(20.0, x, 2.0) + wave(40.0, x, 6.0) + wave(150.0, x, 24.0) + wave(300.0, x, 60.0))
            * 2.0
            / 3.0;
    let angle = latitude.to_radians();
    let flat = 1.0 - ECCENTRICITY_SQUARED * angle.sin().powi(2);
    let meridian_m = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (flat * flat.sqrt());
    let parallel_m = SEMI_MAJOR_M / flat.sqrt() * angle.cos();
    (latitude + (north / meridian_m).to_degrees(), longitude + (east / parallel_m).to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tiananmen_stands_where_chinese_maps_draw_it() {
        let phone = Wgs84::new(39.907_375, 116.391_349).unwrap();
        let map = phone.to_gcj02();
        assert!((map.latitude() - 39.908_778).abs() < 2e-5, "{}", map.latitude());
        assert!((map.longitude() - 116.397_592).abs() < 2e-5, "{}", map.longitude());
    }

    #[test]
    fn abroad_both_systems_agree() {
        let paris = Wgs84::new(48.8584, 2.2945).unwrap();
        let map = paris.to_gcj02();
        assert_eq!((map.latitude(), map.longitude()), (48.8584, 2.2945));
        assert_eq!(map.to_wgs84(), paris);
    }

    #[test]
    fn a_degree_of_latitude_is_111_kilometres() {
        let south = Wgs84::new(30.0, 120.0).unwrap();
        let north = Wgs84::new(31.0, 120.0).unwrap();
        assert!((south.distance_m(north) - 111_195.0).abs() < 1.0);
        assert_eq!(south.distance_m(south), 0.0);
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Wgs84::new(latitude, longitude), Err(BadPosition));
        }
        assert!(serde_json::from_str::<Gcj02>(r#"{"latitude":91,"longitude":0}"#).is_err());
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(latitude in 18.0..53.0f64, longitude in 74.0..135.0f64) {
            let start = Wgs84::new(latitude, longitude).unwrap();
            let back = start.to_gcj02().to_wgs84();
            prop_assert!((start.latitude() - back.latitude()).abs() <= 1e-6);
            prop_assert!((start.longitude() - back.longitude()).abs() <= 1e-6);
            prop_assert!(start.distance_m(Wgs84::new(start.to_gcj02().latitude(), start.to_gcj02().longitude()).unwrap()) < 1_000.0);
        }

        #[test]
        fn what_is_stored_is_read_back(latitude in -90.0..=90.0f64, longitude in -180.0..=180.0f64) {
            let place = Wgs84::new(latitude, longitude).unwrap();
            let text = serde_json::to_string(&place).unwrap();
            prop_assert_eq!(serde_json::from_str::<Wgs84>(&text).unwrap(), place);
        }
    }
}
