//! TLS: the certificate and its key, read again when they change.
//!
//! A renewed certificate is taken up without a restart: the files are looked at every few
//! seconds, and at once on SIGHUP. Files that cannot be used leave the certificate in force
//! as it is, and say so.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use parking_lot::RwLock;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio_util::sync::CancellationToken;

use crate::config::TlsConfig;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or holds no PEM of its kind.
    #[error("{path}: {problem}")]
    File {
        /// Which.
        path: String,
        /// Why.
        problem: String,
    },
    /// The key is not the certificate's, or of a kind that is not supported.
    #[error("the certificate and its key do not go together: {0}")]
    Pair(#[from] rustls::Error),
}

/// When two files were written, and how long they are.
type Stamp = [Option<(SystemTime, u64)>; 2];

/// The certificate in force.
#[derive(Debug)]
pub struct Certificates {
    files: TlsConfig,
    current: RwLock<(Arc<ServerConfig>, Stamp)>,
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn load(files: &TlsConfig) -> Result<Arc<Self>, TlsError> {
        let stamp = stamp(files);
        Ok(Arc::new(Self {
            current: RwLock::new((read(files)?, stamp)),
            files: files.clone(),
        }))
    }

    /// What a new connection is greeted with.
    #[must_use]
    pub fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.read().0)
    }

    /// Takes up the files if they have changed; whether they had.
    ///
    /// # Errors
    /// When they cannot be used: the certificate in force stays.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let stamp = stamp(&self.files);
        if self.current.read().1 == stamp {
            return Ok(false);
        }
        let outcome = read(&self.files);
        let mut current = self.current.write();
        // Files that cannot be used are reported once, not at every look.
        current.1 = stamp;
        current.0 = outcome?;
        Ok(true)
    }

    /// Looks at the files until `stop`; at once when told to.
    pub async fn watch(&self, stop: CancellationToken) {
        let mut told = told();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
                () = told.next() => {}
            }
            match self.reload() {
                Ok(false) => {}
                Ok(true) => tracing::info!("took up the new certificate"),
                Err(error) => {
                    tracing::error!(cause = %error, "the new certificate cannot be used; the one before stays in force");
                }
            }
        }
    }
}

fn stamp(files: &TlsConfig) -> Stamp {
    [&files.certificate, &files.key].map(|path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}

fn read(files: &TlsConfig) -> Result<Arc<ServerConfig>, TlsError> {
    let refused = |path: &Path, problem: String| TlsError::File {
        path: path.display().to_string(),
        problem,
    };
    let certificates: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(&files.certificate)
            .and_then(Iterator::collect)
            .map_err(|error| refused(&files.certificate, error.to_string()))?;
    if certificates.is_empty() {
        return Err(refused(
            &files.certificate,
            "holds no certificate in PEM".to_owned(),
        ));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| refused(&files.key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// SIGHUP, where there is one.
#[cfg(unix)]
struct Told(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
fn told() -> Told {
    let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup());
    Told(signal.ok())
}

#[cfg(unix)]
impl Told {
    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
struct Told;

#[cfg(not(unix))]
fn told() -> Told {
    Told
}

#[cfg(not(unix))]
impl Told {
    async fn next(&mut self) {
        std::future::pending().await
    }
}
