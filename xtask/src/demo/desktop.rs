//! The desktop that this machine's agent looks at: the real one, or a virtual one with a
//! window manager, real windows, and hands that move the focus and type.

use std::{
    fs,
    io::{BufRead, BufReader, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    clock::Stopwatch,
    cmd::{Background, Cmd},
    stop,
};

/// Windows of the virtual desktop: class, title, what is typed there.
const WINDOWS: [(&str, &str, &str); 3] = [
    (
        "Editor",
        "invoice_export.rs - northwind/billing",
        "let total = lines.iter().sum();\n",
    ),
    (
        "Mail",
        "Inbox (3) - you@northwind.example",
        "Thanks, I will have a look today.\n",
    ),
    (
        "Terminal",
        "cargo test - billing",
        "cargo test --package billing\n",
    ),
];
/// A machine that compiles on all cores meanwhile may need nearly as long.
const START_LIMIT: Duration = Duration::from_mins(1);
/// How long the focus stays on one window.
const TURNS_PER_WINDOW: u32 = 4;
const TURN: Duration = Duration::from_secs(5);

/// A virtual desktop. Dropping it ends its windows, its window manager and its server.
pub(crate) struct Virtual {
    // Dropped in this order: windows first, the server last.
    windows: Vec<Background>,
    _manager: Background,
    _server: Background,
    display: String,
    authority: PathBuf,
}

impl Virtual {
    /// Starts Xvfb on a display number of its choice, openbox and the windows.
    pub(crate) fn start(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let authority = dir.join("Xauthority");
        write_authority(&authority)?;
        let (server, pipe) = Cmd::new(
            "Xvfb",
            &[
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x800x24",
                "-nolisten",
                "tcp",
                // A server begins anew when its last client leaves; whoever comes just then,
                // such as the window manager, is thrown out.
                "-noreset",
                "-auth",
            ],
        )
        .arg(&authority)
        .start_piped("Xvfb", &dir.join("xvfb.log"))?;
        let mut number = String::new();
        BufReader::new(pipe)
            .read_line(&mut number)
            .context("Xvfb gave no display")?;
        let number = number.trim();
        if number.is_empty() {
            bail!("Xvfb did not start; see {}", dir.join("xvfb.log").display());
        }
        let display = format!(":{number}");
        let on_display = |cmd: Cmd| {
            cmd.env("DISPLAY", &display)
                .env("XAUTHORITY", &authority)
                .without_env("WAYLAND_DISPLAY")
        };
        let manager = on_display(Cmd::new("openbox", &["--sm-disable"]))
            .start("openbox", &dir.join("openbox.log"))?;
        let hands = Hands {
            display: display.clone(),
            authority: authority.clone(),
        };
        // A window that is mapped while the manager starts may never be taken over by it.
        wait_for("the window manager", || hands.is_managed())?;
        let mut windows = Vec::new();
        for (class, title, _) in WINDOWS {
            // It only swallows what is typed: a shell would be a door.
            let xterm = Cmd::new("xterm", &["-class", class, "-T", title, "-e", "cat"]);
            windows.push(on_display(xterm).start("xterm", &dir.join("xterm.log"))?);
        }
        let desktop = Self {
            windows,
            _manager: manager,
            _server: server,
            display,
            authority,
        };
        desktop.wait_for_windows()?;
        Ok(desktop)
    }

    /// What a program needs to see this desktop.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("DISPLAY", self.display.clone()),
            ("XAUTHORITY", self.authority.display().to_string()),
        ]
    }

    /// What moves the focus; it can run while the desktop stays here.
    pub(crate) fn hands(&self) -> Hands {
        Hands {
            display: self.display.clone(),
            authority: self.authority.clone(),
        }
    }

    fn wait_for_windows(&self) -> Result<()> {
        let hands = self.hands();
        for (class, _, _) in WINDOWS {
            // The window manager must have taken it over, or it cannot be given the focus.
            wait_for("a window of the virtual desktop", || {
                hands.focus(class).is_ok() || {
                    hands.map_again(class);
                    false
                }
            })?;
        }
        Ok(())
    }

    /// Fails if a window has been closed or has crashed.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.windows.iter_mut().try_for_each(Background::check)
    }
}

/// What moves the focus and types.
#[derive(Clone)]
pub(crate) struct Hands {
    display: String,
    authority: PathBuf,
}

impl Hands {
    /// Works until a stop is asked for: some words here, some words there.
    pub(crate) fn work(&self) {
        for (class, _, words) in WINDOWS.iter().cycle() {
            // A missed turn is no harm: the next one comes.
            let _ = self.focus(class);
            for _ in 0..TURNS_PER_WINDOW {
                let _ = self.xdotool(&["type", "--delay", "40", words]);
                if stop::wait(TURN) {
                    return;
                }
            }
        }
    }

    /// Whether a window manager has said that it is there.
    fn is_managed(&self) -> bool {
        let root = Cmd::new("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"])
            .env("DISPLAY", &self.display)
            .env("XAUTHORITY", &self.authority)
            .capture();
        root.is_ok_and(|text| text.contains("window id"))
    }

    /// Asks once more for a window that nobody has shown yet.
    fn map_again(&self, class: &str) {
        // It may not exist yet: whoever waits asks again.
        let _ = self.xdotool(&["search", "--class", &format!("^{class}$"), "windowmap"]);
    }

    fn focus(&self, class: &str) -> Result<()> {
        let found = self.xdotool(&["search", "--onlyvisible", "--class", &format!("^{class}$")])?;
        let window = found.lines().next().context("no such window")?;
        self.xdotool(&["windowactivate", window])?;
        Ok(())
    }

    fn xdotool(&self, args: &[&str]) -> Result<String> {
        Cmd::new("xdotool", args)
            .env("DISPLAY", &self.display)
            .env("XAUTHORITY", &self.authority)
            .capture()
    }
}

/// Waits until `is_there`, a little while at most.
fn wait_for(what: &str, is_there: impl Fn() -> bool) -> Result<()> {
    let watch = Stopwatch::start();
    while !is_there() {
        if watch.elapsed() > START_LIMIT {
            bail!("{what} did not appear within {} s", START_LIMIT.as_secs());
        }
        if stop::wait(Duration::from_millis(200)) {
            bail!("interrupted");
        }
    }
    Ok(())
}

/// Writes the file that both sides of the display read: one MIT-MAGIC-COOKIE-1 for any
/// display number (Xvfb picks its own only after it has read this).
///
/// Without a cookie any user of this machine could type into these windows.
fn write_authority(path: &Path) -> Result<()> {
    const FAMILY_WILD: u16 = 0xFFFF;
    let mut cookie = [0_u8; 16];
    getrandom::fill(&mut cookie).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    let mut entry = FAMILY_WILD.to_be_bytes().to_vec();
    let fields: [&[u8]; 4] = [b"", b"", b"MIT-MAGIC-COOKIE-1", &cookie];
    for field in fields {
        let length = u16::try_from(field.len()).expect("the fields are short");
        entry.extend(length.to_be_bytes());
        entry.extend(field);
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(&entry))
        .with_context(|| format!("cannot write {}", path.display()))
}
