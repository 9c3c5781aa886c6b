//! The local day of this machine, for showing today's time. The organization's days are cut
//! by the server.

use jiff::tz::TimeZone;
use shared_types::Timestamp;

/// One local day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    /// `YYYY-MM-DD`.
    pub(crate) date: String,
    /// When it begins.
    pub(crate) from: Timestamp,
    /// When the next one begins: 23, 24 or 25 hours later.
    pub(crate) to: Timestamp,
}

impl Day {
    /// The day that holds this instant.
    pub(crate) fn of(now: Timestamp, zone: &TimeZone) -> Self {
        let local = jiff::Timestamp::from(now).to_zoned(zone.clone());
        let date = local.date().to_string();
        // At the edges of the calendar there is no next day; a day of 24 hours serves.
        let from = local
            .start_of_day()
            .map_or(now, |start| start.timestamp().into());
        let to = local
            .date()
            .tomorrow()
            .and_then(|next| zone.to_ambiguous_zoned(next.at(0, 0, 0, 0)).compatible())
            .map_or(from.plus_seconds(86_400), |start| start.timestamp().into());
        Self { date, from, to }
    }

    pub(crate) fn contains(&self, instant: Timestamp) -> bool {
        (self.from..self.to).contains(&instant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_a_time_change_has_its_own_length() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (at, date, hours) in [
            ("2026-03-29T12:00:00Z", "2026-03-29", 23),
            ("2026-10-25T12:00:00Z", "2026-10-25", 25),
            ("2026-11-22T23:30:00Z", "2026-11-23", 24),
        ] {
            let day = Day::of(at.parse().unwrap(), &zone);
            assert_eq!(day.date, date);
            assert_eq!(day.to.millis_since(day.from), hours * 3_600_000, "{date}");
            assert!(day.contains(at.parse().unwrap()));
        }
    }
}
