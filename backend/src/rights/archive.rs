//! A zip file that is written to whoever takes it, piece by piece: the archive holds what has
//! not been taken, and the names of its files, no more.

use std::{
    io::{self, Write},
    sync::Arc,
};

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::{Map, Value};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

/// Where the archive's bytes wait to be taken.
#[derive(Debug, Clone, Default)]
struct Outgoing(Arc<Mutex<Vec<u8>>>);

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A zip file under way.
pub(super) struct Archive {
    /// Boxed: its tables are large, and whoever waits with it would be, too.
    zip: Box<ZipWriter<StreamWriter<Outgoing>>>,
    outgoing: Outgoing,
}

impl Archive {
    pub(super) fn new() -> Self {
        let outgoing = Outgoing::default();
        Self {
            zip: Box::new(ZipWriter::new_stream(outgoing.clone())),
            outgoing,
        }
    }

    /// Begins a file; the one before it ends.
    pub(super) fn begin(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            // A file's size is not known when it begins.
            .large_file(true)
            .unix_permissions(0o600);
        self.zip.start_file(name, options).map_err(io::Error::from)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)
    }

    /// Bytes that wait.
    pub(super) fn waiting(&self) -> usize {
        self.outgoing.0.lock().len()
    }

    /// Takes what waits.
    pub(super) fn take(&self) -> Bytes {
        Bytes::from(std::mem::take(&mut *self.outgoing.0.lock()))
    }

    /// Ends the archive, and takes the rest.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        (*self.zip).finish().map_err(io::Error::from)?;
        Ok(Bytes::from(std::mem::take(&mut *self.outgoing.0.lock())))
    }
}

/// Rows as CSV: one line each, their cells in the order of `columns`.
pub(super) fn csv(columns: &[&str], rows: &[Map<String, Value>]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let cells = columns.iter().map(|column| match row.get(*column) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => defused(text),
            Some(other) => other.to_string(),
        });
        writer.write_record(cells).map_err(io::Error::from)?;
    }
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// The line of column names.
pub(super) fn csv_head(columns: &[&str]) -> Vec<u8> {
    let mut line = columns.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// A text that a spreadsheet will not take for a formula: the apostrophe in front says so.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn row(text: &str) -> Map<String, Value> {
        let Value::Object(row) = json!({ "a": text, "b": 7, "c": null, "d": { "x": 1 } }) else {
            unreachable!("an object is an object");
        };
        row
    }

    #[test]
    fn formulas_in_titles_are_defused() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            let line = csv(&["a"], &[row(evil)]).expect("written");
            let text = String::from_utf8(line).expect("text");
            assert!(text.trim_start_matches('"').starts_with('\''), "{text:?}");
        }
        let line = csv(&["a", "b", "c", "d"], &[row("plain, \"quoted\"")]).expect("written");
        let text = String::from_utf8(line).expect("text");
        assert_eq!(text, "\"plain, \"\"quoted\"\"\",7,,\"{\"\"x\"\":1}\"\n");
    }

    proptest! {
        #[test]
        fn no_cell_begins_like_a_formula_and_none_loses_its_text(text in any::<String>()) {
            let bytes = csv(&["a"], &[row(&text)]).expect("written");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*bytes);
            let cell = reader.records().next().map_or(String::new(), |r| r.expect("a record")[0].to_owned());
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
            let whole = cell == text || cell.strip_prefix('\'') == Some(&text);
            prop_assert!(whole);
        }
    }

    #[test]
    fn what_is_taken_in_pieces_is_one_archive() {
        let mut archive = Archive::new();
        let mut bytes = Vec::new();
        archive.begin("one.txt").expect("begins");
        for _ in 0..1_000 {
            archive.write(&[b'x'; 1_000]).expect("written");
            bytes.extend_from_slice(&archive.take());
        }
        archive.begin("two.txt").expect("begins");
        archive.write(b"end").expect("written");
        bytes.extend_from_slice(&archive.finish().expect("ends"));
        let mut read = zip::ZipArchive::new(io::Cursor::new(bytes)).expect("an archive");
        let text = io::read_to_string(read.by_name("one.txt").expect("there")).expect("whole");
        assert_eq!(text.len(), 1_000_000);
        let text = io::read_to_string(read.by_name("two.txt").expect("there")).expect("whole");
        assert_eq!(text, "end");
    }
}
