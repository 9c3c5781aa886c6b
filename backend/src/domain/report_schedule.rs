//! When a report is due again, and of which days it is. Pure.
//!
//! Readings are of the organization's clock: one that is skipped is the moment of the skip, and
//! of one that comes twice it is the first.

use jiff::{
    Timestamp as Instant, ToSpan as _,
    civil::{Date, Time},
    tz::TimeZone,
};
use shared_types::{
    Timestamp,
    export::{CreateExport, ExportContent},
    report_schedule::{Every, ReportScheduleTerms},
};

use super::quiet::{instants, weekday};

/// An occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// When.
    pub at: Timestamp,
    /// The organization's day on which that is; the report is of days before it.
    pub day: Date,
}

/// More days than lie between two occurrences: a month, and one for a clock that changes.
const FAR: i64 = 33;

/// The latest occurrence at or before an instant; `None` at the begin of time.
#[must_use]
pub fn latest(terms: &ReportScheduleTerms, zone: &TimeZone, now: Timestamp) -> Option<Occurrence> {
    // Where the clock goes back over midnight, what is due tomorrow may have been due.
    (-1..FAR)
        .filter_map(|back| around(terms, zone, now, -back))
        .filter(|one| one.at <= now)
        .max_by_key(|one| one.at)
}

/// The next occurrence behind an instant; `None` at the end of time.
#[must_use]
pub fn next(terms: &ReportScheduleTerms, zone: &TimeZone, now: Timestamp) -> Option<Occurrence> {
    (-1..FAR)
        .filter_map(|ahead| around(terms, zone, now, ahead))
        .filter(|one| one.at > now)
        .min_by_key(|one| one.at)
}

/// The occurrence on the day that is so many behind today, if there is one.
fn around(
    terms: &ReportScheduleTerms,
    zone: &TimeZone,
    now: Timestamp,
    days: i64,
) -> Option<Occurrence> {
    let today = Instant::from(now).to_zoned(zone.clone()).date();
    let day = today.checked_add(days.days()).ok()?;
    let fits = match terms.every {
        Every::Day => true,
        Every::Week => terms.weekday == Some(weekday(day)),
        Every::Month => day.day() == 1,
    };
    if !fits {
        return None;
    }
    let reading = day
        .to_datetime(Time::midnight())
        .checked_add(i64::from(terms.at.minutes()).minutes())
        .ok()?;
    let (at, _) = instants(reading, zone)?;
    Some(Occurrence { at, day })
}

/// First and last day that a report due on this day is of; `None` at the begin of time.
#[must_use]
pub fn days(every: Every, due: Date) -> Option<(Date, Date)> {
    let last = due.yesterday().ok()?;
    let first = match every {
        Every::Day => last,
        Every::Week => due.checked_sub(7.days()).ok()?,
        Every::Month => last.first_of_month(),
    };
    Some((first, last))
}

/// The file that is due on this day.
#[must_use]
pub fn request(terms: &ReportScheduleTerms, due: Date) -> Option<CreateExport> {
    let (from, to) = days(terms.every, due)?;
    Some(CreateExport {
        content: ExportContent::Report,
        format: terms.format,
        from: from.to_string(),
        to: to.to_string(),
        group_by: Some(terms.group_by),
        user_id: terms.user_id,
        team_id: terms.team_id,
        project_id: terms.project_id,
        compare: terms.compare,
        sort: None,
        descending: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::{
        export::ExportFormat,
        hours::{TimeOfDay, Weekday},
        report::GroupBy,
    };

    use super::*;

    fn terms(every: Every, weekday: Option<Weekday>, minutes: u16) -> ReportScheduleTerms {
        ReportScheduleTerms {
            name: "The week".to_owned(),
            every,
            weekday,
            at: TimeOfDay::from_minutes(minutes),
            group_by: GroupBy::Person,
            format: ExportFormat::Pdf,
            user_id: None,
            team_id: None,
            project_id: None,
            compare: false,
            by_mail: true,
            enabled: true,
        }
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        text.parse::<Instant>().expect("an instant").into()
    }

    fn shown(one: Option<Occurrence>) -> String {
        let one = one.expect("there is one");
        format!("{} {}", Instant::from(one.at), one.day)
    }

    #[test]
    fn each_is_due_by_the_organizations_clock_and_of_whole_days_before() {
        let zone = berlin();
        let daily = terms(Every::Day, None, 7 * 60);
        // A Sunday, ten o'clock in Berlin.
        let now = at("2026-11-22T09:00:00Z");
        assert_eq!(
            shown(latest(&daily, &zone, now)),
            "2026-11-22T06:00:00Z 2026-11-22"
        );
        assert_eq!(
            shown(next(&daily, &zone, now)),
            "2026-11-23T06:00:00Z 2026-11-23"
        );
        let weekly = terms(Every::Week, Some(Weekday::Monday), 7 * 60);
        assert_eq!(
            shown(latest(&weekly, &zone, now)),
            "2026-11-16T06:00:00Z 2026-11-16"
        );
        assert_eq!(
            shown(next(&weekly, &zone, now)),
            "2026-11-23T06:00:00Z 2026-11-23"
        );
        let monthly = terms(Every::Month, None, 0);
        assert_eq!(
            shown(latest(&monthly, &zone, now)),
            "2026-10-31T23:00:00Z 2026-11-01"
        );
        assert_eq!(
            shown(next(&monthly, &zone, now)),
            "2026-11-30T23:00:00Z 2026-12-01"
        );
        let of = |every, day: &str| {
            let (first, last) = days(every, day.parse().expect("a day")).expect("days");
            format!("{first} {last}")
        };
        assert_eq!(of(Every::Day, "2026-11-22"), "2026-11-21 2026-11-21");
        assert_eq!(of(Every::Week, "2026-11-23"), "2026-11-16 2026-11-22");
        assert_eq!(of(Every::Month, "2026-03-01"), "2026-02-01 2026-02-28");
    }

    #[test]
    fn a_reading_that_is_skipped_is_the_skip_and_one_that_comes_twice_counts_once() {
        let zone = berlin();
        let daily = terms(Every::Day, None, 150);
        // 02:30 is skipped on 29 March, at 01:00 UTC.
        let skip = at("2026-03-29T01:00:00Z");
        assert_eq!(
            shown(latest(&daily, &zone, skip)),
            "2026-03-29T01:00:00Z 2026-03-29"
        );
        // And comes twice on 25 October, at 00:30 and 01:30 UTC.
        for now in [
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T09:00:00Z",
        ] {
            assert_eq!(
                shown(latest(&daily, &zone, at(now))),
                "2026-10-25T00:30:00Z 2026-10-25"
            );
        }
    }

    proptest! {
        #[test]
        fn between_two_that_follow_each_other_there_is_none(
            seconds in 1_600_000_000_i64..1_900_000_000,
            minutes in 0_u16..1_440,
            every in 0_usize..3,
            weekday in 0_usize..7,
            zone in prop::sample::select(vec!["Europe/Berlin", "America/Sao_Paulo", "Asia/Gaza", "Australia/Lord_Howe", "UTC"]),
        ) {
            let every = Every::ALL[every];
            let weekday = (every == Every::Week).then(|| Weekday::ALL[weekday]);
            let terms = terms(every, weekday, minutes);
            let zone = TimeZone::get(zone).expect("a zone");
            let now = Timestamp::from_millis(seconds * 1_000);
            let before = latest(&terms, &zone, now).expect("one");
            let after = next(&terms, &zone, now).expect("one");
            prop_assert!(before.at <= now && now < after.at);
            prop_assert_eq!(next(&terms, &zone, before.at), Some(after));
            prop_assert_eq!(latest(&terms, &zone, after.at), Some(after));
            // Their days follow each other without a gap, and none is in two.
            let (_, last) = days(every, before.day).expect("days");
            let (first, _) = days(every, after.day).expect("days");
            prop_assert_eq!(last.tomorrow().expect("a day"), first);
        }
    }
}
