//! The dashboard's files, inside the binary (a debug build reads them from disk instead).
//!
//! Must not know HTTP beyond names and types of files.

use std::borrow::Cow;

use rust_embed::Embed;

/// What the dashboard's pages may do, as its build needs it.
pub const CONTENT_SECURITY_POLICY: &str = include_str!("../dashboard/csp.txt").trim_ascii();

#[derive(Embed)]
#[folder = "dashboard/dist"]
#[allow_missing = true]
struct Dist;

/// A file of the dashboard.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type.
    pub media_type: String,
    /// Changes with its content.
    pub tag: String,
    /// Its name changes with its content: it may be kept for ever.
    pub immutable: bool,
}

/// The file at a path without its leading slash.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    let file = Dist::get(path)?;
    let hash = file.metadata.sha256_hash();
    Some(Asset {
        media_type: file.metadata.mimetype().to_owned(),
        tag: hex::encode(hash.get(..12)?),
        immutable: path.starts_with("assets/"),
        bytes: file.data,
    })
}

/// Whether there is a dashboard in this build.
#[must_use]
pub fn is_built() -> bool {
    Dist::get("index.html").is_some()
}
