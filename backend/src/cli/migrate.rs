//! `migrate`: brings the database up to this version.

use super::{output, settings::DataFlags};
use crate::{
    config::data_dir,
    store::{DatabaseTarget, Store},
};

pub(super) async fn run(data: &DataFlags) -> anyhow::Result<()> {
    let loaded = data.load(Vec::new())?;
    let database = &loaded.config.database;
    if matches!(database.target, DatabaseTarget::File(_)) {
        data_dir::prepare(&loaded.config.data_dir)?;
    }
    let store = Store::open(&database.target, database.connections).await?;
    let report = store.migrate().await?;
    store.close().await;
    output::line(&format!(
        "The database has version {} ({} steps applied).",
        report.version, report.applied
    ))
}
