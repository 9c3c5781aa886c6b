//! The focused window of KDE, with a compositor on a real bus that does what `KWin`'s scripting
//! does. The script itself has not run in a real Plasma.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::sync::Arc;

use parking_lot::Mutex;
use support::{bus::Bus, compositor::Compositor, until};
use workpulse_agent::capture::{
    DesktopProbe, Focus, Kwin, NoFocus, Probe as _, WaylandProbe, X11Probe,
};
use zbus::{blocking::Connection, interface};

/// What was done to `KWin`'s scripts.
#[derive(Default)]
struct Scripts {
    /// The text of the one that is loaded.
    text: Option<String>,
    running: bool,
    loads: usize,
}

struct Scripting(Arc<Mutex<Scripts>>);

#[interface(name = "org.kde.kwin.Scripting")]
impl Scripting {
    #[zbus(name = "loadScript")]
    fn load_script(&self, path: &str, plugin: &str) -> i32 {
        assert_eq!(plugin, "workpulse-agent-window");
        let mut scripts = self.0.lock();
        if scripts.text.is_some() {
            return -1;
        }
        scripts.text = Some(std::fs::read_to_string(path).unwrap());
        scripts.loads += 1;
        7
    }
    #[zbus(name = "unloadScript")]
    fn unload_script(&self, plugin: &str) -> bool {
        assert_eq!(plugin, "workpulse-agent-window");
        let mut scripts = self.0.lock();
        scripts.running = false;
        scripts.text.take().is_some()
    }
}

struct Script(Arc<Mutex<Scripts>>);

#[interface(name = "org.kde.kwin.Script")]
impl Script {
    #[zbus(name = "run")]
    fn run(&self) {
        self.0.lock().running = true;
    }
}

struct Plasma {
    connection: Connection,
    scripts: Arc<Mutex<Scripts>>,
}

impl Plasma {
    fn start(bus: &Bus, script: &'static str) -> Self {
        let (connection, scripts) = (bus.connect(), Arc::default());
        let server = connection.object_server();
        server
            .at("/Scripting", Scripting(Arc::clone(&scripts)))
            .unwrap();
        server.at(script, Script(Arc::clone(&scripts))).unwrap();
        drop(server);
        connection.request_name("org.kde.KWin").unwrap();
        Self {
            connection,
            scripts,
        }
    }

    /// Does what the script would when this window gets the focus.
    fn activate(&self, application: &str, title: &str) {
        let text = self.scripts.lock().text.clone().unwrap();
        tell(&self.connection, &text, application, title);
    }
}

/// Calls what the script calls: the four texts behind `callDBus(`.
fn tell(connection: &Connection, script: &str, application: &str, title: &str) {
    let call = script.split_once("callDBus(").unwrap().1;
    let names: Vec<&str> = call.split('"').skip(1).step_by(2).take(4).collect();
    connection
        .call_method(
            Some(names[0]),
            names[1],
            Some(names[2]),
            names[3],
            &(application, title),
        )
        .unwrap();
}

#[expect(clippy::unnecessary_wraps, reason = "as a probe answers")]
fn focus(application: &str, title: &str) -> Option<Result<Focus, NoFocus>> {
    Some(Ok(Focus {
        application: Some(application.into()),
        title: Some(title.into()),
        url: None,
        category_id: None,
    }))
}

#[test]
fn the_script_tells_each_focus_and_nobody_else_can() {
    let (bus, dir) = (Bus::start(None), tempfile::tempdir().unwrap());
    let plasma = Plasma::start(&bus, "/Scripting/Script7");
    let mut kwin = Kwin::on(&bus.address, dir.path().to_owned());
    assert_eq!(kwin.focus(), None, "loaded, and not told yet");
    assert!(plasma.scripts.lock().running);
    plasma.activate("org.kde.kate", "plan.md — Kate");
    assert_eq!(kwin.focus(), focus("org.kde.kate", "plan.md — Kate"));
    plasma.activate("firefox", "News");
    assert_eq!(kwin.focus(), focus("firefox", "News"));
    let script = plasma.scripts.lock().text.clone().unwrap();
    tell(&bus.connect(), &script, "forged", "by another program");
    assert_eq!(kwin.focus(), focus("firefox", "News"));
    plasma.activate("", "");
    assert_eq!(kwin.focus(), Some(Err(NoFocus::NothingFocused)));
    drop(kwin);
    until("it is unloaded", || {
        plasma.scripts.lock().text.is_none().then_some(())
    });
}

#[test]
fn a_script_that_was_left_behind_is_replaced_and_an_older_kwin_is_understood() {
    let (bus, dir) = (Bus::start(None), tempfile::tempdir().unwrap());
    let plasma = Plasma::start(&bus, "/7");
    plasma.scripts.lock().text = Some("of an agent that was killed".into());
    let mut kwin = Kwin::on(&bus.address, dir.path().to_owned());
    assert_eq!(kwin.focus(), None);
    plasma.activate("konsole", "~");
    assert_eq!(kwin.focus(), focus("konsole", "~"));
}

#[test]
fn a_kwin_that_was_started_anew_gets_the_script_again() {
    let (bus, dir) = (Bus::start(None), tempfile::tempdir().unwrap());
    let first = Plasma::start(&bus, "/Scripting/Script7");
    let mut kwin = Kwin::on(&bus.address, dir.path().to_owned());
    kwin.focus();
    first.activate("konsole", "~");
    assert_eq!(kwin.focus(), focus("konsole", "~"));
    first.connection.release_name("org.kde.KWin").unwrap();
    assert_eq!(kwin.focus(), None, "what is not there tells nothing");
    let second = Plasma::start(&bus, "/Scripting/Script7");
    until("it is asked for again", || {
        kwin.focus();
        (second.scripts.lock().loads == 1).then_some(())
    });
    second.activate("firefox", "News");
    assert_eq!(kwin.focus(), focus("firefox", "News"));
}

#[test]
fn the_desktops_probe_asks_kwin_where_the_compositor_tells_no_window() {
    let (bus, dir) = (Bus::start(None), tempfile::tempdir().unwrap());
    let plasma = Plasma::start(&bus, "/Scripting/Script7");
    let compositor = Compositor::start(&[("wl_seat", 7), ("ext_idle_notifier_v1", 2)]);
    let mut probe = DesktopProbe::of(WaylandProbe::on(&compositor.socket), X11Probe::on(":9999"))
        .scripting(Kwin::on(&bus.address, dir.path().to_owned()));
    assert!(matches!(probe.look().focus, Err(NoFocus::Unsupported(_))));
    assert_eq!(probe.name(), "wayland");
    plasma.activate("org.kde.kate", "plan.md");
    assert_eq!(Some(probe.look().focus), focus("org.kde.kate", "plan.md"));
    assert_eq!(probe.name(), "kwin");
    let can = probe.capabilities();
    assert!(can.application && can.title && can.idle);
    assert!(dir.path().join("workpulse-agent-window.js").exists());
}
