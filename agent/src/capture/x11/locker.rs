//! Screen lockers that tell no bus: what they leave for an X client to see.
//!
//! - A running screen saver program of the `ScreenSaver` extension (kind "external"; the
//!   server's own blanking is only idle time).
//! - xscreensaver's `_SCREENSAVER_STATUS` on the root window, when it says LOCK.
//! - A window over the whole screen that stands above everything, is none of the window
//!   manager's business (override-redirect) and takes input: i3lock, slock, xsecurelock. A
//!   program that covers the screen in that way for another reason (choosing an area for a
//!   screenshot, an old game) counts as a lock as well: a gap is better than a look behind one.
//!
//! Not detectable: xtrlock and other lockers without a visible window, which show the windows
//! behind them on purpose.

use x11rb::{
    connection::Connection as _,
    errors::ReplyError,
    protocol::{
        screensaver::{ConnectionExt as _, Kind, State},
        shape::{ConnectionExt as _, SK},
        xproto::{AtomEnum, ConnectionExt as _, MapState, Window, WindowClass},
    },
};

use super::Display;

/// How many windows from the top are asked for whether they are shown.
const MOST_ASKED: usize = 48;
/// How deep a window manager puts a program's window into frames.
const FRAME_DEPTH: u8 = 2;
/// The server makes ids of its own with this bit or without a client's part.
const CLIENT_IDS_END: u32 = 0x2000_0000;

impl Display {
    /// A locker hides what has the focus.
    pub(super) fn covered(&self) -> Result<bool, ReplyError> {
        Ok(self.saver_runs()? || self.saver_locks()? || self.top_covers()?)
    }

    fn saver_runs(&self) -> Result<bool, ReplyError> {
        if !self.screensaver {
            return Ok(false);
        }
        let info = self.connection.screensaver_query_info(self.root)?.reply()?;
        Ok(info.state == u8::from(State::ON) && info.kind == Kind::EXTERNAL)
    }

    fn saver_locks(&self) -> Result<bool, ReplyError> {
        let status = self.atoms._SCREENSAVER_STATUS;
        let status = self.property(self.root, status, AtomEnum::INTEGER, 4)?;
        let state = status.value32().and_then(|mut values| values.next());
        Ok(state == Some(self.atoms.LOCK))
    }

    fn top_covers(&self) -> Result<bool, ReplyError> {
        // Bottom to top.
        let windows = self.connection.query_tree(self.root)?.reply()?.children;
        let mask = self.connection.setup().resource_id_mask;
        let from_top = windows
            .iter()
            .rev()
            // A compositor's overlay is the server's, and lies over everything all the time.
            .filter(|id| **id < CLIENT_IDS_END && **id & !mask != 0)
            .take(MOST_ASKED);
        let mut asked = Vec::with_capacity(MOST_ASKED);
        for window in from_top {
            asked.push((*window, self.connection.get_window_attributes(*window)?));
        }
        for (window, answer) in asked {
            let attributes = match answer.reply() {
                Ok(attributes) => attributes,
                // It has gone meanwhile.
                Err(ReplyError::X11Error(_)) => continue,
                Err(error) => return Err(error),
            };
            let shown = attributes.map_state == MapState::VIEWABLE
                && attributes.class == WindowClass::INPUT_OUTPUT;
            if !shown {
                continue;
            }
            let covers = self.covers(window)?;
            if !attributes.override_redirect || covers && self.holds_client(window, FRAME_DEPTH)? {
                // An ordinary window, or the window manager's frame around one.
                return Ok(false);
            }
            if covers && self.takes_input(window)? {
                return Ok(true);
            }
            // Menus, panels and overlays that only draw may stand above a locker.
        }
        Ok(false)
    }

    fn covers(&self, window: Window) -> Result<bool, ReplyError> {
        let screen = self.connection.get_geometry(self.root)?;
        let own = self.connection.get_geometry(window)?;
        let screen = screen.reply()?;
        let own = match own.reply() {
            Ok(own) => own,
            Err(ReplyError::X11Error(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let reaches = |at: i16, size: u16, whole: u16| {
            at <= 0 && i32::from(at) + i32::from(size) >= i32::from(whole)
        };
        Ok(reaches(own.x, own.width, screen.width) && reaches(own.y, own.height, screen.height))
    }

    /// Window managers mark the windows of programs, which lie in frames of their own.
    fn holds_client(&self, window: Window, depth: u8) -> Result<bool, ReplyError> {
        let state = self.atoms.WM_STATE;
        match self.property(window, state, AtomEnum::ANY, 4) {
            Ok(state) if state.type_ != 0 => return Ok(true),
            Ok(_) => {}
            Err(ReplyError::X11Error(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
        if depth == 0 {
            return Ok(false);
        }
        let children = match self.connection.query_tree(window)?.reply() {
            Ok(tree) => tree.children,
            Err(ReplyError::X11Error(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        for child in children.into_iter().rev().take(MOST_ASKED) {
            if self.holds_client(child, depth - 1)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An overlay that only draws lets input through.
    fn takes_input(&self, window: Window) -> Result<bool, ReplyError> {
        if !self.shape {
            return Ok(true);
        }
        let areas = self.connection.shape_get_rectangles(window, SK::INPUT)?;
        match areas.reply() {
            Ok(areas) => Ok(!areas.rectangles.is_empty()),
            Err(ReplyError::X11Error(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
