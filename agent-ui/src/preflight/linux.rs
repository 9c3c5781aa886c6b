//! Looking at a Linux desktop: display, tray library, session bus, panel.
//!
//! Every question is bounded in time: a display on a dead network host would otherwise hold
//! the start for minutes.

use std::{
    env,
    ffi::OsString,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use x11rb::{
    connection::Connection as _, protocol::xproto::ConnectionExt as _,
    rust_connection::RustConnection,
};

use super::{Display, Observed, TrayHost};

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// The names under which the tray library is loaded, the preferred one first.
const TRAY_LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

/// The name of the panel's side of status icons on the session bus.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

pub(super) fn observe() -> Observed {
    let (display, embeds) = display();
    let bus = session_bus();
    let notifier = matches!(bus, Ok(true));
    Observed {
        tray_host: match (&display, notifier, embeds) {
            (Display::Open(_), true, _) => TrayHost::StatusNotifier,
            (Display::Open(_), false, true) => TrayHost::XEmbed,
            (Display::Open(_), false, false) => TrayHost::None,
            _ => TrayHost::NotAsked,
        },
        display,
        tray_library: tray_library(),
        session_bus: bus.map(|_| ()),
    }
}

/// The display alone.
pub(super) fn observe_display() -> Display {
    display().0
}

/// Asks in a thread of its own and stops waiting after [`PATIENCE`]. A thread that never
/// comes back costs less than a start that never ends.
fn bounded<T: Send + 'static>(
    question: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (answer, wait) = mpsc::channel();
    thread::Builder::new()
        .name("preflight".to_owned())
        .spawn(move || answer.send(question()))
        .map_err(|error| error.to_string())?;
    wait.recv_timeout(PATIENCE).unwrap_or_else(|error| {
        Err(match error {
            RecvTimeoutError::Timeout => format!("no answer within {} s", PATIENCE.as_secs()),
            RecvTimeoutError::Disconnected => "the question itself failed".to_owned(),
        })
    })
}

/// The display, and whether an X11 panel takes icon windows.
///
/// Wayland first, as GTK does; one that does not answer falls back to X11, as GTK does too.
fn display() -> (Display, bool) {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let (wayland, x11) = (set("WAYLAND_DISPLAY"), set("DISPLAY"));
    let mut silent = None;
    if let Some(value) = &wayland {
        let name = format!("WAYLAND_DISPLAY={}", value.to_string_lossy());
        let socket = wayland_socket(value, set("XDG_RUNTIME_DIR"));
        match bounded(move || {
            UnixStream::connect(&socket).map_err(|error| format!("{}: {error}", socket.display()))
        }) {
            // Under Wayland icons go over the bus; the X11 panel is not asked.
            Ok(_) => return (Display::Open(name), false),
            Err(error) => silent = Some(Display::Silent { name, error }),
        }
    }
    if let Some(value) = &x11 {
        let name = format!("DISPLAY={}", value.to_string_lossy());
        let target = value.to_string_lossy().into_owned();
        match bounded(move || x11_embeds(&target)) {
            Ok(embeds) => return (Display::Open(name), embeds),
            Err(error) => silent = Some(Display::Silent { name, error }),
        }
    }
    (silent.unwrap_or(Display::NotNamed), false)
}

/// The socket that `WAYLAND_DISPLAY` names: an absolute path, or a name in the runtime
/// directory.
fn wayland_socket(name: &OsString, runtime_dir: Option<OsString>) -> PathBuf {
    // `join` keeps an absolute name as it is.
    runtime_dir.map_or_else(|| PathBuf::from(name), |dir| Path::new(&dir).join(name))
}

/// The highest display number: its TCP port would be 6000 more, and ports end at 65,535.
const MAX_DISPLAY_NUMBER: u16 = u16::MAX - 6_000;

/// Whether a display's number can exist. x11rb adds 6,000 to it without looking, and panics.
fn has_possible_number(display: &str) -> bool {
    let number = display.rsplit_once(':').map_or("", |(_, number)| number);
    let number = number.split_once('.').map_or(number, |(number, _)| number);
    // What is no number at all gets x11rb's own error.
    number
        .parse::<u64>()
        .map_or(true, |number| number <= u64::from(MAX_DISPLAY_NUMBER))
}

/// Opens the X11 display; whether a panel owns its icon selection.
fn x11_embeds(display: &str) -> Result<bool, String> {
    if !has_possible_number(display) {
        return Err(format!("display numbers end at {MAX_DISPLAY_NUMBER}"));
    }
    let (connection, screen) =
        RustConnection::connect(Some(display)).map_err(|error| error.to_string())?;
    // A panel without an icon area is no reason against the display.
    let owner = || {
        let name = format!("_NET_SYSTEM_TRAY_S{screen}");
        let atom = connection.intern_atom(false, name.as_bytes()).ok()?;
        let selection = connection
            .get_selection_owner(atom.reply().ok()?.atom)
            .ok()?;
        Some(selection.reply().ok()?.owner)
    };
    let embeds = owner().is_some_and(|window| window != x11rb::NONE);
    connection.flush().map_err(|error| error.to_string())?;
    Ok(embeds)
}

/// Whether a panel shows status icons, where the session bus answers.
fn session_bus() -> Result<bool, String> {
    let name = zbus::names::OwnedBusName::try_from(WATCHER).map_err(|error| error.to_string())?;
    bounded(move || {
        let ask = || {
            let bus = zbus::blocking::Connection::session()?;
            let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
            Ok::<_, zbus::Error>(names.name_has_owner(name.into_inner())?)
        };
        ask().map_err(|error| error.to_string())
    })
}

/// Where the tray library is, by the loader's own order: `LD_LIBRARY_PATH`, its cache, the
/// system's directories. Looked for, not loaded: loading needs `unsafe`.
fn tray_library() -> Option<String> {
    let listed = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let first: Vec<PathBuf> = env::split_paths(&listed)
        .filter(|dir| dir.is_absolute())
        .collect();
    in_directories(&first)
        .or_else(|| in_cache(&loader_cache()))
        .or_else(|| in_directories(&system_directories()))
}

fn in_directories(directories: &[PathBuf]) -> Option<String> {
    TRAY_LIBRARIES.iter().find_map(|name| {
        directories
            .iter()
            .map(|dir| dir.join(name))
            .find(|file| file.is_file())
            .map(|file| file.display().to_string())
    })
}

/// What `ldconfig -p` prints, or nothing where it cannot be run (musl, NixOS).
fn loader_cache() -> String {
    // It is not on an ordinary user's PATH everywhere.
    ["/sbin/ldconfig", "/usr/sbin/ldconfig", "ldconfig"]
        .iter()
        .find_map(|program| Command::new(program).arg("-p").output().ok())
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

/// The library's path in the text of `ldconfig -p`, for this processor: a 32-bit library
/// beside a 64-bit program is no help.
fn in_cache(cache: &str) -> Option<String> {
    let mark = match env::consts::ARCH {
        "x86_64" => "x86-64",
        "aarch64" => "AArch64",
        _ => "",
    };
    TRAY_LIBRARIES.iter().find_map(|name| {
        cache.lines().find_map(|line| {
            let (library, rest) = line.trim().split_once(' ')?;
            let (kind, path) = rest.split_once(" => ")?;
            (library == *name && kind.contains(mark) && Path::new(path).is_file())
                .then(|| path.to_owned())
        })
    })
}

fn system_directories() -> Vec<PathBuf> {
    let triplet = format!("{}-linux-gnu", env::consts::ARCH);
    ["/lib", "/usr/lib", "/usr/local/lib"]
        .iter()
        .map(|base| Path::new(base).join(&triplet))
        .chain(["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"].map(PathBuf::from))
        .chain([PathBuf::from("/run/current-system/sw/lib")])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_preferred_library_wins_wherever_it_lies() {
        let dir = tempfile::tempdir().expect("a directory");
        let (first, second) = (dir.path().join("a"), dir.path().join("b"));
        for (place, name) in [(&first, TRAY_LIBRARIES[1]), (&second, TRAY_LIBRARIES[0])] {
            fs::create_dir(place).expect("created");
            fs::write(place.join(name), b"").expect("written");
        }
        let places = [first.clone(), second.clone()];
        let found = in_directories(&places).expect("found");
        assert_eq!(Path::new(&found), second.join(TRAY_LIBRARIES[0]));
        let other = in_directories(&places[..1]).expect("found");
        assert_eq!(Path::new(&other), first.join(TRAY_LIBRARIES[1]));
        assert_eq!(in_directories(&[dir.path().to_owned()]), None);
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn the_loader_cache_is_read_for_this_processor_and_only_for_files_that_exist() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join(TRAY_LIBRARIES[0]);
        fs::write(&file, b"").expect("written");
        let line = |kind: &str| format!("\t{} ({kind}) => {}\n", TRAY_LIBRARIES[0], file.display());
        let header = "2 libs found in cache `/etc/ld.so.cache'\n";

        let both = format!("{header}{}{}", line("libc6"), line("libc6,x86-64"));
        assert_eq!(in_cache(&both), Some(file.display().to_string()));
        assert_eq!(in_cache(&format!("{header}{}", line("libc6"))), None);
        fs::remove_file(&file).expect("removed");
        assert_eq!(in_cache(&both), None);
    }

    #[test]
    fn a_wayland_name_is_a_file_in_the_runtime_directory_or_a_path_of_its_own() {
        let runtime = || Some(OsString::from("/run/user/7"));
        assert_eq!(
            wayland_socket(&"wayland-1".into(), runtime()),
            Path::new("/run/user/7/wayland-1")
        );
        assert_eq!(
            wayland_socket(&"/tmp/way".into(), runtime()),
            Path::new("/tmp/way")
        );
        assert_eq!(
            wayland_socket(&"wayland-1".into(), None),
            Path::new("wayland-1")
        );
    }

    #[test]
    fn a_display_number_that_cannot_exist_is_an_error_and_no_panic() {
        for (display, possible) in [
            (":0", true),
            (":59535.1", true),
            (":59536", false),
            (":65535.0", false),
            (":99999999999999999999999", true),
            ("nonsense", true),
        ] {
            assert_eq!(has_possible_number(display), possible, "{display}");
            assert!(x11_embeds(display).is_err() || display == ":0", "{display}");
        }
    }

    #[test]
    fn an_answer_that_fails_is_told_as_it_is() {
        assert_eq!(bounded(|| Ok(1)), Ok(1));
        assert_eq!(bounded::<()>(|| Err("no".to_owned())), Err("no".to_owned()));
    }
}
