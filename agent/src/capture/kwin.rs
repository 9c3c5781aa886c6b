//! The focused window of KDE, which tells it to scripts of its compositor and to nobody else.
//!
//! A small script, loaded into `KWin` over the person's bus, tells each change of the focus and of
//! its title to an object of this connection. Only `KWin` is listened to. The script is loaded
//! again when `KWin` was started anew, takes the place of one that an agent of before left, and is
//! unloaded at the end. Nothing here blocks for long; without `KWin` it is asked for once a minute.

use std::{env, path::PathBuf, sync::Arc, time::Duration};

use parking_lot::Mutex;
use zbus::{
    blocking::{Connection, Proxy, connection::Builder, fdo::DBusProxy},
    interface,
    message::Header,
};

use super::{Focus, NoFocus};
use crate::files;

const KWIN: &str = "org.kde.KWin";
const SCRIPTING: (&str, &str) = ("/Scripting", "org.kde.kwin.Scripting");
const SCRIPT: &str = "org.kde.kwin.Script";
/// The script's name in `KWin`, of which there is one.
const PLUGIN: &str = "workpulse-agent-window";
const OBJECT: &str = "/org/workpulse/Agent/Window";
const PATIENCE: Duration = Duration::from_millis(400);
/// Looks until a `KWin` that was not there is asked for again: a minute of them.
const LOOKS_BETWEEN: u32 = 12;

/// `KWin` 6 calls things windows, `KWin` 5 clients.
const TEXT: &str = r#"let active = null;
function tell() {
    callDBus("SERVICE", "OBJECT", "org.workpulse.Agent.Window", "Focus",
        active ? String(active.resourceClass) : "", active ? String(active.caption) : "");
}
function activated(window) {
    if (active && active.captionChanged) {
        active.captionChanged.disconnect(tell);
    }
    active = window;
    if (active && active.captionChanged) {
        active.captionChanged.connect(tell);
    }
    tell();
}
(workspace.windowActivated || workspace.clientActivated).connect(activated);
activated(workspace.activeWindow || workspace.activeClient || null);
"#;

/// What `KWin` has said.
#[derive(Debug, Default)]
struct Told {
    /// `KWin`'s own address on the bus.
    kwin: String,
    focus: Option<Result<Focus, NoFocus>>,
}

/// The object that the script calls.
struct Window(Arc<Mutex<Told>>);

#[interface(name = "org.workpulse.Agent.Window")]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that the macro wants"
)]
impl Window {
    fn focus(&self, application: &str, title: &str, #[zbus(header)] header: Header<'_>) {
        let mut told = self.0.lock();
        let by_kwin = header
            .sender()
            .is_some_and(|sender| sender.as_str() == told.kwin);
        if !by_kwin {
            return;
        }
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let focus = Focus {
            application: filled(application),
            title: filled(title),
            url: None,
            category_id: None,
        };
        told.focus = Some(if focus == Focus::default() {
            Err(NoFocus::NothingFocused)
        } else {
            Ok(focus)
        });
    }
}

/// `KWin` with our script in it.
struct Loaded {
    connection: Connection,
    told: Arc<Mutex<Told>>,
}

/// Asks KDE's compositor.
pub struct Kwin {
    address: Option<String>,
    /// Where the script is written for `KWin` to read: the person's own, and gone at log-out.
    dir: Option<PathBuf>,
    loaded: Option<Loaded>,
    looks_left: u32,
}

impl Default for Kwin {
    fn default() -> Self {
        Self {
            address: None,
            dir: env::var_os("XDG_RUNTIME_DIR")
                .filter(|dir| !dir.is_empty())
                .map(PathBuf::from),
            loaded: None,
            looks_left: 0,
        }
    }
}

impl Kwin {
    /// On the bus at this address, with the script in this directory.
    #[must_use]
    pub fn on(address: &str, dir: PathBuf) -> Self {
        Self {
            address: Some(address.to_owned()),
            dir: Some(dir),
            loaded: None,
            looks_left: 0,
        }
    }

    /// The focused window; `None` where there is no `KWin`, or it has not told yet.
    pub fn focus(&mut self) -> Option<Result<Focus, NoFocus>> {
        if let Some(loaded) = self.loaded.take_if(|loaded| !loaded.is_current()) {
            drop(loaded);
            self.looks_left = 0;
        }
        if self.loaded.is_none() {
            if self.looks_left > 0 {
                self.looks_left -= 1;
                return None;
            }
            self.looks_left = LOOKS_BETWEEN;
            self.loaded = self
                .load()
                .inspect_err(
                    |error| tracing::debug!(error = %error, "KWin tells no focused window"),
                )
                .ok();
        }
        self.loaded.as_ref()?.told.lock().focus.clone()
    }

    fn load(&self) -> zbus::Result<Loaded> {
        let failed = |why: String| zbus::Error::Failure(why);
        let dir = self
            .dir
            .as_ref()
            .ok_or_else(|| failed("there is no XDG_RUNTIME_DIR for the script".into()))?;
        let told = Arc::new(Mutex::new(Told::default()));
        let builder = match &self.address {
            Some(address) => Builder::address(address.as_str())?,
            None => Builder::session()?,
        };
        let connection = builder
            .method_timeout(PATIENCE)
            .serve_at(OBJECT, Window(Arc::clone(&told)))?
            .build()?;
        told.lock().kwin = owner(&connection)?;
        let service = connection
            .unique_name()
            .ok_or_else(|| failed("the bus gave no name".into()))?;
        let text = TEXT
            .replace("SERVICE", service.as_str())
            .replace("OBJECT", OBJECT);
        let path = dir.join(format!("{PLUGIN}.js"));
        files::replace(&path, text.as_bytes(), false).map_err(|error| failed(error.to_string()))?;
        let loaded = Loaded { connection, told };
        // One that an agent of before could not unload tells nobody any more.
        loaded.unload();
        let path = path
            .to_str()
            .ok_or_else(|| failed("the script's path is no text".into()))?;
        let scripting = Proxy::new(&loaded.connection, KWIN, SCRIPTING.0, SCRIPTING.1)?;
        let number: i32 = scripting.call("loadScript", &(path, PLUGIN))?;
        if number < 0 {
            return Err(failed("KWin did not take the script".into()));
        }
        // As KWin 6 calls it, then as KWin 5 does.
        let run = |object: String| -> zbus::Result<()> {
            Proxy::new(&loaded.connection, KWIN, object, SCRIPT)?.call("run", &())
        };
        run(format!("/Scripting/Script{number}")).or_else(|_| run(format!("/{number}")))?;
        Ok(loaded)
    }
}

impl Loaded {
    /// Whether the `KWin` that has the script still is the one that runs.
    fn is_current(&self) -> bool {
        owner(&self.connection).is_ok_and(|kwin| kwin == self.told.lock().kwin)
    }

    fn unload(&self) {
        let unloaded = Proxy::new(&self.connection, KWIN, SCRIPTING.0, SCRIPTING.1)
            .and_then(|scripting| scripting.call::<_, _, bool>("unloadScript", &PLUGIN));
        if let Err(error) = unloaded {
            tracing::debug!(error = %error, "KWin has no script to unload");
        }
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        self.unload();
    }
}

fn owner(connection: &Connection) -> zbus::Result<String> {
    let name = KWIN.try_into()?;
    Ok(DBusProxy::new(connection)?
        .get_name_owner(name)?
        .to_string())
}
