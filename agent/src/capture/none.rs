//! The probe of a system without a desktop that we can look at.

use shared_types::device::Capabilities;

use super::{Look, NoFocus, NoIdle, Probe};

/// Sees nothing, and says so: its time is `unobserved`, never active.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoProbe;

impl Probe for NoProbe {
    fn name(&self) -> &'static str {
        "none"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    fn look(&mut self) -> Look {
        Look {
            focus: Err(NoFocus::NoDisplay),
            idle_millis: Err(NoIdle::NoDisplay),
        }
    }
}
