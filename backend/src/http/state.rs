//! What every handler can reach.

use std::{ops::Deref, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{
    auth::Auth, clock::SharedClock, config::Config, ingest::IngestHandle, live::LiveHub,
    mail::Mail, store::Store,
};

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The parts of [`AppState`].
pub struct Shared {
    /// The database.
    pub store: Store,
    /// Time and ids.
    pub clock: SharedClock,
    /// How this server was set up.
    pub config: Arc<Config>,
    /// Who may.
    pub auth: Auth,
    /// Where batches go in.
    pub ingest: IngestHandle,
    /// Where commits are announced.
    pub live: LiveHub,
    /// Where mails go out.
    pub mail: Mail,
    /// Cancelled when the server is about to stop: it goes on serving, and says that it is not
    /// ready, so that whoever spreads requests sends no new ones.
    pub leaving: CancellationToken,
    /// Cancelled when the server stops: long answers and sockets end themselves.
    pub shutdown: CancellationToken,
}

impl AppState {
    /// Shares the parts.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState")
            .field("engine", &self.store.engine())
            .finish_non_exhaustive()
    }
}
