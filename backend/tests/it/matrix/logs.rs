//! Everything that the server logs while the matrix runs, to be searched for what must not be
//! in it.

use std::{
    io,
    sync::{Mutex, OnceLock},
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static STARTED: OnceLock<()> = OnceLock::new();

#[derive(Clone, Copy)]
struct Keep;

impl io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES
            .lock()
            .expect("nobody panics while logging")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Keep {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

/// Keeps what is logged from now on, in more detail than anybody would ask for in earnest.
pub(super) fn keep() {
    STARTED.get_or_init(|| {
        let filter = EnvFilter::new("debug,workpulse_server=trace,sqlx=debug,hyper=debug");
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(false)
            .with_writer(Keep)
            .finish();
        tracing::subscriber::set_global_default(subscriber)
            .expect("nothing else in this program keeps logs");
    });
}

/// What was logged.
pub(super) fn text() -> String {
    let lines = LINES.lock().expect("nobody panics while logging");
    String::from_utf8_lossy(&lines).into_owned()
}
