//! Makes a file that somebody asked for, piece by piece, into the database: any instance can then
//! hand it out.
//!
//! Owns what is in the file and how it is cut; must not know HTTP, nor who runs it. Memory stays
//! the same however many rows there are: spans are read some thousand at a time, each page its
//! own short question, and pieces go out as they fill. What an attempt has written when it dies
//! is removed by the next, which begins anew.

use std::io::{self, Read as _};

use jiff::{civil::Date, tz::TimeZone};
use rust_xlsxwriter::XlsxError;
use shared_types::{
    ExportId, OrganizationId, UserId,
    auth::UserStatus,
    export::{CreateExport, ExportContent, ExportFormat},
    report_schedule,
};

use super::{
    Question, ReportError, about, make as make_report, order_of, paper,
    sheet::{Book, Cell, csv_head, csv_lines, of_report},
    zone_name,
};
use crate::{
    clock::Clock,
    domain::{
        day::DayBounds,
        report::{days_of, order},
        visibility::Viewer,
    },
    store::{
        Store, StoreError,
        exports::{self, Attempt, End, Piece, Span, SpanPlace, Stored},
        mails::{self, MailKind},
        people,
        reports::Scope,
    },
};

/// Files that a person may have at once.
pub const MOST_FILES: i64 = 50;
/// Those that schedules have made come on top: each has seven days' worth at most.
pub const MOST_WITH_SCHEDULED: i64 = MOST_FILES + 7 * report_schedule::SCHEDULES_MAX;
/// Days of activity that a file may hold.
pub const LONGEST_ACTIVITY: i64 = 366;
/// How often a file is begun before it is given up.
const ATTEMPTS: i64 = 3;
/// Days that a finished file is kept.
const KEPT_DAYS: i64 = 7;
const DAY_SECONDS: i64 = 86_400;
/// Bytes of a piece.
const PIECE: usize = 256 * 1024;
/// Bytes of the largest file.
const LARGEST: i64 = 512 * 1024 * 1024;
/// Spans that are read at once.
const PAGE: i64 = 2_000;

/// What a request for a report asks; `None`: its days cannot be read, or it is of activity.
#[must_use]
pub fn question(request: &CreateExport) -> Option<Question> {
    Some(Question {
        from: request.from.parse().ok()?,
        to: request.to.parse().ok()?,
        group_by: request.group_by?,
        user: request.user_id,
        team: request.team_id,
        project: request.project_id,
        compare: request.compare,
        charts: request.format == ExportFormat::Pdf,
    })
}

/// Whom and which days a request is about; `None`: its days cannot be read.
#[must_use]
pub fn scope(request: &CreateExport, viewer: Viewer) -> Option<Scope> {
    Some(Scope {
        viewer,
        user: request.user_id,
        team: request.team_id,
        from: request.from.parse().ok()?,
        to: request.to.parse().ok()?,
    })
}

/// What the file is called.
#[must_use]
pub fn file_name(request: &CreateExport) -> String {
    let what = match (request.content, request.group_by) {
        (ExportContent::Report, Some(group_by)) => group_by.name(),
        _ => "activity",
    };
    format!(
        "workpulse-{what}-{}-{}.{}",
        request.from,
        request.to,
        request.format.ending()
    )
}

/// Why a file of activity cannot be asked for.
///
/// # Errors
/// [`ReportError::Missing`] or [`ReportError::Range`].
pub async fn check_activity(
    store: &Store,
    organization: OrganizationId,
    scope: &Scope,
) -> Result<(), ReportError> {
    days_of(scope.from, scope.to, LONGEST_ACTIVITY).ok_or(ReportError::Range(LONGEST_ACTIVITY))?;
    let mut reader = store.tenant(organization).read().await?;
    about(reader.db(), scope).await.map(drop)
}

/// Why an attempt ended without a file.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// The worker stops, or the file was taken back, or another attempt has begun.
    #[error("the attempt is over")]
    Over,
    /// There will be no file; in words for who asked.
    #[error("{0}")]
    Final(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A temporary file.
    #[error("writing the file: {0}")]
    File(#[from] io::Error),
    /// The workbook.
    #[error("writing the workbook: {0}")]
    Workbook(#[from] XlsxError),
}

impl From<ReportError> for Trouble {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Store(error) => Self::Store(error),
            ReportError::Missing => Self::Final(
                "What the file is about is not there any more, or out of your sight.".to_owned(),
            ),
            other => Self::Final(format!("It cannot be made: {other}.")),
        }
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It is done, with so many rows.
    Done(i64),
    /// There will be none; who asked is told why.
    Failed,
    /// It was taken back, is another attempt's, or the worker stops.
    Left,
}

/// Makes a file. `stops` is told how far it is, and says whether to stop.
///
/// # Errors
/// The database's; the file then waits for another attempt.
pub async fn make(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    id: ExportId,
    stops: &(dyn Fn(String) -> bool + Sync),
) -> Result<Made, StoreError> {
    let attempt = Attempt {
        id,
        attempt: clock.new_uuid(),
    };
    let mut tx = store.tenant(organization).begin().await?;
    let begun = exports::begin(&mut tx, attempt).await?;
    tx.commit().await?;
    let Some(stored) = begun else {
        return Ok(Made::Left);
    };
    let mut making = Making {
        store,
        clock,
        organization,
        attempt,
        stops,
        waiting: Vec::with_capacity(PIECE),
        position: 0,
        rows: 0,
        rows_total: 0,
        bytes: 0,
    };
    let outcome = if stored.attempts > ATTEMPTS {
        Err(Trouble::Final(
            "It was begun several times and never came to its end. Ask for fewer days or people."
                .to_owned(),
        ))
    } else {
        making.write(&stored).await
    };
    let error = match outcome {
        Ok(()) => None,
        Err(Trouble::Over) => return Ok(Made::Left),
        Err(Trouble::Final(words)) => Some(words),
        Err(Trouble::Store(error)) => return Err(error),
        Err(trouble) => {
            tracing::warn!(export_id = %id, cause = %trouble, "a file could not be made");
            Some(
                "The server could not write it. Try again, or ask IT to look at its log."
                    .to_owned(),
            )
        }
    };
    making.end(&stored, error.as_deref()).await
}

/// An attempt at work.
struct Making<'a> {
    store: &'a Store,
    clock: &'a dyn Clock,
    organization: OrganizationId,
    attempt: Attempt,
    stops: &'a (dyn Fn(String) -> bool + Sync),
    waiting: Vec<u8>,
    position: i64,
    rows: i64,
    rows_total: i64,
    bytes: i64,
}

impl Making<'_> {
    async fn write(&mut self, stored: &Stored) -> Result<(), Trouble> {
        let viewer = self.viewer(stored.user_id).await?;
        match stored.request.content {
            ExportContent::Report => self.report(&stored.request, viewer).await?,
            ExportContent::Activity => self.activity(&stored.request, viewer).await?,
        }
        self.flush(0).await
    }

    /// Who asked, as they are now.
    async fn viewer(&self, person: UserId) -> Result<Viewer, Trouble> {
        let mut reader = self.store.tenant(self.organization).read().await?;
        match people::find(reader.db(), person).await? {
            Some(user) if user.status == UserStatus::Active => Ok(Viewer {
                user_id: person,
                role: user.role,
            }),
            _ => Err(Trouble::Final(
                "Who asked for it may not see it any more.".to_owned(),
            )),
        }
    }

    /// Says whom the file tells of, before it does.
    async fn note(&mut self, people: &[UserId], rows: i64) -> Result<(), Trouble> {
        self.rows_total = rows;
        let mut tx = self.store.tenant(self.organization).begin().await?;
        if !exports::note(&mut tx, self.attempt, people, rows).await? {
            return Err(Trouble::Over);
        }
        tx.commit().await?;
        Ok(())
    }

    async fn report(&mut self, request: &CreateExport, viewer: Viewer) -> Result<(), Trouble> {
        let unreadable = || Trouble::Final("Its days cannot be read.".to_owned());
        let question = question(request).ok_or_else(unreadable)?;
        let mut made = make_report(self.store, self.organization, viewer, &question).await?;
        let (sort, descending) = order_of(question.group_by, request.sort, request.descending);
        order(&mut made.rows, sort, descending);
        let rows = i64::try_from(made.rows.len()).unwrap_or(i64::MAX);
        self.note(&made.people, rows).await?;
        if request.format == ExportFormat::Pdf {
            let whose = (self.organization, viewer);
            let pages = paper::print(self.store, self.clock.now(), whose, &question, made).await?;
            self.waiting.extend(pages);
            self.rows = rows;
            return self.flush(PIECE).await;
        }
        let sheet = of_report(&made);
        let mut table = Table::begin(request.format, "Report", sheet.head)?;
        for rows in sheet.rows.chunks(500) {
            self.rows(&mut table, rows).await?;
        }
        self.close(table).await
    }

    async fn activity(&mut self, request: &CreateExport, viewer: Viewer) -> Result<(), Trouble> {
        let unreadable = || Trouble::Final("Its days cannot be read.".to_owned());
        let scope = scope(request, viewer).ok_or_else(unreadable)?;
        let tenant = self.store.tenant(self.organization);
        let (people, zone) = {
            let mut reader = tenant.read().await?;
            let people = about(reader.db(), &scope).await?;
            (people, zone_name(reader.db()).await?)
        };
        let zone =
            TimeZone::get(&zone).map_err(|_| StoreError::Corrupt(format!("time zone {zone:?}")))?;
        let (from, to) = (
            DayBounds::on(scope.from, &zone).start,
            DayBounds::on(scope.to, &zone).end,
        );
        let mut total = 0;
        for (person, _) in &people {
            let mut reader = tenant.replica_read().await?;
            total += exports::count_spans(reader.db(), *person, from, to).await?;
        }
        let ids: Vec<UserId> = people.iter().map(|(id, _)| *id).collect();
        self.note(&ids, total).await?;
        let mut table = Table::begin(request.format, "Activity", ACTIVITY.to_vec())?;
        for (person, name) in &people {
            let mut after = SpanPlace::before(from);
            loop {
                let spans = {
                    let mut reader = tenant.replica_read().await?;
                    exports::spans(reader.db(), *person, after, to, PAGE).await?
                };
                let Some(last) = spans.last() else { break };
                after = last.place();
                let rows: Vec<_> = spans
                    .iter()
                    .map(|span| cells(span, *person, name, &zone))
                    .collect();
                self.rows(&mut table, &rows).await?;
            }
        }
        self.close(table).await
    }

    /// Adds rows; stops where the worker does.
    async fn rows(&mut self, table: &mut Table, rows: &[Vec<Cell>]) -> Result<(), Trouble> {
        match table {
            Table::Csv(head) => {
                self.waiting.append(head);
                self.waiting.extend(csv_lines(rows)?);
            }
            Table::Book(book) => book.rows(rows)?,
        }
        self.rows += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if (self.stops)(format!("{} of {} rows", self.rows, self.rows_total)) {
            return Err(Trouble::Over);
        }
        self.flush(PIECE).await?;
        // Writing cells is work: others come in between.
        tokio::task::yield_now().await;
        Ok(())
    }

    /// The rest of the file.
    async fn close(&mut self, table: Table) -> Result<(), Trouble> {
        match table {
            // Without rows its names are still to be written.
            Table::Csv(mut head) => self.waiting.append(&mut head),
            Table::Book(book) => {
                let mut file = tokio::task::spawn_blocking(move || book.finish())
                    .await
                    .map_err(io::Error::other)??;
                loop {
                    let read = (&mut file)
                        .take(PIECE as u64)
                        .read_to_end(&mut self.waiting)?;
                    if read == 0 {
                        break;
                    }
                    self.flush(PIECE).await?;
                }
            }
        }
        Ok(())
    }

    /// Writes what waits, in whole pieces, while there is more than `least`.
    async fn flush(&mut self, least: usize) -> Result<(), Trouble> {
        while self.waiting.len() > least {
            let rest = self.waiting.split_off(self.waiting.len().min(PIECE));
            let piece = std::mem::replace(&mut self.waiting, rest);
            self.bytes += i64::try_from(piece.len()).unwrap_or(i64::MAX);
            if self.bytes > LARGEST {
                return Err(Trouble::Final(format!(
                    "It would be larger than {} MiB. Ask for fewer days or people.",
                    LARGEST / 1024 / 1024
                )));
            }
            let piece = Piece {
                position: self.position,
                bytes: &piece,
                rows_done: self.rows,
                bytes_done: self.bytes,
            };
            let mut tx = self.store.tenant(self.organization).begin().await?;
            if !exports::append(&mut tx, self.attempt, piece, self.clock.now()).await? {
                return Err(Trouble::Over);
            }
            tx.commit().await?;
            self.position += 1;
        }
        Ok(())
    }

    async fn end(&self, stored: &Stored, error: Option<&str>) -> Result<Made, StoreError> {
        let (now, request) = (self.clock.now(), &stored.request);
        let mut expires_at = now.plus_seconds(KEPT_DAYS * DAY_SECONDS);
        let mut tx = self.store.tenant(self.organization).begin().await?;
        // A copy of activity does not outlive the activity by more than a day.
        if request.content == ExportContent::Activity
            && let Ok(first) = request.from.parse::<Date>()
        {
            let days = exports::retention_days(tx.db()).await?;
            let gone = DayBounds::on(first, &TimeZone::UTC)
                .start
                .plus_seconds(days * DAY_SECONDS);
            expires_at = expires_at.min(gone.max(now.plus_seconds(DAY_SECONDS)));
        }
        let end = End {
            error,
            at: now,
            expires_at,
        };
        let ended = exports::finish(&mut tx, self.attempt, end).await?;
        if ended && stored.by_mail {
            let mail = MailKind::Report(stored.user_id, stored.id);
            mails::queue(&mut tx, self.clock.new_uuid(), mail, now).await?;
        }
        tx.commit().await?;
        Ok(match (ended, error) {
            (false, _) => Made::Left,
            (true, None) => Made::Done(self.rows),
            (true, Some(_)) => Made::Failed,
        })
    }
}

/// A file that is being written.
enum Table {
    /// What comes before the first row.
    Csv(Vec<u8>),
    /// The workbook.
    Book(Box<Book>),
}

impl Table {
    fn begin(format: ExportFormat, title: &str, head: Vec<&'static str>) -> Result<Self, Trouble> {
        Ok(match format {
            ExportFormat::Csv => Self::Csv(csv_head(&head)?),
            ExportFormat::Xlsx => Self::Book(Box::new(Book::new(title, head)?)),
            ExportFormat::Pdf => return Err(Trouble::Final("Rows are not printed.".to_owned())),
        })
    }
}

const ACTIVITY: [&str; 13] = [
    "user_id",
    "name",
    "started_at",
    "local_time",
    "duration_seconds",
    "activity_type",
    "reason",
    "application",
    "title",
    "url",
    "session_id",
    "device_id",
    "category",
];

fn cells(span: &Span, person: UserId, name: &str, zone: &TimeZone) -> Vec<Cell> {
    let optional = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
    let local = jiff::Timestamp::from_millisecond(span.started_at.as_millis()).map_or_else(
        |_| Cell::Empty,
        |at| {
            let local = at.to_zoned(zone.clone());
            Cell::Text(local.strftime("%Y-%m-%d %H:%M:%S").to_string())
        },
    );
    vec![
        Cell::Text(person.to_string()),
        Cell::Text(name.to_owned()),
        Cell::Text(span.started_at.to_string()),
        local,
        Cell::Number(span.duration_seconds),
        Cell::Text(span.activity_type.clone()),
        optional(&span.reason),
        optional(&span.application),
        optional(&span.title),
        optional(&span.url),
        Cell::Text(span.session_id.to_string()),
        Cell::Text(span.device_id.to_string()),
        // Last: whoever reads these files by place finds the others where they were.
        optional(&span.category),
    ]
}
