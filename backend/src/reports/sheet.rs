//! A report as rows of cells: CSV, or a workbook. No cell is a formula, whatever it is called.

use std::{
    fs::File,
    io::{self, Seek as _},
};

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use shared_types::report::{Figures, ReportRow};

use super::Made;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words, as people wrote them.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A number with decimals.
    Decimal(f64),
    /// Nothing.
    Empty,
}

/// Rows under a line of names.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// What columns are called.
    pub head: Vec<&'static str>,
    /// As many cells as there are names, each.
    pub rows: Vec<Vec<Cell>>,
}

/// A text that a spreadsheet will not take for a formula: the apostrophe in front says so.
#[must_use]
pub fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.to_owned()
}

const FIGURES: [&str; 5] = [
    "active_seconds",
    "idle_seconds",
    "unobserved_seconds",
    "worked_seconds",
    "score",
];
const BEFORE: [&str; 5] = [
    "before_active_seconds",
    "before_idle_seconds",
    "before_unobserved_seconds",
    "before_worked_seconds",
    "before_score",
];

/// A report's rows.
#[must_use]
pub fn of_report(made: &Made) -> Sheet {
    let compares = made.compared.is_some();
    // Of categories: what time in them counts as.
    let kinds = made.kinds.is_some();
    let mut head = vec!["key", "label"];
    if kinds {
        head.push("kind");
    }
    head.extend(FIGURES);
    head.push("share");
    if compares {
        head.extend(BEFORE);
    }
    let rows = made.rows.iter();
    Sheet {
        head,
        rows: rows.map(|row| cells(row, kinds, compares)).collect(),
    }
}

fn cells(row: &ReportRow, kinds: bool, compares: bool) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(row.key.clone()), Cell::Text(row.label.clone())];
    if kinds {
        let kind = row.kind.map(|kind| Cell::Text(kind.name().to_owned()));
        cells.push(kind.unwrap_or(Cell::Empty));
    }
    cells.extend(figures(&row.figures));
    cells.push(decimal(row.share));
    if compares {
        cells.extend(figures(&row.before.unwrap_or_default()));
    }
    cells
}

fn figures(figures: &Figures) -> [Cell; 5] {
    [
        Cell::Number(figures.active_seconds),
        Cell::Number(figures.idle_seconds),
        figures.unobserved_seconds.map_or(Cell::Empty, Cell::Number),
        Cell::Number(figures.worked_seconds),
        decimal(figures.score),
    ]
}

fn decimal(number: Option<f64>) -> Cell {
    number.map_or(Cell::Empty, Cell::Decimal)
}

/// Rows of a CSV that are written at once.
const ROWS_AT_ONCE: usize = 500;

/// As CSV, in pieces of some rows each, made when they are asked for; the first has the names.
pub fn csv(sheet: Sheet) -> impl Iterator<Item = io::Result<Vec<u8>>> + Send + 'static {
    let head = csv_head(&sheet.head);
    let mut rows = sheet.rows.into_iter();
    let rest = std::iter::from_fn(move || {
        let some: Vec<_> = rows.by_ref().take(ROWS_AT_ONCE).collect();
        (!some.is_empty()).then(|| csv_lines(&some))
    });
    std::iter::once(head).chain(rest)
}

/// The line of names.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn csv_head(names: &[&'static str]) -> io::Result<Vec<u8>> {
    let names = names.iter().map(|name| Cell::Text((*name).to_owned()));
    csv_lines(&[names.collect()])
}

/// Rows of a CSV.
///
/// # Errors
/// Never in practice: they are written to memory.
pub fn csv_lines(rows: &[Vec<Cell>]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => defused(text),
            Cell::Number(number) => number.to_string(),
            Cell::Decimal(number) => number.to_string(),
            Cell::Empty => String::new(),
        }))?;
    }
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// Most characters of a workbook's cell.
const LONGEST_CELL: usize = 32_767;
/// Most rows of a workbook's page, with the names.
const LONGEST_PAGE: u32 = 1_048_576;

/// A workbook that is written row by row. Texts are strings, never formulas or links; rows wait
/// in a temporary file, not in memory. What does not fit on a page goes to another.
pub struct Book {
    workbook: Workbook,
    title: String,
    head: Vec<&'static str>,
    pages: usize,
    line: u32,
    longest_page: u32,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book")
            .field("pages", &self.pages)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl Book {
    /// A workbook whose pages have this title and these columns.
    ///
    /// # Errors
    /// When the temporary file cannot be made.
    pub fn new(title: &str, head: Vec<&'static str>) -> Result<Self, XlsxError> {
        let mut book = Self {
            workbook: Workbook::new(),
            title: title.to_owned(),
            head,
            pages: 0,
            line: 0,
            longest_page: LONGEST_PAGE,
        };
        book.turn()?;
        Ok(book)
    }

    /// Begins the next page.
    fn turn(&mut self) -> Result<(), XlsxError> {
        self.pages += 1;
        let name = if self.pages == 1 {
            self.title.clone()
        } else {
            format!("{} {}", self.title, self.pages)
        };
        let bold = Format::new().set_bold();
        let page = self.workbook.add_worksheet_with_constant_memory()?;
        page.set_name(name)?;
        page.set_freeze_panes(1, 0)?;
        page.set_column_width(1, 32)?;
        for (at, name) in (0_u16..).zip(&self.head) {
            page.write_string_with_format(0, at, *name, &bold)?;
        }
        self.line = 1;
        Ok(())
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
        for row in rows {
            if self.line >= self.longest_page {
                self.turn()?;
            }
            let page = self.workbook.worksheet_from_index(self.pages - 1)?;
            for (at, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Text(text) => {
                        let cut: String = defused(text).chars().take(LONGEST_CELL).collect();
                        page.write_string(self.line, at, cut)?;
                    }
                    // Seconds of an organization stay far below what a double holds exactly.
                    #[expect(clippy::cast_precision_loss, reason = "seconds stay below 2^53")]
                    Cell::Number(number) => {
                        page.write_number(self.line, at, *number as f64)?;
                    }
                    Cell::Decimal(number) => {
                        page.write_number(self.line, at, *number)?;
                    }
                    Cell::Empty => {}
                }
            }
            self.line += 1;
        }
        Ok(())
    }

    /// The workbook, in a temporary file that nobody else can open, to be read from its begin.
    /// Compresses: call it where nobody else waits.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn finish(mut self) -> Result<File, XlsxError> {
        let mut file = tempfile::tempfile()?;
        self.workbook
            .save_to_writer(io::BufWriter::new(&mut file))?;
        file.seek(io::SeekFrom::Start(0))?;
        Ok(file)
    }
}

/// Rows as a workbook; see [`Book`].
///
/// # Errors
/// When a temporary file cannot be written.
pub fn workbook(sheet: Sheet, title: &str) -> Result<File, XlsxError> {
    let mut book = Book::new(title, sheet.head)?;
    book.rows(&sheet.rows)?;
    book.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;

    use super::*;

    const HOSTILE: [&str; 7] = [
        "=HYPERLINK(\"http://x\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "<b>&amp;\u{202e}\"'",
    ];

    fn sheet(texts: &[&str]) -> Sheet {
        Sheet {
            head: vec!["label", "n"],
            rows: texts
                .iter()
                .map(|text| vec![Cell::Text((*text).to_owned()), Cell::Number(-7)])
                .collect(),
        }
    }

    fn whole(sheet: &Sheet) -> Vec<u8> {
        csv(sheet.clone())
            .collect::<io::Result<Vec<_>>>()
            .expect("written")
            .concat()
    }

    #[test]
    fn no_text_of_a_csv_is_a_formula_and_numbers_stay_numbers() {
        let text = String::from_utf8(whole(&sheet(&HOSTILE))).expect("text");
        for line in text.lines().skip(1) {
            assert!(
                !line
                    .trim_start_matches('"')
                    .starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{line:?}"
            );
        }
        assert!(text.contains(",-7\n"), "{text}");
    }

    #[test]
    fn a_workbook_holds_hostile_names_as_strings_and_no_formula() {
        let file = workbook(sheet(&HOSTILE), "Report").expect("written");
        let mut zip = zip::ZipArchive::new(file).expect("a zip");
        let mut page = String::new();
        zip.by_name("xl/worksheets/sheet1.xml")
            .expect("a sheet")
            .read_to_string(&mut page)
            .expect("text");
        assert!(
            !page.contains("<f>") && !page.contains("<hyperlink"),
            "{page}"
        );
        assert!(
            page.contains("HYPERLINK(") && page.contains("t=\"inlineStr\""),
            "{page}"
        );
        assert!(page.contains("<v>-7</v>"), "{page}");
    }

    #[test]
    fn what_does_not_fit_on_a_page_goes_to_another_one() {
        let mut book = Book::new("Activity", vec!["label", "n"]).expect("begun");
        book.longest_page = 4;
        book.rows(&sheet(&["a", "b", "c", "d", "e", "f", "g"]).rows)
            .expect("written");
        let mut zip = zip::ZipArchive::new(book.finish().expect("saved")).expect("a zip");
        let mut pages = Vec::new();
        for n in 1..=3 {
            let mut page = String::new();
            zip.by_name(&format!("xl/worksheets/sheet{n}.xml"))
                .expect("a page")
                .read_to_string(&mut page)
                .expect("text");
            pages.push(page.matches("<v>-7</v>").count());
        }
        assert_eq!(pages, [3, 3, 1]);
    }

    proptest! {
        #[test]
        fn every_text_comes_back_whole_from_a_csv(text in any::<String>()) {
            let bytes = whole(&sheet(&[&text]));
            let mut reader = csv::Reader::from_reader(&*bytes);
            let row = reader.records().next().expect("a row").expect("readable");
            prop_assert_eq!(&row[0], defused(&text));
            prop_assert!(!row[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
