//! The idle time of GNOME, which its compositor tells over the person's bus.

use std::time::Duration;

use zbus::blocking::{Connection, connection::Builder};

const NAME: &str = "org.gnome.Mutter.IdleMonitor";
const PATH: &str = "/org/gnome/Mutter/IdleMonitor/Core";
const PATIENCE: Duration = Duration::from_millis(400);

/// Asks GNOME's compositor; connects at the first question.
#[derive(Default)]
pub struct Mutter {
    address: Option<String>,
    open: Option<Connection>,
}

impl Mutter {
    /// On the bus at this address.
    #[must_use]
    pub fn on(address: &str) -> Self {
        Self {
            address: Some(address.to_owned()),
            open: None,
        }
    }

    /// Milliseconds since the last input; `None` where there is no such compositor, or no answer.
    pub fn idle_millis(&mut self) -> Option<u64> {
        // Put back only after an answer: a connection that failed is made anew.
        let connection = match self.open.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let answer = connection
            .call_method(Some(NAME), PATH, Some(NAME), "GetIdletime", &())
            .inspect_err(
                |error| tracing::debug!(error = %error, "GNOME does not tell the idle time"),
            )
            .ok()?;
        let idle = answer.body().deserialize().ok()?;
        self.open = Some(connection);
        Some(idle)
    }

    fn connect(&self) -> Option<Connection> {
        let builder = match &self.address {
            Some(address) => Builder::address(address.as_str()),
            None => Builder::session(),
        };
        builder.ok()?.method_timeout(PATIENCE).build().ok()
    }
}
