//! Identifiers as `check` answers for them.

use lexicon::identifier::{self, Kind};
use proptest::prelude::*;

#[test]
fn identifiers_are_written_one_way_and_wrong_ones_say_why() {
    check(
        "
        kind       value                   normalised          problem
        vin        1M8GDM9AXKP042788       1M8GDM9AXKP042788   -
        vin        1m8gdm9axkp042788       1M8GDM9AXKP042788   -
        vin        LSVAA4182E2184847       LSVAA4182E2184847   -
        vin        LSVAA4183E2184847       LSVAA4183E2184847   check-digit
        vin        1M8GDM9A9KP042788       1M8GDM9A9KP042788   check-digit
        vin        1M8GDM9AXKP04278        1M8GDM9AXKP04278    length
        vin        1M8GDM9AXKPO42788       1M8GDM9AXKPO42788   character
        vin        1M8GDM9AXKP04278车      1M8GDM9AXKP04278车  character
        id-number  11010519491231002X      11010519491231002X  -
        id-number  11010519491231002x      11010519491231002X  -
        id-number  １１０１０５１９４９１２３１００２Ｘ  11010519491231002X  -
        id-number  440524188001010014      440524188001010014  -
        id-number  440524188001010015      440524188001010015  check-digit
        id-number  110105491231002         11010519491231002X  -
        id-number  110105490231002         110105490231002     date
        id-number  110105194902310021      110105194902310021  date
        id-number  190105194912310021      190105194912310021  region
        id-number  190105194902310021      190105194902310021  region
        id-number  1101051949123100X2      1101051949123100X2  character
        id-number  11010519491231002       11010519491231002   length
        id-number  911124198108030024      911124198108030024  -
        uscc       91350100M000100Y43      91350100M000100Y43  -
        uscc       91350100m000100y43      91350100M000100Y43  -
        uscc       91350100M000100Y44      91350100M000100Y44  check-digit
        uscc       91350100M000100I43      91350100M000100I43  character
        uscc       91350100M000100Y4       91350100M000100Y4   length
        org-code   M000100Y-4              M000100Y4           -
        org-code   M000100Y-5              M000100Y5           check-digit
        org-code   M000100Y-A              M000100YA           character
        org-code   M000100Y                M000100Y            length
        plate      京A·12345               京A12345            -
        plate      沪ad-12345              沪AD12345           -
        plate      京Ａ１２３４５          京A12345            -
        plate      台A12345                台A12345            region
        plate      京A1234                 京A1234             length
        plate      京A12O45                京A12O45            character
        plate      京A123BCD               京A123BCD           form
        bank-card  4111-1111-1111-1111     4111111111111111    -
        bank-card  6222020200112233446     6222020200112233446 -
        bank-card  6222020200112233448     6222020200112233448 check-digit
        bank-card  79927398713             79927398713         length
        bank-card  411111111111111A        411111111111111A    character
        phone      13800131234             13800131234         -
        phone      +86-138-0013-1234       13800131234         -
        phone      008613800131234         13800131234         -
        phone      010-65529988            01065529988         -
        phone      +86-10-65529988         01065529988         -
        phone      0755-8888666            07558888666         -
        phone      1380013123              1380013123          length
        phone      138001312345            138001312345        length
        phone      65529988                65529988            length
        phone      1380013123A             1380013123A         character
        phone      12800131234             12800131234         form
        phone      +85291234567            +85291234567        form
        phone      4008001234              4008001234          form
        ",
    );
}

#[test]
fn blanks_are_no_part_of_an_identifier() {
    for blank in [" ", "\u{3000}", "\t", "\u{a0}"] {
        let spaced = format!("{blank}6222{blank}0202{blank}0011{blank}2233{blank}446{blank}");
        assert_eq!(identifier::check(Kind::BankCard, &spaced).normalised, "6222020200112233446");
    }
    assert_eq!(identifier::check(Kind::Phone, "").problem.unwrap().word(), "length");
}

#[test]
fn the_answer_is_printed_as_the_contract_says() {
    let answer = identifier::check(Kind::OrgCode, "m000100y-4");
    assert_eq!(
        serde_json::to_string(&answer).unwrap(),
        r#"{"kind":"org-code","value":"m000100y-4","normalised":"M000100Y4","valid":true,"problem":null}"#
    );
    assert!(!format!("{answer:?}").contains("M000100Y4"));
    assert!("passport".parse::<Kind>().is_err());
}

proptest! {
    #[test]
    fn any_text_gets_an_answer_and_a_sound_one_is_stable(text in "\\PC*", kind in proptest::sample::select(&Kind::ALL[..])) {
        let answer = identifier::check(kind, &text);
        prop_assert_eq!(answer.valid, answer.problem.is_none());
        prop_assert_eq!(identifier::check(kind, &answer.normalised).valid, answer.valid);
    }

    #[test]
    fn texts_near_a_plate_or_phone_get_an_answer(text in "[+0京WJ使][0-9A-Z京港应急领·]{5,8}", kind in proptest::sample::select(&Kind::ALL[..])) {
        let answer = identifier::check(kind, &text);
        prop_assert_eq!(identifier::check(kind, &answer.normalised).problem, answer.problem);
    }
}

/// The only place here that knows how `check` is called. New cases are lines, not code.
#[track_caller]
fn check(table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()).skip(1) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let [kind, value, normalised, problem] = cells[..] else { panic!("not four cells: {line}") };
        let answer = identifier::check(kind.parse().unwrap(), value);
        assert_eq!(answer.value, value);
        assert_eq!(answer.normalised, normalised, "{line}");
        assert_eq!(answer.problem.map_or("-", |problem| problem.word()), problem, "{line}");
    }
}
