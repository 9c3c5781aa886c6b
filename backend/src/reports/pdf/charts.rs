//! The charts: columns of days or of longer stretches, and the week by hours.

use jiff::{ToSpan as _, civil::Date};
use shared_types::report::HeatCell;

use super::{
    Day,
    ink::{Color, Fonts, Mark, Weight},
    page::{ACTIVE, DIM, IDLE, LINE, SOFT, UNOBSERVED, hours},
};

/// A place on a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// A column: what it is called, and its seconds from the foot up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) label: String,
    pub(super) active: i64,
    pub(super) idle: i64,
    pub(super) unobserved: i64,
}

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch {
    Day,
    Week,
    Month,
    Year,
}

impl Stretch {
    /// As many columns as can be told apart.
    pub(super) fn of(from: Date, to: Date) -> Self {
        match from.until(to).map_or(i32::MAX, |span| span.get_days()) + 1 {
            ..=45 => Self::Day,
            46..=200 => Self::Week,
            201..=1_500 => Self::Month,
            _ => Self::Year,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Day => "By day",
            Self::Week => "By week",
            Self::Month => "By month",
            Self::Year => "By year",
        }
    }

    fn begin(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(back.days()).unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
            Self::Year => day.first_of_year(),
        }
    }

    fn next(self, begin: Date) -> Option<Date> {
        let span = match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Year => 1.year(),
        };
        begin.checked_add(span).ok()
    }

    fn label(self, begin: Date) -> String {
        match self {
            Self::Day | Self::Week => begin.strftime("%-d %b").to_string(),
            Self::Month => begin.strftime("%b %y").to_string(),
            Self::Year => begin.year().to_string(),
        }
    }
}

/// Days as columns; stretches without a day are empty columns.
pub(super) fn columns(days: &[Day], from: Date, to: Date) -> Vec<Column> {
    let stretch = Stretch::of(from, to);
    let mut columns: Vec<(Date, Column)> = Vec::new();
    let mut next = Some(stretch.begin(from));
    while let Some(begin) = next.filter(|begin| *begin <= to) {
        let label = stretch.label(begin);
        let empty = Column {
            label,
            active: 0,
            idle: 0,
            unobserved: 0,
        };
        columns.push((begin, empty));
        next = stretch.next(begin);
    }
    for day in days {
        let begin = stretch.begin(day.date);
        if let Ok(at) = columns.binary_search_by_key(&begin, |(begin, _)| *begin) {
            let column = &mut columns[at].1;
            column.active += day.active;
            column.idle += day.idle;
            column.unobserved += day.unobserved;
        }
    }
    columns.into_iter().map(|(_, column)| column).collect()
}

/// A round number of seconds above `most`, and the steps up to it.
fn scale(most: i64) -> (i64, i64) {
    const STEPS: [i64; 14] = [
        900,
        1_800,
        3_600,
        2 * 3_600,
        4 * 3_600,
        8 * 3_600,
        20 * 3_600,
        40 * 3_600,
        100 * 3_600,
        200 * 3_600,
        500 * 3_600,
        1_000 * 3_600,
        5_000 * 3_600,
        20_000 * 3_600,
    ];
    let step = STEPS
        .into_iter()
        .find(|step| step * 4 >= most)
        .unwrap_or(most / 4 + 1);
    (step, (most + step - 1) / step.max(1) * step)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of an organization's years, as points on paper"
)]
pub(super) fn ratio(part: i64, whole: i64) -> f32 {
    if whole <= 0 {
        return 0.0;
    }
    (part as f32 / whole as f32).clamp(0.0, 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
fn float(number: usize) -> f32 {
    number as f32
}

/// Columns, with lines at round numbers of hours.
pub(super) fn bars(marks: &mut Vec<Mark>, frame: Frame, columns: &[Column], fonts: &Fonts) {
    const AXIS: f32 = 34.0;
    const FOOT: f32 = 14.0;
    let most = columns
        .iter()
        .map(|column| column.active + column.idle + column.unobserved)
        .max()
        .unwrap_or(0)
        .max(1);
    let (step, top) = scale(most);
    let plot = Frame {
        x: frame.x + AXIS,
        y: frame.y + 4.0,
        width: frame.width - AXIS,
        height: frame.height - FOOT - 4.0,
    };
    let mut value = 0;
    while value <= top {
        let y = plot.y + plot.height * (1.0 - ratio(value, top));
        marks.push(area((plot.x, y - 0.25), (plot.width, 0.5), LINE));
        let text = hours(value);
        let width = fonts.width(Weight::Regular, 7.0, &text);
        marks.push(text_at(
            (plot.x - 5.0 - width, y + 2.5),
            7.0,
            Weight::Regular,
            DIM,
            text,
        ));
        value += step;
    }
    let slot = plot.width / float(columns.len().max(1));
    let width = (slot * 0.68).min(36.0);
    // As many names as have room.
    let every = (34.0 / slot).ceil().max(1.0);
    for (at, column) in columns.iter().enumerate() {
        let x = plot.x + slot * float(at) + (slot - width) / 2.0;
        let mut y = plot.y + plot.height;
        for (seconds, color) in [
            (column.active, ACTIVE),
            (column.idle, IDLE),
            (column.unobserved, UNOBSERVED),
        ] {
            let height = plot.height * ratio(seconds, top);
            y -= height;
            if height > 0.0 {
                marks.push(area((x, y), (width, height), color));
            }
        }
        if (float(at) % every).abs() < 0.5 {
            let middle = x + width / 2.0 - fonts.width(Weight::Regular, 7.0, &column.label) / 2.0;
            let below = plot.y + plot.height + 11.0;
            marks.push(text_at(
                (middle, below),
                7.0,
                Weight::Regular,
                DIM,
                column.label.clone(),
            ));
        }
    }
}

/// A week: a row a day, a field an hour, the darker the more active time.
pub(super) fn week(marks: &mut Vec<Mark>, frame: Frame, cells: &[HeatCell], fonts: &Fonts) {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const AXIS: f32 = 34.0;
    const FOOT: f32 = 14.0;
    let most = cells
        .iter()
        .map(|cell| cell.figures.active_seconds)
        .max()
        .unwrap_or(0);
    let (width, height) = ((frame.width - AXIS) / 24.0, (frame.height - FOOT) / 7.0);
    for cell in cells {
        let (Ok(row), Ok(hour)) = (u8::try_from(cell.weekday - 1), u8::try_from(cell.hour)) else {
            continue;
        };
        let shade = ratio(cell.figures.active_seconds, most).sqrt();
        let (x, y) = (
            frame.x + AXIS + width * f32::from(hour),
            frame.y + height * f32::from(row),
        );
        let color = between(SOFT, ACTIVE, shade);
        marks.push(area(
            (x + 0.75, y + 0.75),
            (width - 1.5, height - 1.5),
            color,
        ));
    }
    for (row, name) in (0_u8..).zip(DAYS) {
        let y = frame.y + height * f32::from(row) + height / 2.0 + 2.5;
        let right = frame.x + AXIS - 5.0 - fonts.width(Weight::Regular, 7.0, name);
        marks.push(text_at(
            (right, y),
            7.0,
            Weight::Regular,
            DIM,
            name.to_owned(),
        ));
    }
    for hour in (0_u8..24).step_by(3) {
        let x = frame.x + AXIS + width * f32::from(hour) + 1.0;
        let y = frame.y + frame.height - 3.0;
        marks.push(text_at(
            (x, y),
            7.0,
            Weight::Regular,
            DIM,
            format!("{hour:02}:00"),
        ));
    }
}

fn between(from: Color, to: Color, share: f32) -> Color {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two values of a byte"
    )]
    let mix = |from: u8, to: u8| {
        (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u8
    };
    (mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

pub(super) fn area((x, y): (f32, f32), (width, height): (f32, f32), color: Color) -> Mark {
    Mark::Area {
        x,
        y,
        width,
        height,
        color,
    }
}

pub(super) fn text_at(
    (x, y): (f32, f32),
    size: f32,
    weight: Weight,
    color: Color,
    text: String,
) -> Mark {
    Mark::Text {
        x,
        y,
        size,
        weight,
        color,
        text,
    }
}
