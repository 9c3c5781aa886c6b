use jiff::civil::date;
use proptest::prelude::*;
use shared_types::report::{Compared, HeatCell};

use super::{
    charts::columns,
    ink::{Fonts, HEIGHT, Mark, WIDTH, Weight},
    page::layout,
    *,
};

fn figures(active: i64, idle: i64) -> Figures {
    Figures {
        active_seconds: active,
        idle_seconds: idle,
        unobserved_seconds: Some(1_800),
        worked_seconds: active + idle,
        score: Some(81.5),
    }
}

fn row(label: &str, active: i64) -> ReportRow {
    ReportRow {
        key: "key".to_owned(),
        label: label.to_owned(),
        kind: None,
        figures: figures(active, active / 4),
        share: Some(12.5),
        before: None,
        difference: None,
    }
}

fn paper(rows: Vec<ReportRow>) -> Paper {
    let days = (1..=30).map(|day| Day {
        date: date(2026, 11, day),
        active: i64::from(day) * 7_000,
        idle: i64::from(day % 7) * 2_500,
        unobserved: 1_200,
    });
    let week = (1..=7).flat_map(|weekday| {
        (0..24).map(move |hour| HeatCell {
            weekday,
            hour,
            figures: figures(((hour - 6).max(0) * (20 - hour).max(0)) * (8 - weekday), 60),
        })
    });
    Paper {
        organization: "Acme & S\u{f6}hne".to_owned(),
        group_by: GroupBy::Person,
        from: date(2026, 11, 1),
        to: date(2026, 11, 30),
        time_zone: "Europe/Berlin".to_owned(),
        people: 42,
        filters: vec!["Blue team".to_owned()],
        made_by: "Ada Lovelace".to_owned(),
        made_at: "1 December 2026, 08:00".to_owned(),
        total: figures(3_600_000, 420_000),
        compared: Some(Compared {
            from: "2026-10-02".to_owned(),
            to: "2026-10-31".to_owned(),
            total: figures(3_500_000, 430_000),
            difference: figures(100_000, -10_000),
        }),
        days: days.collect(),
        week: week.collect(),
        rows,
    }
}

fn people(count: i64) -> Vec<ReportRow> {
    (1..=count)
        .map(|number| row(&format!("Person {number}"), (count - number + 1) * 9_000))
        .collect()
}

fn text(mark: &Mark) -> Option<&str> {
    match mark {
        Mark::Text { text, .. } => Some(text),
        Mark::Area { .. } => None,
    }
}

fn texts(marks: &[Mark]) -> Vec<&str> {
    marks.iter().filter_map(text).collect()
}

#[test]
fn the_file_has_the_pages_of_the_report() {
    let bytes = write(&paper(people(90))).expect("written");
    let document = lopdf::Document::load_mem(&bytes).expect("another program reads it");
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    assert_eq!(numbers.len(), 3);
    let fonts = Fonts::new().expect("fonts");
    let pages = layout(&paper(people(90)), &fonts);
    let words: Vec<&str> = pages.iter().flat_map(|page| texts(page)).collect();
    for part in [
        "Time by person",
        "1 November 2026 \u{2013} 30 November 2026  \u{b7}  42 people  \u{b7}  Europe/Berlin",
        "1116:40",
        "+25:00",
        "Person 90",
        "Page 3 of 3",
        "Made for Ada Lovelace, 1 December 2026, 08:00",
        "Acme & S\u{f6}hne",
        "Only: Blue team",
    ] {
        assert!(words.contains(&part), "{part} in {words:?}");
    }
    if let Some(path) = std::env::var_os("WRITE_PDF") {
        std::fs::write(path, &bytes).expect("written for whoever wants to look");
    }
}

#[test]
fn a_table_goes_over_pages_with_its_head_on_each_and_no_row_is_lost() {
    let fonts = Fonts::new().expect("fonts");
    for count in [1, 14, 15, 16, 60, 61, 300] {
        let pages = layout(&paper(people(count)), &fonts);
        let mut rows = 0;
        for (at, page) in pages.iter().enumerate() {
            let texts = texts(page);
            let here = texts
                .iter()
                .filter(|text| text.starts_with("Person "))
                .count();
            assert!(
                here == 0 || texts.contains(&"Person"),
                "page {at} of {count}"
            );
            let foot = format!("Page {} of {}", at + 1, pages.len());
            assert!(texts.contains(&foot.as_str()), "{foot}");
            rows += here;
        }
        assert_eq!(i64::try_from(rows), Ok(count));
    }
}

#[test]
fn more_rows_than_are_printed_are_said_to_be_there() {
    let fonts = Fonts::new().expect("fonts");
    let pages = layout(&paper(people(1_605)), &fonts);
    let last = texts(pages.last().expect("a page"));
    assert!(
        last.iter().any(|text| text.starts_with("And 5 more rows")),
        "{last:?}"
    );
}

#[test]
fn a_report_of_nothing_says_so() {
    let fonts = Fonts::new().expect("fonts");
    let empty = Paper {
        days: Vec::new(),
        week: Vec::new(),
        total: Figures::default(),
        compared: None,
        ..paper(Vec::new())
    };
    let pages = layout(&empty, &fonts);
    assert_eq!(pages.len(), 1);
    assert!(texts(&pages[0]).contains(&"Nothing was recorded in these days."));
    write(&empty).expect("written");
}

#[test]
fn what_steers_the_reader_or_is_in_no_font_is_left_out_or_boxed() {
    let fonts = Fonts::new().expect("fonts");
    let fit = |text: &str| fonts.fit(Weight::Regular, 9.0, text, 400.0);
    assert_eq!(fit("a\u{202e}b\u{200b}c\u{7}d\n\te"), "abcd  e");
    assert_eq!(fit("\u{6f22}\u{5b57}"), "\u{25a1}\u{25a1}");
    assert_eq!(
        fit("\u{416}\u{5d0}\u{627}"),
        "\u{416}\u{5d0}\u{627}",
        "Cyrillic, Hebrew, Arabic"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_people_are_called_nothing_leaves_the_page(names in prop::collection::vec("\\PC{0,200}|.{0,40}|W{300}", 1..40)) {
        let fonts = Fonts::new().expect("fonts");
        let mut wild = paper(names.iter().map(|name| row(name, 5_000)).collect());
        wild.organization = names[0].clone();
        wild.made_by = names[0].clone();
        wild.filters = names.clone();
        for page in layout(&wild, &fonts) {
            for mark in page {
                match mark {
                    Mark::Area { x, y, width, height, .. } => {
                        prop_assert!(x >= 0.0 && y >= 0.0 && x + width <= WIDTH + 0.1 && y + height <= HEIGHT);
                    }
                    Mark::Text { x, y, size, weight, text, .. } => {
                        let right = x + fonts.width(weight, size, &text);
                        prop_assert!(x >= 40.0 && right <= WIDTH - 40.0, "{text:?} from {x} to {right}");
                        prop_assert!(y > 0.0 && y < HEIGHT);
                        prop_assert!(!text.chars().any(char::is_control));
                    }
                }
            }
        }
        write(&wild).expect("written");
    }

    #[test]
    fn columns_hold_every_second(begin in 0_i32..400, length in 0_i32..2_500, seconds in prop::collection::vec(0_i64..90_000, 0..60)) {
        let from = date(2024, 1, 1) + jiff::Span::new().days(begin);
        let to = from + jiff::Span::new().days(length);
        let days: Vec<Day> = (0_i32..).zip(&seconds).map(|(at, active)| Day {
            date: from + jiff::Span::new().days(at * 37 % (length + 1)),
            active: *active, idle: 1, unobserved: 2,
        }).collect();
        let columns = columns(&days, from, to);
        prop_assert!(!columns.is_empty() && columns.len() <= 52);
        let sum = |of: fn(&super::charts::Column) -> i64| columns.iter().map(of).sum::<i64>();
        let count = i64::try_from(days.len()).expect("few");
        prop_assert_eq!((sum(|c| c.active), sum(|c| c.idle), sum(|c| c.unobserved)), (seconds.iter().sum::<i64>(), count, 2 * count));
    }
}
