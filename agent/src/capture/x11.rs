//! X11 through x11rb: about 30 microseconds a look, and typed answers where there is nothing
//! to see.
//!
//! Reads `_NET_ACTIVE_WINDOW`, then of that window `_NET_WM_NAME` (else `WM_NAME`), the class
//! part of `WM_CLASS` (else the name of the process `_NET_WM_PID`), and the idle time from the
//! `ScreenSaver` extension. Sizes are bounded by the requests themselves. A window that vanishes
//! between two requests reads as "nothing focused"; a server that went away is connected to
//! again at the next look. Behind a screen locker nothing is seen ([`locker`]).

mod locker;

use shared_types::{
    activity::{APPLICATION_MAX_CHARS, TITLE_MAX_CHARS},
    device::Capabilities,
};
use x11rb::{
    connection::Connection as _,
    errors::{ConnectError, ReplyError},
    protocol::{
        screensaver::ConnectionExt as _,
        xproto::{AtomEnum, ConnectionExt as _, GetPropertyReply, Window},
    },
    rust_connection::RustConnection,
};

use super::{Focus, Look, NoFocus, NoIdle, Probe};
use crate::presence::Away;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        _NET_ACTIVE_WINDOW,
        _NET_WM_NAME,
        _NET_WM_PID,
        _SCREENSAVER_STATUS,
        LOCK,
        WM_STATE,
        UTF8_STRING,
    }
}

/// Looks at the X11 display that `DISPLAY` names.
#[derive(Default)]
pub struct X11Probe {
    display: Option<String>,
    open: Option<Display>,
}

struct Display {
    connection: RustConnection,
    root: Window,
    atoms: Atoms,
    screensaver: bool,
    shape: bool,
}

impl X11Probe {
    /// Looks at the display of the environment; connects at the first look.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at this display, such as `:1`.
    #[must_use]
    pub fn on(display: &str) -> Self {
        Self {
            display: Some(display.to_owned()),
            open: None,
        }
    }

    fn display(&mut self) -> Result<&Display, (NoFocus, NoIdle)> {
        if self.open.is_none() {
            let name = match &self.display {
                Some(name) => Some(name.clone()),
                None => std::env::var("DISPLAY")
                    .ok()
                    .filter(|name| !name.is_empty()),
            };
            let Some(name) = name else {
                return Err((NoFocus::NoDisplay, NoIdle::NoDisplay));
            };
            self.open = Some(Display::open(&name).map_err(|error| {
                tracing::debug!(error = %error, "the X11 display cannot be opened");
                (NoFocus::NoDisplay, NoIdle::NoDisplay)
            })?);
        }
        Ok(self.open.as_ref().expect("opened above"))
    }
}

impl Probe for X11Probe {
    fn name(&self) -> &'static str {
        "x11"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            application: self.open.is_some(),
            title: self.open.is_some(),
            idle: self
                .open
                .as_ref()
                .is_some_and(|display| display.screensaver),
        }
    }

    fn look(&mut self) -> Look {
        let display = match self.display() {
            Ok(display) => display,
            Err((focus, idle)) => {
                return Look {
                    focus: Err(focus),
                    idle_millis: Err(idle),
                };
            }
        };
        let focus = display.focus();
        let idle = display.idle();
        // After the look: what was seen before a locker came is dropped with the rest.
        if display.covered().unwrap_or(false) {
            return Look::away(Away::Locked);
        }
        // The server went away: forget the connection, so that the next look makes a new one.
        let gone = matches!(focus, Err(ReplyError::ConnectionError(_)))
            || matches!(idle, Err(Some(ReplyError::ConnectionError(_))));
        let look = Look {
            focus: match focus {
                Ok(Some(focus)) => Ok(focus),
                // An X11 error here means that the window vanished between two requests.
                Ok(None) | Err(ReplyError::X11Error(_)) => Err(NoFocus::NothingFocused),
                Err(ReplyError::ConnectionError(error)) => Err(NoFocus::Failed(error.to_string())),
            },
            idle_millis: match idle {
                Ok(millis) => Ok(millis),
                Err(None) => Err(NoIdle::Unsupported),
                Err(Some(error)) => Err(NoIdle::Failed(error.to_string())),
            },
        };
        if gone {
            self.open = None;
        }
        look
    }
}

#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Reply(#[from] ReplyError),
}

impl From<x11rb::errors::ConnectionError> for OpenError {
    fn from(error: x11rb::errors::ConnectionError) -> Self {
        Self::Reply(error.into())
    }
}

impl Display {
    fn open(name: &str) -> Result<Self, OpenError> {
        let (connection, screen) = x11rb::connect(Some(name))?;
        let root = connection.setup().roots[screen].root;
        let atoms = Atoms::new(&connection)?.reply()?;
        let offers = |extension: &str| {
            let asked = connection.query_extension(extension.as_bytes())?;
            Ok::<_, OpenError>(asked.reply()?.present)
        };
        let screensaver = offers(x11rb::protocol::screensaver::X11_EXTENSION_NAME)?;
        let shape = offers(x11rb::protocol::shape::X11_EXTENSION_NAME)?;
        Ok(Self {
            connection,
            root,
            atoms,
            screensaver,
            shape,
        })
    }

    fn property(
        &self,
        window: Window,
        name: u32,
        kind: impl Into<u32>,
        most_bytes: usize,
    ) -> Result<GetPropertyReply, ReplyError> {
        // The length counts units of four bytes.
        let units = u32::try_from(most_bytes.div_ceil(4)).unwrap_or(u32::MAX);
        self.connection
            .get_property(false, window, name, kind, 0, units)?
            .reply()
    }

    fn focus(&self) -> Result<Option<Focus>, ReplyError> {
        let active = self.property(
            self.root,
            self.atoms._NET_ACTIVE_WINDOW,
            AtomEnum::WINDOW,
            4,
        )?;
        let Some(window) = active
            .value32()
            .and_then(|mut ids| ids.next())
            .filter(|id| *id != 0)
        else {
            return Ok(None);
        };
        Ok(Some(Focus {
            application: self.application(window)?,
            title: self.title(window)?,
            url: None,
            category_id: None,
        }))
    }

    fn title(&self, window: Window) -> Result<Option<String>, ReplyError> {
        let most = TITLE_MAX_CHARS * 4;
        let utf8 = self.property(
            window,
            self.atoms._NET_WM_NAME,
            self.atoms.UTF8_STRING,
            most,
        )?;
        if !utf8.value.is_empty() {
            return Ok(Some(text(&utf8.value, utf8.bytes_after > 0)));
        }
        let plain = self.property(window, AtomEnum::WM_NAME.into(), AtomEnum::ANY, most)?;
        if plain.value.is_empty() {
            return Ok(None);
        }
        Ok(Some(if plain.type_ == u32::from(AtomEnum::STRING) {
            // By the standard (ICCCM 2.7.1) STRING is Latin-1.
            plain.value.iter().map(|byte| char::from(*byte)).collect()
        } else {
            text(&plain.value, plain.bytes_after > 0)
        }))
    }

    fn application(&self, window: Window) -> Result<Option<String>, ReplyError> {
        let most = APPLICATION_MAX_CHARS * 4;
        let class = self.property(window, AtomEnum::WM_CLASS.into(), AtomEnum::ANY, most)?;
        // "instance\0class\0"; the class is the name that people know.
        let mut parts = class.value.split(|byte| *byte == 0);
        let instance = parts.next().filter(|part| !part.is_empty());
        let name = parts.next().filter(|part| !part.is_empty()).or(instance);
        if let Some(name) = name {
            return Ok(Some(text(name, class.bytes_after > 0)));
        }
        let pid = self.property(window, self.atoms._NET_WM_PID, AtomEnum::CARDINAL, 4)?;
        let pid = pid.value32().and_then(|mut ids| ids.next());
        Ok(pid.and_then(process_name))
    }

    fn idle(&self) -> Result<u64, Option<ReplyError>> {
        if !self.screensaver {
            return Err(None);
        }
        let info = self
            .connection
            .screensaver_query_info(self.root)
            .map_err(|error| Some(error.into()))?
            .reply()
            .map_err(Some)?;
        Ok(u64::from(info.ms_since_user_input))
    }
}

fn process_name(pid: u32) -> Option<String> {
    let name = std::fs::read(format!("/proc/{pid}/comm")).ok()?;
    let name = text(name.trim_ascii_end(), false);
    (!name.is_empty()).then_some(name)
}

/// Bytes as text; what is not UTF-8 becomes U+FFFD, except a character that our own bound cut.
fn text(bytes: &[u8], cut: bool) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if cut {
        text.trim_end_matches('\u{FFFD}').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_display_the_answer_is_typed() {
        let look = X11Probe::on(":59000").look();
        assert_eq!(look.focus, Err(NoFocus::NoDisplay));
        assert_eq!(look.idle_millis, Err(NoIdle::NoDisplay));
    }

    #[test]
    fn broken_utf8_is_carried_and_a_cut_character_is_dropped() {
        assert_eq!(text(b"a\xffb", false), "a\u{FFFD}b");
        assert_eq!(text("ab\u{1F600}".as_bytes().split_at(4).0, true), "ab");
    }

    #[test]
    fn a_process_that_is_gone_has_no_name() {
        assert_eq!(process_name(u32::MAX), None);
        assert!(process_name(std::process::id()).is_some());
    }
}
