//! Configuration: flags, then the environment, then a file, then defaults.
//!
//! One documented struct per concern; [`sources`] puts the layers together and refuses keys
//! that nobody knows, naming them.

pub mod data_dir;
mod keys;
mod public_url;
pub mod sources;
#[cfg(test)]
mod sources_tests;

pub use public_url::PublicUrl;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    domain::webhook_address::Networks,
    store::{DatabaseTarget, Store, StoreError},
};

/// Everything that the server was told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server keeps what is its own: the embedded database, the signing secret.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseConfig,
    /// Addresses.
    pub http: HttpConfig,
    /// Live events.
    pub live: LiveConfig,
    /// Scheduled work.
    pub jobs: JobsConfig,
    /// Webhooks.
    pub webhooks: WebhookConfig,
    /// Where mails go out; absent: links are shown to be copied.
    pub mail: Option<MailConfig>,
    /// Logs.
    pub log: LogConfig,
}

/// Scheduled work.
#[derive(Debug, Clone, Copy)]
pub struct JobsConfig {
    /// How long a job is a worker's without being renewed, 3 to 45 s: a dead worker's job is
    /// taken over after it.
    pub lease: Duration,
}

/// Webhooks.
#[derive(Debug, Clone, Default)]
pub struct WebhookConfig {
    /// Networks beside the public Internet that they may go to, also without TLS.
    pub networks: Networks,
}

/// Where mails go out. Links in them lead to the public address, which must be configured.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The mail server, with a password where it asks for one.
    pub smtp_url: SecretString,
    /// The sender, such as `WorkPulse <workpulse@example.org>`.
    pub from: String,
}

/// The database.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// Which.
    pub target: DatabaseTarget,
    /// Connections for requests, 2 to 200.
    pub connections: u32,
    /// Transactions that ingest may have open at once on PostgreSQL, 1 to 32. SQLite has one.
    pub committers: u32,
    /// A copy of the server's database that follows it, for reports; `None`: they are read where
    /// everything else is.
    pub replica: Option<ReplicaConfig>,
}

/// A read replica.
#[derive(Debug, Clone)]
pub struct ReplicaConfig {
    /// `postgres://…`, with a password where it asks for one.
    pub url: SecretString,
    /// By how much it may be behind and still be used, 1 s to 1 h.
    pub most_lag: Duration,
}

impl DatabaseConfig {
    /// Opens the database, and the replica where there is one, to serve and without migrating.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the file cannot be made or written, with what to do.
    pub async fn open(&self) -> Result<Store, StoreError> {
        let store = Store::open_to_serve(&self.target, self.connections).await?;
        match &self.replica {
            None => Ok(store),
            Some(replica) => store.with_replica(
                replica.url.expose_secret(),
                self.connections,
                replica.most_lag,
            ),
        }
    }
}

/// Live events.
#[derive(Debug, Clone, Copy)]
pub struct LiveConfig {
    /// How often the log is looked at though no instance has said anything, 1 s to 1 h. Without
    /// notices (SQLite, a listener that is away) it is each second.
    pub look: Duration,
}

/// Addresses.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Where the API and the dashboard are served.
    pub listen: SocketAddr,
    /// Where metrics are served; `None`: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// How browsers reach this server, where that is not `listen` (a proxy, a name).
    pub public_url: Option<PublicUrl>,
    /// The certificate and its key, where the server itself speaks TLS; `None`: plain HTTP,
    /// behind a proxy or on this machine only.
    pub tls: Option<TlsConfig>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long the server goes on serving after it has said that it will stop, 0 to 300 s.
    pub drain: Duration,
}

/// Where the certificate is; both files are read again when they change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsConfig {
    /// PEM: the server's certificate first, then those that lead to a known authority.
    pub certificate: PathBuf,
    /// PEM: its private key.
    pub key: PathBuf,
}

impl HttpConfig {
    /// Whether browsers reach this server by HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.tls.is_some() || self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Whether the address is that of a configured proxy.
    #[must_use]
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.trusted_proxies
            .iter()
            .any(|net| net.contains(&address))
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// Logs.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// What is logged, such as `info` or `info,workpulse_server::ingest=debug`.
    pub filter: String,
    /// How it looks.
    pub format: LogFormat,
}

impl Config {
    /// What a server without any configuration uses, with its data in `data_dir`.
    #[must_use]
    pub fn defaults(data_dir: PathBuf) -> Self {
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self {
            database: DatabaseConfig {
                target: DatabaseTarget::File(data_dir.join("workpulse.db")),
                connections: 16,
                committers: 2,
                replica: None,
            },
            data_dir,
            http: HttpConfig {
                listen: local(3000),
                metrics_listen: Some(local(3001)),
                public_url: None,
                tls: None,
                trusted_proxies: Vec::new(),
                drain: Duration::ZERO,
            },
            live: LiveConfig {
                look: Duration::from_secs(3),
            },
            jobs: JobsConfig {
                lease: Duration::from_secs(30),
            },
            webhooks: WebhookConfig::default(),
            mail: None,
            log: LogConfig {
                filter: "info".to_owned(),
                format: LogFormat::Text,
            },
        }
    }
}
