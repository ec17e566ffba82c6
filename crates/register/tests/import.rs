//! Files of policies, sound and spoilt.

use jiff::tz::TimeZone;
use lexicon::Money;
use register::import::{FileProblem, Format, Imported, RowProblem, import};
use register::{Energy, Rider, Wording};

const SAMPLE_CSV: &[u8] = include_bytes!("../../../fixtures/policies.csv");
const SAMPLE_JSON: &[u8] = include_bytes!("../../../fixtures/policies.json");

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn csv(text: &str) -> Result<Imported, FileProblem> {
    import(text.as_bytes(), Format::Csv, &zone())
}

fn json(text: &str) -> Result<Imported, FileProblem> {
    import(text.as_bytes(), Format::Json, &zone())
}

#[test]
fn both_samples_hold_the_same_twenty_policies() {
    let from_csv = import(SAMPLE_CSV, Format::Csv, &zone()).unwrap();
    let from_json = import(SAMPLE_JSON, Format::Json, &zone()).unwrap();
    assert_eq!((from_csv.refused.as_slice(), from_csv.warnings.as_slice()), (&[][..], &[][..]));
    let rows =
        |imported: &Imported| imported.rows.iter().map(|accepted| accepted.row.clone()).collect::<Vec<_>>();
    assert_eq!(rows(&from_csv).len(), 20);
    assert_eq!(rows(&from_csv), rows(&from_json));
    assert_eq!(from_csv.rows[0].line, 2, "the header is line 1");
    assert_eq!(from_json.rows[19].line, 21, "the bracket is line 1");
}

#[test]
fn a_row_is_read_into_types() {
    let imported = import(SAMPLE_CSV, Format::Csv, &zone()).unwrap();
    let row = &imported.rows[6].row;
    assert_eq!((row.plate.as_str(), row.energy, row.wording), ("粤BF40228", Energy::New, Wording::Nev2021));
    assert_eq!(row.starts_at, "2026-05-01T00:00:00+08:00".parse().unwrap());
    assert_eq!(
        row.ends_at,
        "2027-05-01T00:00:00+08:00".parse().unwrap(),
        "the last day is covered to its end"
    );
    assert_eq!(row.covers.own_damage.unwrap().deductible, Money::from_yuan(1000));
    assert!(
        matches!(&row.covers.riders[..], [Rider::AbsoluteDeductibleRate { covers, .. }] if covers.len() == 2)
    );
    assert!(!format!("{row:?}").contains(&row.holder.name), "a debug print shows no name");
}

#[test]
fn a_row_tells_everything_that_is_wrong_with_it() {
    for (column, text, expected) in [
        ("number", "", "register.row.missing"),
        ("number", "AN/2026", "register.row.policy-number"),
        ("insurer", "a\u{7}b", "register.row.text"),
        ("plate", "京A1234", "register.row.length"),
        ("plate", "台A12345", "register.row.region"),
        ("vin", "LSVAA418XE218484", "register.row.length"),
        ("vehicle_class", "Medium", "register.row.word"),
        ("seats", "0", "register.row.number"),
        ("seats", "5.0", "register.row.number"),
        ("use", "private", "register.row.word"),
        ("energy", "electric", "register.row.word"),
        ("actual_value", "150 000", "register.row.amount"),
        ("actual_value", "0.00", "register.row.amount"),
        ("holder_phone", "12345678901", "register.row.form"),
        ("holder_id", "110105194902310021", "register.row.date"),
        ("holder_id", "110105198603170211", "register.row.check-digit"),
        ("holder_id", "91350100M000100Y44", "register.row.check-digit"),
        ("starts_at", "01/01/2026", "register.row.time"),
        ("starts_at", "2026-02-30", "register.row.time"),
        ("starts_at", "2026-01-01T00:00:00", "register.row.time"),
        ("ends_at", "2025-12-31", "register.row.period"),
        ("wording", "W2016", "register.row.word"),
        ("compulsory", "1", "register.row.word"),
        ("own_damage", "-1", "register.row.amount"),
        ("own_damage_deductible", "150000.01", "register.row.deductible"),
        ("third_party", "1e6", "register.row.amount"),
        ("deductible_rate", "0.10", "register.row.rider"),
        ("deductible_rate", "1", "register.row.share"),
        ("holiday_doubling", "maybe", "register.row.word"),
    ] {
        let refused = csv(&with(&[(column, text)])).unwrap().refused;
        let told: Vec<&str> = refused.iter().map(|remark| remark.problem.word()).collect();
        assert_eq!(told, [expected], "{column} = {text:?}");
        assert_eq!(refused[0].line, 2);
    }
    let refused =
        csv(&with(&[("plate", "A"), ("seats", "x"), ("own_damage", "x"), ("ends_at", "")])).unwrap().refused;
    let columns: Vec<&str> = refused.iter().map(|remark| remark.column.as_deref().unwrap()).collect();
    assert_eq!(columns, ["plate", "seats", "ends_at", "own_damage"], "all at once");
}

#[test]
fn covers_and_riders_must_fit_each_other() {
    for (changes, expected) in [
        (&[("own_damage", ""), ("own_damage_deductible", "500")][..], "register.row.deductible"),
        (
            &[("deductible_rate", "0.1"), ("deductible_rate_covers", "driver"), ("driver", "")],
            "register.row.rider",
        ),
        (
            &[("deductible_rate", "0.1"), ("deductible_rate_covers", "own-damage own-damage")],
            "register.row.rider",
        ),
        (&[("deductible_rate", "0.1"), ("deductible_rate_covers", "glass")], "register.row.word"),
        (&[("holiday_doubling", "yes"), ("third_party", "")], "register.row.rider"),
        (
            &[
                ("compulsory", "no"),
                ("own_damage", ""),
                ("third_party", ""),
                ("driver", ""),
                ("passengers", ""),
            ],
            "register.row.nothing-covered",
        ),
    ] {
        let refused = csv(&with(changes)).unwrap().refused;
        assert_eq!(
            refused.iter().map(|remark| remark.problem.word()).collect::<Vec<_>>(),
            [expected],
            "{changes:?}"
        );
    }
}

#[test]
fn a_wrong_check_digit_of_a_vin_warns_only() {
    let imported = csv(&with(&[("vin", "WVWZZZ1KZ6W000001")])).unwrap();
    assert_eq!((imported.rows.len(), imported.refused.len()), (1, 0));
    assert_eq!(imported.warnings[0].problem.word(), "register.row.check-digit");
}

#[test]
fn the_wording_follows_start_and_energy() {
    for (start, energy, expected) in [
        ("2020-09-18", "fuel", Wording::W2014),
        ("2020-09-19", "fuel", Wording::W2020),
        ("2021-12-26", "new", Wording::W2020),
        ("2021-12-27", "new", Wording::Nev2021),
        ("2021-12-27", "fuel", Wording::W2020),
    ] {
        let imported = csv(&with(&[("starts_at", start), ("energy", energy)])).unwrap();
        assert_eq!(imported.rows[0].row.wording, expected, "{start} {energy}");
    }
    let stated = csv(&with(&[("wording", "W2014")])).unwrap();
    assert_eq!(stated.rows[0].row.wording, Wording::W2014);
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let header = sample_line(0);
    // 号 in GBK, after a sound header.
    let gbk = [header.as_bytes(), b"\n\xba\xc5,"].concat();
    assert_eq!(import(&gbk, Format::Csv, &zone()), Err(FileProblem::Encoding { at: header.len() + 1 }));
    let utf16: Vec<u8> = header.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(import(&utf16, Format::Csv, &zone()), Err(FileProblem::Encoding { at: 1 }));
    assert_eq!(csv(" \n"), Err(FileProblem::Empty));
    assert_eq!(csv(&header.replace("plate", "number")), Err(FileProblem::ColumnTwice("number".into())));
    assert_eq!(
        csv(&header.replace("own_damage,", "owndamage,")),
        Err(FileProblem::ColumnsUnknown(vec!["owndamage".into()]))
    );
    assert_eq!(csv("number,plate\n"), Err(FileProblem::ColumnsMissing(
        "insurer vin vehicle_class seats use energy actual_value holder_name holder_phone holder_id starts_at ends_at compulsory"
            .split(' ')
            .collect()
    )));
    assert_eq!(json("[{}"), Err(FileProblem::Json { line: 1, column: 3 }));
    assert!(matches!(json("{}"), Err(FileProblem::Json { .. })));
}

#[test]
fn what_spreadsheets_do_to_a_file_is_forgiven() {
    let (header, row) = (sample_line(0), sample_line(1));
    let blank = ",".repeat(header.matches(',').count());
    for (what, text) in [
        ("a byte order mark", format!("\u{feff}{header}\n{row}\n")),
        ("line ends of Windows", format!("{header}\r\n{row}\r\n")),
        ("no line end", format!("{header}\n{row}")),
        ("empty rows at the end", format!("{header}\n{row}\n{blank}\n\n{blank}\n")),
        (
            "every cell in quotes",
            format!("\"{}\"\n\"{}\"", header.replace(',', "\",\""), row.replace(',', "\",\"")),
        ),
        ("blanks around", format!("{}\n{}", header.replace(',', " , "), row.replace(',', " , "))),
        ("capitals in the header", format!("{}\n{row}", header.to_uppercase())),
    ] {
        let imported = csv(&text).unwrap();
        assert_eq!((imported.rows.len(), imported.refused.len()), (1, 0), "{what}");
    }
}

#[test]
fn a_quoted_name_may_hold_a_comma_and_the_next_row_keeps_its_line() {
    let row = with(&[("holder_name", "\"远行, \"\"合伙\"\"\"")]);
    let imported = csv(&format!("{row}\n{}", sample_line(2))).unwrap();
    assert_eq!(imported.rows[0].row.holder.name, "远行, \"合伙\"");
    assert_eq!(imported.rows[1].line, 3);
    let broken = csv(&format!("{}\n{}", with(&[("holder_name", "\"两\n行\"")]), sample_line(2))).unwrap();
    assert_eq!(broken.refused[0].problem, RowProblem::Text, "a name has no line end");
    assert_eq!(broken.rows[0].line, 4);
}

#[test]
fn rows_of_another_length_and_repeated_numbers_are_refused_alone() {
    let (header, one, two) = (sample_line(0), sample_line(1), sample_line(2));
    let imported = csv(&format!("{header}\n{one}\n{one},extra\n{one}\n{two}\nx")).unwrap();
    assert_eq!(imported.rows.iter().map(|accepted| accepted.line).collect::<Vec<_>>(), [2, 5]);
    let told: Vec<(u64, RowProblem)> =
        imported.refused.iter().map(|remark| (remark.line, remark.problem)).collect();
    let duplicate = RowProblem::Duplicate { first_line: 2 };
    assert_eq!(told, [(3, RowProblem::CellCount), (4, duplicate), (6, RowProblem::CellCount)]);
}

#[test]
fn json_rows_are_refused_alone_too() {
    let sample = std::str::from_utf8(SAMPLE_JSON).unwrap();
    let row = sample.lines().nth(1).unwrap().trim().trim_end_matches(',');
    for (element, expected) in [
        ("5".to_owned(), "register.row.shape"),
        (row.replacen("\"seats\": 5", "\"seats\": 5.5", 1), "register.row.shape"),
        (row.replacen("\"seats\": 5", "\"seats\": [5]", 1), "register.row.shape"),
        (row.replacen("\"seats\": 5", "\"seats\": null", 1), "register.row.missing"),
        (row.replacen("\"seats\": 5", "\"seat\": 5, \"seats\": 5", 1), "register.row.column-unknown"),
        (row.replacen("\"seats\": 5", "\"seats\": 5, \"seats\": 7", 1), "register.row.column-twice"),
    ] {
        let imported = json(&format!("[\n{element},\n\n{row}]")).unwrap();
        assert_eq!(
            imported.refused.iter().map(|remark| remark.problem.word()).collect::<Vec<_>>(),
            [expected],
            "{element}"
        );
        assert_eq!((imported.refused[0].line, imported.rows[0].line), (2, 4));
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), start in 0usize..4000, cut in 0usize..300) {
        for format in [Format::Csv, Format::Json] {
            let _ = import(&bytes, format, &zone());
        }
        for (sample, format) in [(SAMPLE_CSV, Format::Csv), (SAMPLE_JSON, Format::Json)] {
            let start = start.min(sample.len());
            let end = (start + cut).min(sample.len());
            let damaged = [&sample[..start], &bytes[..], &sample[end..]].concat();
            if let Ok(imported) = import(&damaged, format, &zone()) {
                let mut numbers: Vec<_> = imported.rows.iter().map(|accepted| &accepted.row.number).collect();
                numbers.sort();
                numbers.dedup();
                proptest::prop_assert_eq!(numbers.len(), imported.rows.len(), "no number twice");
            }
        }
    }
}

fn sample_line(line: usize) -> String {
    std::str::from_utf8(SAMPLE_CSV).unwrap().lines().nth(line).unwrap().to_owned()
}

/// The sample's header and first row, with other text in these cells.
fn with(changes: &[(&str, &str)]) -> String {
    let (header, row) = (sample_line(0), sample_line(1));
    let mut cells: Vec<&str> = row.split(',').collect();
    for (column, text) in changes {
        let place = header.split(',').position(|name| name == *column).unwrap();
        cells[place] = text;
    }
    format!("{header}\n{}", cells.join(","))
}
