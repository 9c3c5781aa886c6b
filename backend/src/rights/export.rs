//! Everything that is kept about one person, as a zip file of JSON and CSV.
//!
//! Read in one snapshot, so that the files agree with each other, and written piece by piece:
//! rows wait in a short queue, pieces in another, and both wait for whoever reads. What is in it
//! and what is not is the register's decision; beside its tables there is who looked at the
//! person (with their names: to whom one's data was shown is one's own to know), and what the
//! person did as an administrator. No secret, no hash of one, and nobody else's data.

use std::{io, time::Duration};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use shared_types::{OrganizationId, Timestamp, UserId};
use tokio::sync::mpsc;

use super::archive::{Archive, csv, csv_head};
use crate::{
    domain::personal_data::{Data, TABLES, Table},
    store::{
        Store, StoreError,
        audit::{self, Filter},
        personal,
        scope::TenantSnapshot,
    },
};

/// Of the files' format: raised when a file or a column changes its meaning.
pub const SCHEMA_VERSION: i64 = 1;
/// Pieces that wait for whoever takes the archive.
pub const PIECES: usize = 4;
/// A piece is sent when it has this many bytes.
const PIECE_BYTES: usize = 64 * 1024;
/// Rows that wait to be written.
const ROWS: usize = 256;
/// Rows of the audit that are read at once.
const PAGE: i64 = 200;
/// How long a piece may wait: the snapshot is held open meanwhile.
const TAKEN_WITHIN: Duration = Duration::from_mins(1);

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Whoever wanted it has gone, or takes nothing.
    #[error("nobody takes the export any more")]
    Abandoned,
    /// The archive could not be written.
    #[error("writing the archive: {0}")]
    Archive(#[from] io::Error),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where pieces go.
pub type Pieces = mpsc::Sender<Result<Bytes, io::Error>>;

/// Writes everything about one person to `pieces`; the sender of an archive that ends early is
/// sent an error, so that nobody takes half of one for a whole.
pub async fn write(
    store: &Store,
    organization: OrganizationId,
    person: UserId,
    now: Timestamp,
    pieces: Pieces,
) -> Result<(), ExportError> {
    let outcome = everything(store, organization, person, now, &pieces).await;
    if let Err(error) = &outcome {
        // Whoever has gone need not be told.
        let _ = pieces.try_send(Err(io::Error::other(error.to_string())));
    }
    outcome
}

struct Export<'p> {
    archive: Archive,
    pieces: &'p Pieces,
    files: Vec<Value>,
}

async fn everything(
    store: &Store,
    organization: OrganizationId,
    person: UserId,
    now: Timestamp,
    pieces: &Pieces,
) -> Result<(), ExportError> {
    let mut view = store.tenant(organization).snapshot().await?;
    let mut export = Export {
        archive: Archive::new(),
        pieces,
        files: Vec::new(),
    };
    for table in TABLES {
        if let Some(name) = table.export {
            export.table(&mut view, table, name, person).await?;
        }
    }
    export.looks(&mut view, person).await?;
    export.acts(&mut view, person).await?;
    drop(view);
    export.manifest(organization, person, now).await
}

impl Export<'_> {
    async fn table(
        &mut self,
        view: &mut TenantSnapshot,
        table: &'static Table,
        name: &str,
        person: UserId,
    ) -> Result<(), ExportError> {
        let columns: Vec<&str> = table.exported().map(|column| column.name).collect();
        let mut count = 0;
        for format in [Format::Json, Format::Csv] {
            self.begin(name, format, &columns)?;
            let (sender, mut receiver) = mpsc::channel(ROWS);
            let read = personal::read(view.db(), table, person, sender);
            let write = async {
                let (mut rows, mut written) = (Vec::with_capacity(ROWS), 0);
                while receiver.recv_many(&mut rows, ROWS).await > 0 {
                    self.rows(format, &columns, &rows, &mut written).await?;
                    rows.clear();
                }
                // Dropped here at an error: then reading ends as well.
                drop(receiver);
                Ok::<_, ExportError>(())
            };
            let (read, written) = tokio::join!(read, write);
            written?;
            count = read?;
            self.end(format)?;
        }
        let purposes: Map<String, Value> = table
            .exported()
            .map(|column| {
                let purpose = match column.data {
                    Data::Personal(purpose) => purpose,
                    _ => "names the row, or ties it to another",
                };
                (column.name.to_owned(), purpose.into())
            })
            .collect();
        self.files.push(json!({
            "file": name, "what": table.what, "rows": count, "columns": purposes,
        }));
        Ok(())
    }

    /// Who looked at the person.
    async fn looks(
        &mut self,
        view: &mut TenantSnapshot,
        person: UserId,
    ) -> Result<(), ExportError> {
        let columns = [
            "at",
            "looked_at",
            "viewer_name",
            "viewer_role",
            "people",
            "date",
        ];
        let mut count = 0;
        for format in [Format::Json, Format::Csv] {
            self.begin("who_looked_at_you", format, &columns)?;
            let (mut before, mut written) = (None, 0);
            loop {
                let page = audit::looks_at(view.db(), person, before, PAGE).await?;
                let Some(last) = page.last() else { break };
                before = Some(last.0);
                let rows: Vec<_> = page
                    .into_iter()
                    .map(|(_, look)| {
                        row(json!({
                            "at": look.at, "looked_at": look.looked_at,
                            "viewer_name": look.viewer_name, "viewer_role": look.viewer_role,
                            "people": look.people, "date": look.date,
                        }))
                    })
                    .collect();
                self.rows(format, &columns, &rows, &mut written).await?;
            }
            count = written;
            self.end(format)?;
        }
        self.files.push(json!({
            "file": "who_looked_at_you", "rows": count,
            "what": "who looked at your activity, when, and at what; names as of then",
        }));
        Ok(())
    }

    /// What the person did and looked at themself; whom it concerned is theirs, and left out.
    async fn acts(&mut self, view: &mut TenantSnapshot, person: UserId) -> Result<(), ExportError> {
        let columns = ["at", "action"];
        let mut count = 0;
        for format in [Format::Json, Format::Csv] {
            self.begin("what_you_did", format, &columns)?;
            let mut filter = Filter {
                actor: Some(person),
                ..Filter::default()
            };
            let mut written = 0;
            loop {
                let page = audit::list(view.db(), &filter, PAGE).await?;
                let Some(last) = page.last() else { break };
                filter.before = Some(last.seq);
                let rows: Vec<_> = page
                    .into_iter()
                    .map(|entry| row(json!({ "at": entry.at, "action": entry.action })))
                    .collect();
                self.rows(format, &columns, &rows, &mut written).await?;
            }
            count = written;
            self.end(format)?;
        }
        self.files.push(json!({
            "file": "what_you_did", "rows": count,
            "what": "what you did as an administrator or manager, and looked at; whom it concerned is left out",
        }));
        Ok(())
    }

    async fn manifest(
        mut self,
        organization: OrganizationId,
        person: UserId,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let manifest = json!({
            "schema_version": SCHEMA_VERSION,
            "made_at": now,
            "organization_id": organization,
            "user_id": person,
            "formats": ["json", "csv"],
            "note": "Each file is there as .json and as .csv with the same rows. Instants are UTC. In CSV, a text that a spreadsheet would take for a formula has an apostrophe in front.",
            "files": self.files,
        });
        self.archive.begin("manifest.json")?;
        let text = serde_json::to_vec_pretty(&manifest).map_err(io::Error::from)?;
        self.archive.write(&text)?;
        let rest = self.archive.finish()?;
        send(self.pieces, rest).await
    }

    fn begin(&mut self, name: &str, format: Format, columns: &[&str]) -> io::Result<()> {
        match format {
            Format::Json => {
                self.archive.begin(&format!("{name}.json"))?;
                self.archive.write(b"[")
            }
            Format::Csv => {
                self.archive.begin(&format!("{name}.csv"))?;
                self.archive.write(&csv_head(columns))
            }
        }
    }

    async fn rows(
        &mut self,
        format: Format,
        columns: &[&str],
        rows: &[Map<String, Value>],
        written: &mut i64,
    ) -> Result<(), ExportError> {
        match format {
            Format::Csv => self.archive.write(&csv(columns, rows)?)?,
            Format::Json => {
                let mut text = Vec::new();
                for (at, row) in rows.iter().enumerate() {
                    text.extend_from_slice(if *written == 0 && at == 0 {
                        b"\n"
                    } else {
                        b",\n"
                    });
                    serde_json::to_writer(&mut text, row).map_err(io::Error::from)?;
                }
                self.archive.write(&text)?;
            }
        }
        *written += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if self.archive.waiting() >= PIECE_BYTES {
            send(self.pieces, self.archive.take()).await?;
        } else {
            // Compressing is work: others come in between.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    fn end(&mut self, format: Format) -> io::Result<()> {
        match format {
            Format::Json => self.archive.write(b"\n]\n"),
            Format::Csv => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

fn row(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

async fn send(pieces: &Pieces, piece: Bytes) -> Result<(), ExportError> {
    pieces
        .send_timeout(Ok(piece), TAKEN_WITHIN)
        .await
        .map_err(|_| ExportError::Abandoned)
}
