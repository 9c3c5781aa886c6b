//! What can be told of an agent that does not run: what it left on the disk.

use std::path::Path;

use crate::{
    enrol::{self, EnrolError},
    outbox::Reader,
    status::StatusReport,
};

/// The report of a data directory on which no agent runs; `None` where nobody is enrolled.
pub fn report(data_dir: &Path) -> Result<Option<StatusReport>, EnrolError> {
    let Some(enrolment) = enrol::load(data_dir)? else {
        return Ok(None);
    };
    let mut message = "The agent is not running. Nothing is recorded.".to_owned();
    let counters = Reader::open(data_dir)
        .and_then(|reader| reader.map(|it| it.counters()).transpose())
        .unwrap_or_else(|error| {
            message = format!("{message} And {error}");
            None
        })
        .unwrap_or_default();
    Ok(Some(StatusReport {
        enrolled: true,
        server: Some(enrolment.server.to_string()),
        device_id: Some(enrolment.device_id),
        user_name: Some(enrolment.user_name),
        organization_name: Some(enrolment.organization_name),
        message: Some(message),
        pending: counters.pending,
        counters,
        policy_version: enrolment.policy.version,
        policy: Some(enrolment.policy),
        device_pending: enrolment.pending,
        notice_accepted_at: enrolment.notice_accepted_at,
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..StatusReport::default()
    }))
}
