//! The way to the mail server.

use std::time::Duration;

use anyhow::Context as _;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::Error as SmtpError,
};
use secrecy::ExposeSecret as _;

use super::texts::Text;
use crate::config::{MailConfig, PublicUrl};

/// How long each step of the conversation may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub(super) struct SendError {
    /// Trying again changes nothing.
    pub(super) permanent: bool,
    /// A reply's number, or a word. Never the mail server's text: that repeats addresses.
    pub(super) code: String,
}

/// A mail server, a sender, and where links lead.
#[derive(Debug)]
pub(super) struct Outgoing {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    pub(super) public_url: PublicUrl,
}

/// What is wrong with a mail server's address, if anything. It is not repeated: it may hold a
/// password.
#[must_use]
pub fn address_problem(url: &str) -> Option<&'static str> {
    const EXPECTED: &str = "expected smtps://user:password@host, smtp://user:password@host?tls=required, or smtp://host";
    if AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_err() {
        return Some(EXPECTED);
    }
    let rest = url.strip_prefix("smtp://")?;
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (credentials, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    (!credentials.is_empty() && !here && !tail.contains("tls=required"))
        .then_some("this would send the password in the clear: use smtps://, or add ?tls=required")
}

impl Outgoing {
    pub(super) fn new(config: &MailConfig, public_url: PublicUrl) -> anyhow::Result<Self> {
        let url = config.smtp_url.expose_secret();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| anyhow::anyhow!("the mail server's address cannot be used"))?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Self {
            transport,
            from: config.from.parse().context("the sender's address")?,
            public_url,
        })
    }

    /// Connects, says who we are, and leaves; a word for what went wrong. Sends nothing.
    pub(super) async fn check(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("no answer".to_owned()),
            Err(error) => Err(send_error(&error).code),
        }
    }

    /// Sends a mail that is known by `key`: whoever gets it twice can tell.
    pub(super) async fn send(&self, to: &str, text: Text, key: &str) -> Result<(), SendError> {
        let unusable = |code: &str| SendError {
            permanent: true,
            code: code.to_owned(),
        };
        let address = to.parse().map_err(|_| unusable("address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .message_id(Some(format!("<{key}@{}>", self.from.email.domain())))
            .subject(text.subject)
            .header(ContentType::TEXT_PLAIN)
            // An answering machine is not to answer.
            .raw_header(auto_submitted())
            .body(text.body)
            .map_err(|_| unusable("message"))?;
        self.transport
            .send(message)
            .await
            .map(drop)
            .map_err(|error| send_error(&error))
    }
}

fn auto_submitted() -> lettre::message::header::HeaderValue {
    lettre::message::header::HeaderValue::new(
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    )
}

fn send_error(error: &SmtpError) -> SendError {
    let code = if let Some(status) = error.status() {
        status.to_string()
    } else if error.is_timeout() {
        "timeout".to_owned()
    } else if error.is_tls() {
        "tls".to_owned()
    } else if error.is_client() {
        "client".to_owned()
    } else if error.is_response() {
        "response".to_owned()
    } else {
        "connection".to_owned()
    };
    SendError {
        permanent: error.is_permanent(),
        code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_through_tls_or_nowhere() {
        for fine in [
            "smtp://mail.acme.test",
            "smtp://mail.acme.test:2525",
            "smtps://me:secret@mail.acme.test",
            "smtp://me:secret@mail.acme.test?tls=required",
            "smtp://me:secret@127.0.0.1:2525",
        ] {
            assert_eq!(address_problem(fine), None, "{fine}");
        }
        for wrong in [
            "",
            "mail.acme.test",
            "http://mail.acme.test",
            "smtp://me:secret@mail.acme.test",
            "smtp://me:secret@mail.acme.test?tls=opportunistic",
            "smtp://me:secret@127.0.0.1.evil.test",
        ] {
            let problem = address_problem(wrong).expect(wrong);
            assert!(!problem.contains("secret"), "{problem}");
        }
    }
}
