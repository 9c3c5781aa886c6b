//! The first run: enrolling, and the notice of what is collected.

use secrecy::SecretString;
use serde::Serialize;
use shared_types::policy::CapturePolicy;
use tauri::State;
use workpulse_agent::{
    Command,
    enrol::{self, Enrolment, Proof},
    notice::{self, NoticeLine},
};

use super::{Answer, Bridge, Told};

/// Whom this machine belongs to now.
#[derive(Debug, Serialize)]
pub(crate) struct Enrolled {
    user_name: String,
    organization_name: String,
    pending: bool,
}

impl From<Enrolment> for Enrolled {
    fn from(enrolment: Enrolment) -> Self {
        Self {
            user_name: enrolment.user_name,
            organization_name: enrolment.organization_name,
            pending: enrolment.pending,
        }
    }
}

#[tauri::command]
pub(crate) async fn enrol(
    bridge: State<'_, Bridge>,
    server: String,
    token: String,
    email: Option<String>,
) -> Answer<Enrolled> {
    let mut settings = bridge.settings.clone();
    settings.email = email
        .map(|it| it.trim().to_owned())
        .filter(|it| !it.is_empty())
        .or(settings.email);
    let token = SecretString::from(token);
    let enrolled = enrol::enrol(&settings, &*bridge.clock, &server, &token, false).await?;
    Ok(enrolled.into())
}

#[tauri::command]
pub(crate) async fn log_in(
    bridge: State<'_, Bridge>,
    server: String,
    email: String,
    password: String,
) -> Answer<Enrolled> {
    let password = SecretString::from(password);
    let proof = Proof::LogIn {
        email: &email,
        password: &password,
        organization: None,
    };
    let settings = &bridge.settings;
    let enrolled = enrol::enrol_by(settings, &*bridge.clock, &server, proof, false).await?;
    Ok(enrolled.into())
}

/// What is collected of whom, for whom.
#[derive(Debug, Serialize)]
pub(crate) struct Notice {
    organization_name: String,
    user_name: String,
    server: String,
    policy: CapturePolicy,
    lines: Vec<NoticeLine>,
}

#[tauri::command]
pub(crate) async fn notice(bridge: State<'_, Bridge>) -> Answer<Notice> {
    let enrolment = enrolment(&bridge)?;
    Ok(Notice {
        lines: notice::lines(&enrolment.policy),
        organization_name: enrolment.organization_name,
        user_name: enrolment.user_name,
        server: enrolment.server.to_string(),
        policy: enrolment.policy,
    })
}

#[tauri::command]
pub(crate) async fn accept_notice(bridge: State<'_, Bridge>) -> Answer<()> {
    if bridge.running() {
        bridge.ask(&Command::AcceptNotice).await?;
    } else {
        enrol::accept_notice(&bridge.settings.data_dir, bridge.clock.wall())?;
    }
    Ok(())
}

fn enrolment(bridge: &Bridge) -> Answer<Enrolment> {
    enrol::load(&bridge.settings.data_dir)?
        .ok_or_else(|| Told::from("this computer is not enrolled yet"))
}
