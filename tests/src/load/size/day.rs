//! One person's working day as rows: pure.
//!
//! Days are UTC's, and so is the organization that they are filled into.

use std::{borrow::Cow, collections::BTreeMap};

use anyhow::{Result, ensure};
use jiff::civil::{Date, Weekday};
use uuid::Uuid;

/// Working days in what is filled: a year of them.
pub const DAYS: u64 = 250;
/// The longest day, in minutes.
const LONGEST: u64 = 480;
/// Everybody begins at 08:00.
const BEGIN: i64 = 480;

const APPLICATIONS: [&str; 8] = [
    "firefox",
    "code",
    "libreoffice-calc",
    "thunderbird",
    "konsole",
    "org.gnome.Nautilus",
    "Microsoft Teams",
    "chromium",
];

/// How a number of activities is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// All of them.
    pub activities: u64,
    /// People.
    pub people: u64,
    /// Minutes of each person on each day; the last days have what is left.
    pub minutes: u64,
}

impl Spread {
    /// Over a year of working days.
    ///
    /// # Errors
    /// When nobody's day is long enough.
    pub fn new(activities: u64, people: u64) -> Result<Self> {
        ensure!(people > 0 && activities > 0, "nobody, or nothing");
        let minutes = activities.div_ceil(people * DAYS);
        ensure!(
            minutes <= LONGEST,
            "{activities} activities of {people} people are more than {LONGEST} minutes a day for a year; take at least {} people",
            activities.div_ceil(LONGEST * DAYS)
        );
        Ok(Self {
            activities,
            people,
            minutes,
        })
    }
}

/// The working days before `today`, oldest first.
#[must_use]
pub fn working_days(today: Date) -> Vec<Date> {
    let mut days = Vec::new();
    let mut day = today;
    while days.len() < usize::try_from(DAYS).unwrap_or(0)
        && let Ok(before) = day.yesterday()
    {
        day = before;
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            days.push(day);
        }
    }
    days.reverse();
    days
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// An id.
    Id(Uuid),
    /// An instant, in milliseconds since 1970.
    Time(i64),
    /// A day.
    Day(Date),
    /// A text without tabs, line ends and backslashes.
    Text(Cow<'static, str>),
}

/// Who works, and where it is written.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Whose they are.
    pub organization: Uuid,
    /// The person.
    pub user: Uuid,
    /// Their only device.
    pub device: Uuid,
    /// Its stream.
    pub stream: i64,
    /// The last number used in it.
    pub seq: i64,
}

/// A table and its columns, in the order in which cells come.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [&'static str],
}

/// The tables, in an order that foreign keys allow.
pub const TABLES: [Table; 6] = [
    Table {
        name: "work_sessions",
        columns: &[
            "organization_id",
            "id",
            "user_id",
            "device_id",
            "status",
            "started_at",
            "ended_at",
            "total_active_seconds",
            "total_idle_seconds",
            "last_activity_at",
            "last_span_end",
            "version",
        ],
    },
    Table {
        name: "activity_logs",
        columns: &[
            "stream_id",
            "seq",
            "organization_id",
            "user_id",
            "session_id",
            "activity_type",
            "started_at",
            "duration_seconds",
            "application",
            "title",
        ],
    },
    Table {
        name: "daily_summaries",
        columns: &[
            "organization_id",
            "user_id",
            "day",
            "time_zone",
            "device_id",
            "active_seconds",
            "idle_seconds",
            "updated_at",
            "first_input_at",
            "last_input_at",
            "made_at",
        ],
    },
    Table {
        name: "hour_days",
        columns: &[
            "organization_id",
            "user_id",
            "day",
            "hour",
            "active_seconds",
            "idle_seconds",
        ],
    },
    Table {
        name: "application_days",
        columns: &[
            "organization_id",
            "user_id",
            "day",
            "application",
            "domain",
            "category_id",
            "active_seconds",
            "idle_seconds",
        ],
    },
    Table {
        name: "session_days",
        columns: &[
            "organization_id",
            "user_id",
            "day",
            "session_id",
            "active_seconds",
            "idle_seconds",
        ],
    },
];

/// Cells of each of [`TABLES`], row after row.
pub type Rows = [Vec<Cell>; 6];

/// Seconds with input, and without.
type Seconds = (i64, i64);

fn add(to: &mut Seconds, active: bool) {
    if active {
        to.0 += 60;
    } else {
        to.1 += 60;
    }
}

/// Writes a person's day of so many minutes; its session has the given id.
pub fn write(
    rows: &mut Rows,
    person: &mut Person,
    number: u64,
    date: Date,
    session: Uuid,
    minutes: u64,
) {
    if minutes == 0 {
        return;
    }
    let midnight = date
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_millisecond());
    let at = |minute: i64| midnight + (BEGIN + minute) * 60_000;
    let text = |text: &'static str| Cell::Text(Cow::Borrowed(text));
    let whole = i64::try_from(minutes).unwrap_or(0);
    let longest = i64::try_from(LONGEST).unwrap_or(0);
    let (mut total, mut input, mut end) = ((0, 0), None::<(i64, i64)>, 0);
    let mut hours: BTreeMap<i64, Seconds> = BTreeMap::new();
    let mut applications: BTreeMap<&'static str, Seconds> = BTreeMap::new();
    // The session's begin is an item of the stream, too, and its end.
    person.seq += 1;
    for nth in 0..whole {
        // Spread over eight hours, each minute once.
        let minute = nth * longest / whole;
        let active = nth % 10 != 9;
        let turn = usize::try_from(number).unwrap_or(0) + usize::try_from(nth / 7).unwrap_or(0);
        let application = APPLICATIONS[turn % APPLICATIONS.len()];
        person.seq += 1;
        end = at(minute) + 60_000;
        if active {
            input = Some((input.map_or(at(minute), |(first, _)| first), end));
        }
        add(&mut total, active);
        add(hours.entry((BEGIN + minute) / 60).or_default(), active);
        add(applications.entry(application).or_default(), active);
        rows[1].extend([
            Cell::Int(person.stream),
            Cell::Int(person.seq),
            Cell::Id(person.organization),
            Cell::Id(person.user),
            Cell::Id(session),
            text(if active { "active" } else { "idle" }),
            Cell::Time(at(minute)),
            Cell::Int(60),
            text(application),
            Cell::Text(Cow::Owned(format!("document {} of the quarter", nth / 7))),
        ]);
    }
    person.seq += 1;
    let (organization, user) = (Cell::Id(person.organization), Cell::Id(person.user));
    let device = Cell::Id(person.device);
    let day = [organization.clone(), user.clone(), Cell::Day(date)];
    let first = input.map_or(Cell::Null, |(first, _)| Cell::Time(first));
    let last = input.map_or(Cell::Null, |(_, last)| Cell::Time(last));
    rows[0].extend([
        organization,
        Cell::Id(session),
        user,
        device.clone(),
        text("stopped"),
        Cell::Time(at(0)),
        Cell::Time(end),
        Cell::Int(total.0),
        Cell::Int(total.1),
        last.clone(),
        Cell::Time(end),
        // One, each span, and the stop.
        Cell::Int(2 + whole),
    ]);
    rows[2].extend(day.iter().cloned().chain([
        text("UTC"),
        device,
        Cell::Int(total.0),
        Cell::Int(total.1),
        Cell::Time(end),
        first,
        last,
        Cell::Time(midnight + 86_400_000),
    ]));
    for (hour, (active, idle)) in hours {
        let cells = [Cell::Int(hour), Cell::Int(active), Cell::Int(idle)];
        rows[3].extend(day.iter().cloned().chain(cells));
    }
    for (application, (active, idle)) in applications {
        rows[4].extend(day.iter().cloned().chain([
            text(application),
            text(""),
            Cell::Id(Uuid::nil()),
            Cell::Int(active),
            Cell::Int(idle),
        ]));
    }
    let cells = [Cell::Id(session), Cell::Int(total.0), Cell::Int(total.1)];
    rows[5].extend(day.iter().cloned().chain(cells));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(rows: &[Cell], columns: usize, from: usize) -> i64 {
        rows.chunks(columns)
            .flat_map(|row| &row[from..from + 2])
            .map(|cell| match cell {
                Cell::Int(seconds) => *seconds,
                other => panic!("{other:?}"),
            })
            .sum()
    }

    #[test]
    fn every_table_adds_up_to_the_same_seconds() {
        for minutes in [1, 4, 40, 479, 480] {
            let mut rows = Rows::default();
            let mut person = Person {
                organization: Uuid::from_u128(1),
                user: Uuid::from_u128(2),
                device: Uuid::from_u128(3),
                stream: 1,
                seq: 10,
            };
            let date = Date::constant(2026, 11, 20);
            write(&mut rows, &mut person, 5, date, Uuid::from_u128(4), minutes);
            let whole = i64::try_from(minutes).expect("small");
            assert_eq!(person.seq, 10 + whole + 2);
            for (table, rows) in TABLES.iter().zip(&rows) {
                assert_eq!(rows.len() % table.columns.len(), 0, "{}", table.name);
            }
            assert_eq!(
                rows[1].len(),
                TABLES[1].columns.len() * usize::try_from(minutes).expect("small")
            );
            for (table, from) in [(0, 7), (2, 5), (3, 4), (4, 6), (5, 4)] {
                let found = sum(&rows[table], TABLES[table].columns.len(), from);
                assert_eq!(found, whole * 60, "{}", TABLES[table].name);
            }
        }
    }

    #[test]
    fn a_year_has_250_working_days_and_a_day_has_eight_hours() {
        let days = working_days(Date::constant(2026, 11, 23));
        assert_eq!(days.len(), 250);
        assert_eq!(days.last(), Some(&Date::constant(2026, 11, 20)));
        assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        let minutes = |activities, people| Spread::new(activities, people).map(|one| one.minutes);
        assert_eq!(minutes(1_000_000, 1_000).ok(), Some(4));
        assert_eq!(minutes(100_000_000, 1_000).ok(), Some(400));
        assert!(minutes(1_000_000_000, 1_000).is_err());
    }
}
