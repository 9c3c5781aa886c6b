//! What a person's own window asks of the server: their days, their notes, who looked at them.
//!
//! Goes with the device's credential, which opens its person's own things and nothing else. It
//! must not know the outbox or how anything is shown. Nothing is kept here: who is offline is
//! told so.

use reqwest::Url;
use shared_types::{
    UserId,
    audit::LookPage,
    category::CategoryPage,
    note::{CreateNote, Note},
    project::ProjectPage,
    summary::DailySummaryPage,
    timeline::Timeline,
};

use crate::{
    config::Settings,
    credentials::{self, CredentialError},
    enrol::{self, EnrolError},
    sync::client::{Client, ServerError},
};

/// Most days of one question.
const DAYS_MAX: &str = "200";

/// Why the server was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum AskServerError {
    /// This machine has not been enrolled.
    #[error("this machine is not enrolled yet")]
    NotEnrolled,
    /// It was enrolled by a version that did not learn whose it is.
    #[error(
        "this machine was enrolled by an earlier version, which did not keep whose it is; enrol it again to see your days here"
    )]
    NotKnown,
    /// The enrolment cannot be read.
    #[error(transparent)]
    Enrolment(#[from] EnrolError),
    /// The device's secret cannot be read.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// The server.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// A connection to the server in the name of the person whose machine this is.
#[derive(Clone)]
pub struct OwnPerson {
    client: Client,
    server: Url,
    user_id: Option<UserId>,
}

impl OwnPerson {
    /// Prepares it; asks nobody yet. May wait for the keychain.
    pub fn open(settings: &Settings) -> Result<Self, AskServerError> {
        let enrolment = enrol::load(&settings.data_dir)?.ok_or(AskServerError::NotEnrolled)?;
        let secret = credentials::read(settings, enrolment.device_id, enrolment.secret)?;
        Ok(Self {
            client: Client::new(enrolment.server.clone(), secret, settings)?,
            server: enrolment.server,
            user_id: enrolment.user_id,
        })
    }

    /// The server's address, for the dashboard in a browser.
    #[must_use]
    pub const fn server(&self) -> &Url {
        &self.server
    }

    /// Who looked at this person, newest first.
    pub async fn looks(&self, cursor: Option<&str>) -> Result<LookPage, AskServerError> {
        let query: Vec<(&str, &str)> = cursor.map(|it| ("cursor", it)).into_iter().collect();
        Ok(self.client.get("me/looks", &query).await?)
    }

    /// The person's days from `from` to `to`, both `YYYY-MM-DD` and part of it; at most 200.
    pub async fn days(&self, from: &str, to: &str) -> Result<DailySummaryPage, AskServerError> {
        let user = self.user()?.to_string();
        let query = [
            ("from", from),
            ("to", to),
            ("user_id", user.as_str()),
            ("limit", DAYS_MAX),
        ];
        Ok(self.client.get("summaries", &query).await?)
    }

    /// One day, `YYYY-MM-DD` in the organization's zone, span by span.
    pub async fn day(&self, date: &str) -> Result<Timeline, AskServerError> {
        let route = format!("users/{}/timeline", self.user()?);
        Ok(self.client.get(&route, &[("date", date)]).await?)
    }

    /// Says what a stretch of one's own time was.
    pub async fn correct(&self, note: &CreateNote) -> Result<Note, AskServerError> {
        Ok(self.client.send("notes", note).await?)
    }

    /// The projects on which a session may be booked.
    pub async fn projects(&self) -> Result<ProjectPage, AskServerError> {
        Ok(self.client.get("projects", &[("limit", "200")]).await?)
    }

    /// The organization's categories, of which a window may be reduced to one.
    pub async fn categories(&self) -> Result<CategoryPage, AskServerError> {
        Ok(self.client.get("categories", &[("limit", "200")]).await?)
    }

    fn user(&self) -> Result<UserId, AskServerError> {
        self.user_id.ok_or(AskServerError::NotKnown)
    }
}
