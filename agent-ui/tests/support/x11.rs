//! The display as the test sees it: whose windows stand where.

use x11rb::{
    connection::Connection as _,
    protocol::xproto::{
        AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window,
    },
    rust_connection::RustConnection,
};

/// A look at one display.
pub(crate) struct Screen {
    connection: RustConnection,
    root: Window,
    number: usize,
}

impl Screen {
    /// Opens the display.
    pub(crate) fn open(display: &str) -> Self {
        let (connection, number) =
            RustConnection::connect(Some(display)).expect("the display answers");
        let root = connection.setup().roots[number].root;
        Self {
            connection,
            root,
            number,
        }
    }

    /// The panel's window that takes icons, once there is one.
    pub(crate) fn icon_area(&self) -> Option<Window> {
        let name = format!("_NET_SYSTEM_TRAY_S{}", self.number);
        let atom = self.connection.intern_atom(false, name.as_bytes()).ok()?;
        let atom = atom.reply().ok()?.atom;
        let owner = self
            .connection
            .get_selection_owner(atom)
            .ok()?
            .reply()
            .ok()?;
        (owner.owner != x11rb::NONE).then_some(owner.owner)
    }

    /// Windows of the tray app that can be seen, each with whether it stands in the panel.
    pub(crate) fn visible(&self) -> Vec<Visible> {
        let mut found = Vec::new();
        self.search(self.root, false, &mut found);
        found
    }

    /// The app's own windows: what can be seen outside of the panel.
    pub(crate) fn opened(&self) -> Vec<Visible> {
        let mut seen = self.visible();
        seen.retain(|window| !window.in_panel);
        seen
    }

    /// Asks the window manager to close a window, as its cross does.
    pub(crate) fn close(&self, closed: &Visible) {
        let atom = self
            .connection
            .intern_atom(false, b"_NET_CLOSE_WINDOW")
            .ok()
            .and_then(|cookie| cookie.reply().ok())
            .expect("the display knows the name")
            .atom;
        let message = ClientMessageEvent::new(32, closed.window, atom, [0, 2, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection
            .send_event(false, self.root, mask, message)
            .expect("it is sent");
        self.connection.flush().expect("it is sent");
    }

    fn search(&self, window: Window, in_panel: bool, found: &mut Vec<Visible>) {
        // Windows come and go while we look: whatever does not answer is not there.
        let class = self.class(window).unwrap_or_default();
        let in_panel = in_panel || class.contains("tint2");
        let own = ["tray app workpulse", "workpulse-tray", "workpulse-window"];
        if own.iter().any(|name| class.contains(name)) {
            let state = self
                .connection
                .get_window_attributes(window)
                .ok()
                .and_then(|cookie| cookie.reply().ok());
            if state.is_some_and(|state| state.map_state == MapState::VIEWABLE) {
                found.push(Visible {
                    in_panel,
                    window,
                    class,
                });
            }
        }
        let tree = self
            .connection
            .query_tree(window)
            .ok()
            .and_then(|cookie| cookie.reply().ok());
        for child in tree.map(|tree| tree.children).unwrap_or_default() {
            self.search(child, in_panel, found);
        }
    }

    fn class(&self, window: Window) -> Option<String> {
        let reply = self
            .connection
            .get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 64)
            .ok()?
            .reply()
            .ok()?;
        Some(String::from_utf8_lossy(&reply.value).to_lowercase())
    }
}

/// A window that can be seen.
#[derive(Debug)]
pub(crate) struct Visible {
    /// Whether it stands inside the panel.
    pub(crate) in_panel: bool,
    /// The window itself.
    window: Window,
    /// How it calls itself, for messages.
    #[expect(dead_code, reason = "read through Debug when a test fails")]
    pub(crate) class: String,
}
