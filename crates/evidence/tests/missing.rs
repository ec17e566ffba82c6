//! What a claim still lacks, as tables.

use evidence::{Have, KindCode, Missing, Requirement, missing};

#[test]
fn everything_is_named_at_once_and_in_order() {
    check(
        "
        need scene     photo-scene                           2
        need licence   driving-licence                       1
        need account   bank-card|bank-account                1
        need close-up  photo-damage@line-1                   1
        need close-up  photo-damage@line-2                   1
        lack scene     photo-scene                           2
        lack licence   driving-licence                       1
        lack account   bank-card|bank-account                1
        lack close-up  photo-damage@line-1                   1
        lack close-up  photo-damage@line-2                   1
        ",
    );
}

#[test]
fn what_is_there_is_not_asked_for() {
    check(
        "
        need scene     photo-scene                           2
        need account   bank-card|bank-account                1
        need close-up  photo-damage@line-1                   1
        need close-up  photo-damage@line-2                   1
        have photo-scene
        have bank-account
        have photo-damage@line-2
        have photo-damage
        lack scene     photo-scene                           1
        lack close-up  photo-damage@line-1                   1
        ",
    );
}

#[test]
fn a_paper_with_two_needed_sides_needs_both() {
    check(
        "
        need card  id-card  1
        have id-card/front
        lack card  id-card/back  1
        ",
    );
    check(
        "
        need card  id-card  1
        lack card  id-card  1
        ",
    );
    check(
        "
        need card  id-card  1
        have id-card/front
        have id-card/front
        lack card  id-card/back  1
        ",
    );
}

#[test]
fn pictures_of_an_unsaid_side_stand_for_what_is_not_there_yet() {
    check(
        "
        need card  id-card  1
        have id-card
        have id-card/back
        ",
    );
    check(
        "
        need card  id-card  1
        have id-card
        lack card  id-card/back  1
        ",
    );
}

#[test]
fn the_back_of_a_driving_licence_is_welcome_but_not_needed() {
    check(
        "
        need licence  driving-licence  1
        have driving-licence/front
        ",
    );
}

#[test]
fn one_paper_may_meet_two_requirements() {
    check(
        "
        need fault   accident-certificate|joint-statement  1
        need police  accident-certificate                  1
        have accident-certificate/front
        ",
    );
    check(
        "
        need fault   accident-certificate|joint-statement  1
        need police  accident-certificate                  1
        have joint-statement/front
        lack police  accident-certificate                  1
        ",
    );
}

#[test]
fn of_two_alternatives_the_begun_one_is_completed() {
    check(
        "
        need who  id-card|driving-licence  2
        have id-card/front
        have id-card/back
        lack who  id-card/front/back  1
        ",
    );
}

#[test]
fn a_picture_about_one_car_does_not_stand_for_another() {
    check(
        "
        need plate  plate@A  1
        need plate  plate@B  1
        have plate@A
        lack plate  plate@B  1
        ",
    );
}

/// The only place here that knows how `missing` is called: `need` and `lack` take code, kinds `@` what they are about and
/// `/` sides, and a count; `have` takes a kind.
#[track_caller]
fn check(table: &str) {
    let (mut required, mut have, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        match cells[..] {
            ["need", code, what, count] => {
                let (kinds, about, _) = read(what);
                required.push(Requirement {
                    code: code.into(),
                    any_of: kinds,
                    about,
                    count: count.parse().unwrap(),
                });
            }
            ["have", what] => {
                let (kinds, about, sides) = read(what);
                have.push(Have { kind: kinds[0], about, side: sides.first().cloned() });
            }
            ["lack", code, what, count] => {
                let (any_of, about, sides) = read(what);
                expected.push(Missing {
                    code: code.into(),
                    any_of,
                    about,
                    sides,
                    count: count.parse().unwrap(),
                });
            }
            _ => panic!("not a row: {line}"),
        }
    }
    assert_eq!(missing(&required, &have), expected);
}

type Text = std::sync::Arc<str>;

fn read(what: &str) -> (Vec<KindCode>, Option<Text>, Vec<Text>) {
    let (what, about) = what.split_once('@').map_or((what, None), |(what, about)| (what, Some(about.into())));
    let mut parts = what.split('/');
    let kinds = parts.next().unwrap().split('|').map(|kind| kind.parse().unwrap()).collect();
    (kinds, about, parts.map(Text::from).collect())
}
