//! The way out: one `POST`, to an address that was asked about first.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use http::header::{CONTENT_TYPE, HeaderName};
use reqwest::{
    Client, ClientBuilder, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use shared_types::{DeliveryId, Timestamp};

use super::signature::signatures;
use crate::{
    domain::webhook_address::{Networks, literal},
    store::webhooks::Signing,
};

/// How long the whole conversation may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// What is read of an answer, in bytes: the rest is not waited for.
const MOST_ANSWER: usize = 2_048;
/// What is kept of it, in characters.
const EXCERPT: usize = 500;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// The name leads to addresses where webhooks must not go.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("webhooks may not go to this address")
    }
}

impl Error for Refused {}

/// The name could not be resolved.
#[derive(Debug)]
struct Unresolved(std::io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name could not be resolved: {}", self.0)
    }
}

impl Error for Unresolved {}

/// Resolves names, and gives out addresses that may be connected to, and no others. Whoever
/// connects uses these and does not ask again.
#[derive(Debug)]
struct Guard {
    networks: Networks,
    tls: bool,
}

impl Guard {
    fn pick(&self, all: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let fine: Vec<SocketAddr> = all
            .filter(|found| self.networks.admit(found.ip(), self.tls))
            .collect();
        if fine.is_empty() {
            Err(Refused)
        } else {
            Ok(fine)
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Self {
            networks: self.networks.clone(),
            tls: self.tls,
        };
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(Unresolved)?;
            let fine: Addrs = Box::new(guard.pick(found)?.into_iter());
            Ok(fine)
        })
    }
}

/// What came of an attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// The answer's status.
    pub(super) status: Option<u16>,
    /// What was wrong, as a word.
    pub(super) error: Option<&'static str>,
    /// The beginning of the answer.
    pub(super) answer: Option<String>,
}

impl Sent {
    fn failed(error: &'static str) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }
}

/// Sends messages, with TLS and, where IT has listed networks, without.
#[derive(Debug)]
pub(super) struct Outgoing {
    networks: Networks,
    secure: Client,
    plain: Client,
}

impl Outgoing {
    pub(super) fn new(networks: Networks) -> Result<Self, reqwest::Error> {
        let client = |tls: bool| -> ClientBuilder {
            let guard = Guard {
                networks: networks.clone(),
                tls,
            };
            Client::builder()
                .user_agent(concat!("WorkPulse/", env!("CARGO_PKG_VERSION")))
                .https_only(tls)
                .dns_resolver(Arc::new(guard))
                // A proxy would resolve the name itself, and a redirect leads past the guard.
                .no_proxy()
                .redirect(Policy::none())
                .no_gzip()
                .connect_timeout(CONNECT)
                .timeout(PATIENCE)
                .pool_idle_timeout(Duration::from_secs(30))
        };
        Ok(Self {
            secure: client(true).build()?,
            plain: client(false).build()?,
            networks,
        })
    }

    /// Sends one message, signed as of `now`.
    pub(super) async fn send(
        &self,
        to: &Signing,
        id: DeliveryId,
        body: &str,
        now: Timestamp,
    ) -> Sent {
        let Ok(url) = Url::parse(&to.url) else {
            return Sent::failed("address");
        };
        let (client, tls) = match url.scheme() {
            "https" => (&self.secure, true),
            "http" => (&self.plain, false),
            _ => return Sent::failed("address"),
        };
        // The resolver is asked about names only. What IT has listed may have changed since.
        if literal(&url).is_some_and(|address: IpAddr| !self.networks.admit(address, tls)) {
            return Sent::failed("address");
        }
        let seconds = now.as_millis().div_euclid(1_000);
        let id = id.to_string();
        let Some(signature) = signatures(&to.secrets, &id, seconds, body) else {
            return Sent::failed("secret");
        };
        let answer = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(ID, id)
            .header(TIMESTAMP, seconds)
            .header(SIGNATURE, signature)
            .body(body.to_owned())
            .send()
            .await;
        match answer {
            Ok(answer) => read(answer).await,
            Err(error) => Sent::failed(word(&error)),
        }
    }
}

/// What was wrong, as a word: never the error's own text, which repeats the URL.
fn word(error: &reqwest::Error) -> &'static str {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if found.is::<Refused>() {
            return "address";
        }
        if found.is::<Unresolved>() {
            return "name";
        }
        cause = found.source();
    }
    if error.is_timeout() {
        "timeout"
    } else {
        "connection"
    }
}

async fn read(mut answer: reqwest::Response) -> Sent {
    let status = answer.status();
    let mut bytes = Vec::new();
    // An answer that breaks off still has its status, and that is what counts.
    while bytes.len() < MOST_ANSWER
        && let Ok(Some(piece)) = answer.chunk().await
    {
        bytes.extend_from_slice(&piece[..piece.len().min(MOST_ANSWER - bytes.len())]);
    }
    let error = match status.as_u16() {
        200..=299 => None,
        300..=399 => Some("redirect"),
        _ => Some("status"),
    };
    Sent {
        status: Some(status.as_u16()),
        error,
        answer: excerpt(&bytes),
    }
}

/// The beginning of an answer, as a text of its own line breaks and no other control characters.
fn excerpt(bytes: &[u8]) -> Option<String> {
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .take(EXCERPT)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_names_addresses_only_those_that_may_be_connected_to_are_given_out() {
        let guard = Guard {
            networks: Networks::default(),
            tls: true,
        };
        let both = ["127.0.0.1:0", "93.184.216.34:0"].map(|text| text.parse().expect("one"));
        let fine = guard.pick(both.into_iter()).expect("one is fine");
        assert_eq!(fine, [both[1]]);
        assert!(guard.pick(both[..1].iter().copied()).is_err());
        assert!(guard.pick(std::iter::empty()).is_err());
    }

    #[test]
    fn an_answer_is_kept_without_control_characters_and_cut() {
        assert_eq!(excerpt(b" \0\x1b "), None);
        assert_eq!(
            excerpt(b"a\x1b[31m\nb\xff").as_deref(),
            Some("a[31m\nb\u{fffd}")
        );
        let long = "\u{e9}".repeat(EXCERPT + 1);
        let kept = excerpt(long.as_bytes()).expect("some");
        assert_eq!(kept.chars().count(), EXCERPT);
    }
}
