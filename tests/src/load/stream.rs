//! One device's minutes, in order, as the bodies of sync requests.
//!
//! Bodies are written as text, not through serde: the generator shares its cores with the
//! server that it measures. A test holds the text against the real types.

use std::io::Write as _;

use shared_types::{DeviceId, EpochId, SessionId, Timestamp, UserId};
use uuid::Uuid;

use crate::time::new_id;

/// Minutes of one work session, before the next one starts.
pub const SESSION_MINUTES: u32 = 480;

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

/// How far a stream has come. Copied before a batch is written, so that a batch that was
/// not acknowledged is written again from the same place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The last number used.
    pub seq: i64,
    /// The next minute, in minutes since 1970.
    pub minute: i64,
    /// The running session; nil before the first.
    pub session: Uuid,
    /// Minutes sent in it.
    pub in_session: u32,
    /// Activities sent so far.
    pub activities: u64,
}

/// One minute of one device.
#[derive(Debug, Clone, Copy)]
pub struct Minute {
    /// Its number.
    pub seq: i64,
    /// When it begins, in minutes since 1970.
    pub minute: i64,
    /// Its session.
    pub session: Uuid,
    /// Whether there was input.
    pub is_active: bool,
    /// What had the focus.
    pub application: &'static str,
    /// Which of the numbered documents was open.
    pub document: i64,
}

/// One simulated device.
#[derive(Debug)]
pub struct Stream {
    /// The device.
    pub device_id: DeviceId,
    /// Its person.
    pub user_id: UserId,
    /// Its secret, for `Authorization`.
    pub secret: String,
    /// The outbox that its numbers count in.
    pub epoch: EpochId,
    /// How far it has come.
    pub position: Position,
    day: i64,
    day_text: String,
}

impl Stream {
    /// A stream whose first minute is `first_minute` (minutes since 1970).
    #[must_use]
    pub fn new(device_id: DeviceId, user_id: UserId, secret: &str, first_minute: i64) -> Self {
        Self {
            device_id,
            user_id,
            secret: secret.to_owned(),
            epoch: EpochId(new_id()),
            position: Position {
                seq: 0,
                minute: first_minute,
                session: Uuid::nil(),
                in_session: 0,
                activities: 0,
            },
            day: i64::MIN,
            day_text: String::new(),
        }
    }

    /// Begins a session if none runs or the running one has been long enough. Gives the
    /// numbers of the items that say so: (stopped, started).
    pub fn turn_over(&mut self) -> (Option<(i64, Uuid)>, Option<i64>) {
        let at = &mut self.position;
        if !at.session.is_nil() && at.in_session < SESSION_MINUTES {
            return (None, None);
        }
        let stopped = (!at.session.is_nil()).then(|| {
            at.seq += 1;
            (at.seq, at.session)
        });
        at.seq += 1;
        at.session = new_id();
        at.in_session = 0;
        (stopped, Some(at.seq))
    }

    /// The next minute of the running session.
    pub fn next_minute(&mut self) -> Minute {
        let at = &mut self.position;
        at.seq += 1;
        let minute = at.minute;
        at.minute += 1;
        at.in_session += 1;
        at.activities += 1;
        // An application is kept for some minutes, and every tenth minute is idle.
        let stretch = usize::try_from(minute.div_euclid(7).rem_euclid(8)).unwrap_or(0);
        Minute {
            seq: at.seq,
            minute,
            session: at.session,
            is_active: minute.rem_euclid(10) != 9,
            application: APPLICATIONS[stretch],
            document: minute.rem_euclid(40),
        }
    }

    /// Writes the next batch of `activities` minutes into `out`; returns its last number.
    pub fn write_batch(&mut self, out: &mut Vec<u8>, activities: u32, clock: &str) -> i64 {
        out.clear();
        put(
            out,
            format_args!(
                r#"{{"device_id":"{}","epoch":"{}","clock":"{clock}","items":["#,
                self.device_id, self.epoch
            ),
        );
        let mut separator = "";
        for _ in 0..activities {
            let minute = self.position.minute;
            let (stopped, started) = self.turn_over();
            if let Some((seq, session)) = stopped {
                put(
                    out,
                    format_args!(
                        r#"{separator}{{"seq":{seq},"item":{{"session_stopped":{{"session_id":"{session}","stopped_at":""#
                    ),
                );
                self.put_minute(out, minute);
                out.extend_from_slice(br#""}}}"#);
                separator = ",";
            }
            if let Some(seq) = started {
                put(
                    out,
                    format_args!(
                        r#"{separator}{{"seq":{seq},"item":{{"session_started":{{"session_id":"{}","started_at":""#,
                        self.position.session
                    ),
                );
                self.put_minute(out, minute);
                out.extend_from_slice(br#""}}}"#);
                separator = ",";
            }
            let next = self.next_minute();
            let kind = if next.is_active { "active" } else { "idle" };
            put(
                out,
                format_args!(
                    r#"{separator}{{"seq":{},"item":{{"activity":{{"session_id":"{}","activity_type":"{kind}","started_at":""#,
                    next.seq, next.session
                ),
            );
            self.put_minute(out, next.minute);
            put(
                out,
                format_args!(
                    r#"","duration_seconds":60,"application":"{}","title":"Quarterly report {}"}}}}}}"#,
                    next.application, next.document
                ),
            );
            separator = ",";
        }
        out.extend_from_slice(b"]}");
        self.position.seq
    }

    fn put_minute(&mut self, out: &mut Vec<u8>, minute: i64) {
        let day = minute.div_euclid(1_440);
        if day != self.day {
            self.day = day;
            let midnight = Timestamp::from_millis(day * 86_400_000).to_string();
            midnight[..11].clone_into(&mut self.day_text);
        }
        let of_day = minute.rem_euclid(1_440);
        put(
            out,
            format_args!(
                "{}{:02}:{:02}:00.000Z",
                self.day_text,
                of_day / 60,
                of_day % 60
            ),
        );
    }
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a Vec takes everything");
}

impl Minute {
    /// Its session.
    #[must_use]
    pub const fn session_id(&self) -> SessionId {
        SessionId(self.session)
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Quarterly report {}", self.document)
    }
}

#[cfg(test)]
mod tests {
    use shared_types::sync::{SyncItemBody, SyncRequest};

    use super::*;

    #[test]
    fn batches_are_valid_requests_whose_minutes_follow_one_another() {
        let mut stream = Stream::new(DeviceId(new_id()), UserId(new_id()), "s", 29_923_000);
        let mut body = Vec::new();
        let (mut seq, mut end, mut sessions, mut activities) = (0, None, 0, 0_u64);
        for _ in 0..25 {
            let last = stream.write_batch(&mut body, 60, "2026-11-22T09:00:00.000Z");
            let batch: SyncRequest = serde_json::from_slice(&body).expect("a valid request");
            for item in batch.items {
                seq += 1;
                assert_eq!(item.seq, seq);
                match item.item {
                    SyncItemBody::Activity(span) => {
                        assert_eq!(span.started_at, end.expect("a session began before"));
                        assert_eq!(span.session_id, SessionId(stream_session(&mut end, &span)));
                        activities += 1;
                    }
                    SyncItemBody::SessionStarted(started) => {
                        sessions += 1;
                        assert!(end.is_none_or(|end| end == started.started_at));
                        end = Some(started.started_at);
                    }
                    SyncItemBody::SessionStopped(stopped) => {
                        assert_eq!(Some(stopped.stopped_at), end);
                    }
                    SyncItemBody::Counters(_) => panic!("none are sent"),
                }
            }
            assert_eq!(seq, last);
        }
        assert_eq!((activities, sessions), (1_500, 4));
        assert_eq!(stream.position.activities, 1_500);
    }

    fn stream_session(
        end: &mut Option<Timestamp>,
        span: &shared_types::activity::Activity,
    ) -> Uuid {
        *end = Some(span.ended_at());
        span.session_id.uuid()
    }

    #[test]
    fn a_batch_that_was_not_acknowledged_is_written_again_alike() {
        let mut stream = Stream::new(DeviceId(new_id()), UserId(new_id()), "s", 29_923_000);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        stream.write_batch(&mut first, 5, "c");
        let before = stream.position;
        stream.write_batch(&mut first, 7, "c");
        stream.position = before;
        stream.write_batch(&mut second, 7, "c");
        assert_eq!(first, second);
    }
}
