//! A report on paper: A4 pages with figures, charts and a table, as PDF.
//!
//! `page` says what stands where, `charts` draws bars and weeks, `ink` writes it all with the
//! fonts that are part of the program. Owns how a report looks; must not know where it comes from.
//! Built with the feature `pdf` only.

mod charts;
mod ink;
mod page;

use jiff::civil::Date;
use shared_types::report::{Compared, Figures, GroupBy, HeatCell, ReportRow};

/// Rows that are printed: forty pages. Whoever wants more wants a workbook.
pub const MOST_ROWS: usize = 1_600;

/// A day's seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// With input.
    pub active: i64,
    /// Without.
    pub idle: i64,
    /// Not looked at; 0 where nobody knows.
    pub unobserved: i64,
}

/// What is printed.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The organization's name.
    pub organization: String,
    /// By what it adds up.
    pub group_by: GroupBy,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// IANA name of the zone.
    pub time_zone: String,
    /// How many people it is about.
    pub people: usize,
    /// What it is limited to, in words.
    pub filters: Vec<String>,
    /// Who asked for it.
    pub made_by: String,
    /// When it was made, as it is printed.
    pub made_at: String,
    /// All together.
    pub total: Figures,
    /// The range before.
    pub compared: Option<Compared>,
    /// Days that have something, in their order.
    pub days: Vec<Day>,
    /// A week; empty where hours do not belong to what is asked.
    pub week: Vec<HeatCell>,
    /// The rows, in order.
    pub rows: Vec<ReportRow>,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
#[error("writing the PDF: {0}")]
pub struct PdfError(String);

/// Writes the pages.
///
/// # Errors
/// When they cannot be written; that is a fault of this program.
pub fn write(paper: &Paper) -> Result<Vec<u8>, PdfError> {
    let fonts = ink::Fonts::new()?;
    let pages = page::layout(paper, &fonts);
    ink::write(paper, &pages, &fonts)
}

#[cfg(test)]
mod tests;
