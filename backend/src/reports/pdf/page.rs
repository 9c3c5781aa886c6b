//! What stands where: head, figures, charts, and the table over as many pages as it takes.

use jiff::civil::Date;
use shared_types::report::{Compared, Figures, GroupBy, ReportRow};

use super::{
    MOST_ROWS, Paper,
    charts::{self, Frame, Stretch, area, ratio, text_at},
    ink::{Color, Fonts, HEIGHT, Mark, WIDTH, Weight},
};

pub(super) const TEXT: Color = (0x1b, 0x22, 0x26);
pub(super) const DIM: Color = (0x56, 0x61, 0x67);
pub(super) const LINE: Color = (0xe1, 0xe5, 0xe6);
pub(super) const SOFT: Color = (0xec, 0xef, 0xf0);
pub(super) const ACCENT: Color = (0x0b, 0x71, 0x68);
pub(super) const ACTIVE: Color = (0x0f, 0x8a, 0x7d);
pub(super) const IDLE: Color = (0xe0, 0xa5, 0x2e);
pub(super) const UNOBSERVED: Color = (0xb4, 0xbb, 0xbf);

const MARGIN: f32 = 42.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
const FOOT: f32 = HEIGHT - 30.0;
/// The last line of the table stands above this.
const END: f32 = FOOT - 22.0;
const ROW: f32 = 17.0;

/// What a report is called.
pub(super) const fn title(group_by: GroupBy) -> &'static str {
    match group_by {
        GroupBy::Person => "Time by person",
        GroupBy::Team => "Time by team",
        GroupBy::Project => "Time by project",
        GroupBy::Application => "Time by application",
        GroupBy::Domain => "Time by web site",
        GroupBy::Category => "Time by category",
        GroupBy::Day => "Time by day",
        GroupBy::Hour => "Time by hour",
    }
}

const fn column(group_by: GroupBy) -> &'static str {
    match group_by {
        GroupBy::Person => "Person",
        GroupBy::Team => "Team",
        GroupBy::Project => "Project",
        GroupBy::Application => "Application",
        GroupBy::Domain => "Web site",
        GroupBy::Category => "Category",
        GroupBy::Day => "Day",
        GroupBy::Hour => "Hour",
    }
}

/// What a row without a name is called.
fn label(group_by: GroupBy, row: &ReportRow) -> String {
    if !row.label.is_empty() {
        return row.label.clone();
    }
    let text = match (group_by, row.key.as_str()) {
        (GroupBy::Team, "none") => "In no team",
        (GroupBy::Project, "none") => "On no project",
        (GroupBy::Project, "other") => "On other projects",
        (GroupBy::Category, "none") => "In no category",
        (GroupBy::Application, "") => "Not known, or not kept",
        (GroupBy::Domain, "") => "No web site",
        (_, key) => key,
    };
    text.to_owned()
}

/// Hours and minutes.
fn duration(seconds: i64) -> String {
    let minutes = seconds.abs() / 60;
    let sign = if seconds < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}:{:02}", minutes / 60, minutes % 60)
}

/// Whole or half hours, on an axis.
pub(super) fn hours(seconds: i64) -> String {
    if seconds % 3_600 == 0 {
        format!("{} h", seconds / 3_600)
    } else {
        format!("{} min", seconds / 60)
    }
}

fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "\u{2013}".to_owned(), |score| format!("{score:.1} %"))
}

fn long(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn range(from: Date, to: Date) -> String {
    if from == to {
        return long(from);
    }
    format!("{} \u{2013} {}", long(from), long(to))
}

struct Pen<'f> {
    fonts: &'f Fonts,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl Pen<'_> {
    fn marks(&mut self) -> &mut Vec<Mark> {
        if self.pages.is_empty() {
            self.pages.push(Vec::new());
        }
        self.pages.last_mut().expect("a page was just made")
    }

    fn text(&mut self, at: (f32, f32), size: f32, look: (Weight, Color), text: &str, room: f32) {
        let text = self.fonts.fit(look.0, size, text, room);
        self.marks().push(text_at(at, size, look.0, look.1, text));
    }

    /// A text that ends at `right`.
    fn text_to(&mut self, (right, y): (f32, f32), size: f32, look: (Weight, Color), text: &str) {
        let width = self.fonts.width(look.0, size, text);
        self.marks().push(text_at(
            (right - width, y),
            size,
            look.0,
            look.1,
            text.to_owned(),
        ));
    }

    fn area(&mut self, at: (f32, f32), size: (f32, f32), color: Color) {
        self.marks().push(area(at, size, color));
    }

    fn heading(&mut self, text: &str) {
        let y = self.y + 12.0;
        self.text((MARGIN, y), 11.0, (Weight::Strong, TEXT), text, INNER);
        self.y += 22.0;
    }
}

/// The pages, each a list of marks.
pub(super) fn layout(paper: &Paper, fonts: &Fonts) -> Vec<Vec<Mark>> {
    let mut pen = Pen {
        fonts,
        pages: vec![Vec::new()],
        y: MARGIN,
    };
    head(&mut pen, paper);
    tiles(&mut pen, paper);
    if paper.days.is_empty() {
        let nothing = "Nothing was recorded in these days.";
        pen.text(
            (MARGIN, pen.y + 14.0),
            10.0,
            (Weight::Regular, DIM),
            nothing,
            INNER,
        );
        pen.y += 26.0;
    } else {
        let stretch = Stretch::of(paper.from, paper.to);
        let top = pen.y;
        pen.heading(stretch.name());
        legend(&mut pen, top + 12.0);
        let columns = charts::columns(&paper.days, paper.from, paper.to);
        let frame = Frame {
            x: MARGIN,
            y: pen.y,
            width: INNER,
            height: 130.0,
        };
        charts::bars(pen.marks(), frame, &columns, fonts);
        pen.y += 148.0;
        if !paper.week.is_empty() {
            pen.heading("Active time by day of the week and hour");
            let frame = Frame {
                x: MARGIN,
                y: pen.y,
                width: INNER,
                height: 112.0,
            };
            charts::week(pen.marks(), frame, &paper.week, fonts);
            pen.y += 130.0;
        }
    }
    table(&mut pen, paper);
    feet(&mut pen, paper);
    pen.pages
}

fn head(pen: &mut Pen<'_>, paper: &Paper) {
    pen.area((0.0, 0.0), (WIDTH, 5.0), ACCENT);
    let y = MARGIN + 4.0;
    pen.text(
        (MARGIN, y),
        9.0,
        (Weight::Strong, ACCENT),
        "WorkPulse",
        100.0,
    );
    let name = pen
        .fonts
        .fit(Weight::Regular, 9.0, &paper.organization, INNER - 120.0);
    pen.text_to((WIDTH - MARGIN, y), 9.0, (Weight::Regular, DIM), &name);
    let heading = title(paper.group_by);
    pen.text(
        (MARGIN, y + 32.0),
        22.0,
        (Weight::Strong, TEXT),
        heading,
        INNER,
    );
    let people = match paper.people {
        1 => "1 person".to_owned(),
        people => format!("{people} people"),
    };
    let line = format!(
        "{}  \u{00B7}  {people}  \u{00B7}  {}",
        range(paper.from, paper.to),
        paper.time_zone
    );
    pen.text(
        (MARGIN, y + 50.0),
        10.0,
        (Weight::Regular, DIM),
        &line,
        INNER,
    );
    pen.y = y + 66.0;
    if !paper.filters.is_empty() {
        let line = format!("Only: {}", paper.filters.join("  \u{00B7}  "));
        pen.text((MARGIN, pen.y), 10.0, (Weight::Regular, DIM), &line, INNER);
        pen.y += 14.0;
    }
    pen.y += 4.0;
}

/// The four figures of the whole.
fn tiles(pen: &mut Pen<'_>, paper: &Paper) {
    const GAP: f32 = 10.0;
    const HIGH: f32 = 58.0;
    let width = (INNER - 3.0 * GAP) / 4.0;
    let total = &paper.total;
    let before = paper.compared.as_ref().map(|compared| &compared.difference);
    let change = |of: fn(&Figures) -> i64| before.map(|before| signed(of(before)));
    let tiles = [
        (
            "Worked",
            duration(total.worked_seconds),
            change(|f| f.worked_seconds),
            TEXT,
        ),
        (
            "Active",
            duration(total.active_seconds),
            change(|f| f.active_seconds),
            ACTIVE,
        ),
        (
            "Idle",
            duration(total.idle_seconds),
            change(|f| f.idle_seconds),
            IDLE,
        ),
        (
            "Active share",
            score(total.score),
            before.and_then(|before| before.score).map(points),
            ACCENT,
        ),
    ];
    let y = pen.y;
    let mut x = MARGIN;
    for (name, figure, change, color) in tiles {
        pen.area((x, y), (width, HIGH), SOFT);
        pen.area((x, y), (2.5, HIGH), color);
        pen.text(
            (x + 11.0, y + 15.0),
            8.0,
            (Weight::Regular, DIM),
            name,
            width - 16.0,
        );
        pen.text(
            (x + 11.0, y + 34.0),
            16.0,
            (Weight::Strong, TEXT),
            &figure,
            width - 16.0,
        );
        if let Some(change) = change {
            pen.text(
                (x + 11.0, y + 49.0),
                8.0,
                (Weight::Regular, DIM),
                &change,
                width - 16.0,
            );
        }
        x += width + GAP;
    }
    pen.y += HIGH + 12.0;
    let mut notes = Vec::new();
    if let Some(unobserved) = total.unobserved_seconds.filter(|seconds| *seconds > 0) {
        notes.push(format!("Not observed: {}", duration(unobserved)));
    }
    notes.extend(paper.compared.as_ref().map(against));
    if !notes.is_empty() {
        let line = notes.join("  \u{00B7}  ");
        pen.text(
            (MARGIN, pen.y + 2.0),
            8.0,
            (Weight::Regular, DIM),
            &line,
            INNER,
        );
        pen.y += 12.0;
    }
    pen.y += 6.0;
}

fn against(compared: &Compared) -> String {
    format!(
        "Compared with {} to {}. Hours and minutes.",
        compared.from, compared.to
    )
}

fn signed(seconds: i64) -> String {
    if seconds > 0 {
        format!("+{}", duration(seconds))
    } else {
        duration(seconds)
    }
}

fn points(points: f64) -> String {
    let sign = if points < 0.0 { "\u{2212}" } else { "+" };
    format!("{sign}{:.1} points", points.abs())
}

fn legend(pen: &mut Pen<'_>, y: f32) {
    let mut right = WIDTH - MARGIN;
    for (name, color) in [
        ("Not observed", UNOBSERVED),
        ("Idle", IDLE),
        ("Active", ACTIVE),
    ] {
        pen.text_to((right, y), 8.0, (Weight::Regular, DIM), name);
        right -= pen.fonts.width(Weight::Regular, 8.0, name) + 11.0;
        pen.area((right, y - 6.0), (7.0, 7.0), color);
        right -= 12.0;
    }
}

/// Where the columns of the table end.
const WORKED: f32 = WIDTH - MARGIN - 210.0;
const SHARE: f32 = WIDTH - MARGIN - 148.0;
const ACTIVE_END: f32 = WIDTH - MARGIN - 88.0;
const IDLE_END: f32 = WIDTH - MARGIN - 44.0;
const SCORE_END: f32 = WIDTH - MARGIN;
const BAR: f32 = 110.0;
const NAME: f32 = WORKED - 44.0 - MARGIN - BAR - 16.0;

fn table_head(pen: &mut Pen<'_>, paper: &Paper) {
    let y = pen.y + 10.0;
    let look = (Weight::Strong, DIM);
    pen.text((MARGIN, y), 8.0, look, column(paper.group_by), NAME);
    for (right, name) in [
        (WORKED, "Worked"),
        (SHARE, "of all"),
        (ACTIVE_END, "Active"),
        (IDLE_END, "Idle"),
        (SCORE_END, "Share"),
    ] {
        pen.text_to((right, y), 8.0, look, name);
    }
    pen.area((MARGIN, y + 5.0), (INNER, 0.75), LINE);
    pen.y += 16.0;
}

fn table(pen: &mut Pen<'_>, paper: &Paper) {
    if paper.rows.is_empty() {
        return;
    }
    // A head with three rows, or a page of its own.
    if pen.y + 22.0 + 16.0 + 3.0 * ROW > END {
        turn(pen);
    }
    pen.heading(title(paper.group_by));
    table_head(pen, paper);
    let most = paper
        .rows
        .iter()
        .map(|row| row.figures.worked_seconds)
        .max()
        .unwrap_or(0);
    for row in paper.rows.iter().take(MOST_ROWS) {
        if pen.y + ROW > END {
            turn(pen);
            table_head(pen, paper);
        }
        table_row(pen, paper, row, most);
    }
    if paper.rows.len() > MOST_ROWS {
        let left = paper.rows.len() - MOST_ROWS;
        let text = format!(
            "And {left} more rows, which are part of the totals above: CSV and XLSX have all of them."
        );
        if pen.y + ROW > END {
            turn(pen);
        }
        pen.text(
            (MARGIN, pen.y + 12.0),
            8.0,
            (Weight::Regular, DIM),
            &text,
            INNER,
        );
    }
}

fn turn(pen: &mut Pen<'_>) {
    pen.pages.push(Vec::new());
    pen.area((0.0, 0.0), (WIDTH, 5.0), ACCENT);
    pen.y = MARGIN - 8.0;
}

fn table_row(pen: &mut Pen<'_>, paper: &Paper, row: &ReportRow, most: i64) {
    let y = pen.y + 12.0;
    let figures = &row.figures;
    let name = label(paper.group_by, row);
    pen.text((MARGIN, y), 9.0, (Weight::Regular, TEXT), &name, NAME);
    let (x, top) = (MARGIN + NAME + 8.0, y - 6.5);
    let length = BAR * ratio(figures.worked_seconds, most);
    let active = length * ratio(figures.active_seconds, figures.worked_seconds);
    pen.area((x, top), (BAR, 7.0), SOFT);
    if active > 0.0 {
        pen.area((x, top), (active, 7.0), ACTIVE);
    }
    if length > active {
        pen.area((x + active, top), (length - active, 7.0), IDLE);
    }
    let share = row
        .share
        .map_or_else(|| "\u{2013}".to_owned(), |share| format!("{share:.1} %"));
    for (right, text, color) in [
        (WORKED, duration(figures.worked_seconds), TEXT),
        (SHARE, share, DIM),
        (ACTIVE_END, duration(figures.active_seconds), TEXT),
        (IDLE_END, duration(figures.idle_seconds), TEXT),
        (SCORE_END, score(figures.score), DIM),
    ] {
        pen.text_to((right, y), 9.0, (Weight::Regular, color), &text);
    }
    pen.area((MARGIN, pen.y + ROW - 0.5), (INNER, 0.5), LINE);
    pen.y += ROW;
}

/// What stands below every page; how many there are is known by now.
fn feet(pen: &mut Pen<'_>, paper: &Paper) {
    let pages = pen.pages.len();
    let made = format!("Made for {}, {}", paper.made_by, paper.made_at);
    for (at, marks) in pen.pages.iter_mut().enumerate() {
        let made = pen.fonts.fit(Weight::Regular, 8.0, &made, INNER - 90.0);
        marks.push(text_at((MARGIN, FOOT), 8.0, Weight::Regular, DIM, made));
        let number = format!("Page {} of {pages}", at + 1);
        let width = pen.fonts.width(Weight::Regular, 8.0, &number);
        let x = WIDTH - MARGIN - width;
        marks.push(text_at((x, FOOT), 8.0, Weight::Regular, DIM, number));
    }
}
