//! The requests of an update: without credentials, within bounds, over TLS.
//!
//! Unlike the connection to the server it follows redirects, as those who serve files hand on
//! to other hosts; there is nothing that could follow to the wrong one.

use reqwest::{Client, Response, Url, redirect::Policy};

use crate::{
    config::Settings,
    enrol::is_safe_address,
    sync::client::{self, ServerError},
};

/// So many hosts may hand on.
const REDIRECTS: usize = 5;

/// Why a file was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Proxy or certificates of the settings.
    #[error(transparent)]
    Setup(#[from] ServerError),
    /// No connection, or it broke.
    #[error("the address of the updates cannot be reached ({0})")]
    Unreachable(String),
    /// An answer without the file.
    #[error("{file} is not there: the answer was status {status}")]
    Status {
        /// The file.
        file: String,
        /// The status.
        status: u16,
    },
    /// More than it may be, or less than the manifest says.
    #[error("the update was refused: {file} has {found} bytes instead of {expected}")]
    Length {
        /// The file.
        file: String,
        /// In words: "9", "more than 9".
        expected: String,
        /// In words: "3", "more".
        found: String,
    },
    /// Bytes that are no text.
    #[error("the update was refused: {0} is no text")]
    NoText(String),
}

impl FetchError {
    /// Whether trying again does not help.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        match self {
            Self::Setup(_) | Self::Unreachable(_) => false,
            Self::Status { status, .. } => matches!(status, 400..=499) && *status != 429,
            Self::Length { .. } | Self::NoText(_) => true,
        }
    }
}

/// Asks for files.
pub(super) struct Fetcher(Client);

impl Fetcher {
    pub(super) fn new(settings: &Settings) -> Result<Self, FetchError> {
        let redirect = Policy::custom(|attempt| {
            if attempt.previous().len() > REDIRECTS {
                attempt.error("too many redirects")
            } else if is_safe_address(attempt.url()) {
                attempt.follow()
            } else {
                attempt.error("a redirect to an address that is not safe")
            }
        });
        let http = client::builder(settings)?
            .redirect(redirect)
            .referer(false)
            .build()
            .map_err(|error| ServerError::Setup(client::chain(&error)))?;
        Ok(Self(http))
    }

    /// A small text.
    pub(super) async fn text(&self, url: &Url, most: u64) -> Result<String, FetchError> {
        String::from_utf8(self.bytes(url, most).await?).map_err(|_| FetchError::NoText(name(url)))
    }

    /// At most so many bytes.
    pub(super) async fn bytes(&self, url: &Url, most: u64) -> Result<Vec<u8>, FetchError> {
        let response = self.ask(url).await?;
        read(response, url, most, &format!("at most {most}")).await
    }

    /// Exactly so many bytes.
    pub(super) async fn exactly(&self, url: &Url, size: u64) -> Result<Vec<u8>, FetchError> {
        let response = self.ask(url).await?;
        let content = read(response, url, size, &size.to_string()).await?;
        if content.len() as u64 == size {
            return Ok(content);
        }
        Err(FetchError::Length {
            file: name(url),
            expected: size.to_string(),
            found: content.len().to_string(),
        })
    }

    async fn ask(&self, url: &Url) -> Result<Response, FetchError> {
        let response = self.0.get(url.clone()).send().await.map_err(broken)?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(FetchError::Status {
                file: name(url),
                status: response.status().as_u16(),
            })
        }
    }
}

async fn read(
    mut response: Response,
    url: &Url,
    most: u64,
    expected: &str,
) -> Result<Vec<u8>, FetchError> {
    let mut content = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if (content.len() + chunk.len()) as u64 > most {
            return Err(FetchError::Length {
                file: name(url),
                expected: expected.to_owned(),
                found: "more".to_owned(),
            });
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

fn broken(error: reqwest::Error) -> FetchError {
    FetchError::Unreachable(client::chain(&error.without_url()))
}

fn name(url: &Url) -> String {
    url.path_segments()
        .and_then(|mut parts| parts.next_back())
        .unwrap_or_default()
        .to_owned()
}
