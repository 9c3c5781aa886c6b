//! A private message bus, and a logind on it that does what the test says.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use zbus::{
    blocking::{Connection, connection::Builder},
    interface,
    zvariant::{ObjectPath, OwnedObjectPath},
};

pub(crate) const SESSION: &str = "/org/freedesktop/login1/session/_32";
const USER: &str = "/org/freedesktop/login1/user/_0";
const MANAGER: &str = "/org/freedesktop/login1";

/// A `dbus-daemon` of the test's own.
pub(crate) struct Bus {
    pub(crate) address: String,
    daemon: Child,
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

impl Bus {
    /// At an address of its own, or at that of one that ran before.
    pub(crate) fn start(address: Option<&str>) -> Self {
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address=1"]);
        if let Some(address) = address {
            command.arg(format!("--address={address}"));
        }
        let mut daemon = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is missing: install the Debian package dbus (this test needs a real message bus)");
        let mut line = String::new();
        BufReader::new(daemon.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.contains('='), "the bus did not start: {line:?}");
        Self {
            // Without the daemon's own id, so that another one may take its place.
            address: line.trim().split(',').next().unwrap().to_owned(),
            daemon,
        }
    }

    /// Stops the daemon where it is: it takes connections, and answers nothing.
    pub(crate) fn hang(&self) {
        let pid = rustix::process::Pid::from_child(&self.daemon);
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
    }

    pub(crate) fn connect(&self) -> Connection {
        Builder::address(self.address.as_str())
            .unwrap()
            .build()
            .unwrap()
    }
}

struct Manager;

#[interface(name = "org.freedesktop.login1.Manager")]
#[expect(clippy::unused_self, reason = "the interface's shape")]
impl Manager {
    fn get_session(&self, id: &str) -> zbus::fdo::Result<OwnedObjectPath> {
        Err(zbus::fdo::Error::Failed(format!("no session {id}")))
    }
    fn get_user(&self, uid: u32) -> zbus::fdo::Result<OwnedObjectPath> {
        if uid != rustix::process::getuid().as_raw() {
            return Err(zbus::fdo::Error::Failed(format!("no user {uid}")));
        }
        Ok(ObjectPath::from_static_str_unchecked(USER).into())
    }
    #[zbus(property)]
    fn preparing_for_sleep(&self) -> bool {
        false
    }
    #[zbus(property)]
    fn preparing_for_shutdown(&self) -> bool {
        false
    }
}

struct User;

#[interface(name = "org.freedesktop.login1.User")]
#[expect(clippy::unused_self, reason = "the interface's shape")]
impl User {
    #[zbus(property)]
    fn display(&self) -> (String, OwnedObjectPath) {
        let path = ObjectPath::from_static_str_unchecked(SESSION);
        ("2".into(), path.into())
    }
}

struct Session {
    active: bool,
    locked: bool,
}

#[interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    fn active(&self) -> bool {
        self.active
    }
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked
    }
}

/// logind on this bus, until dropped.
pub(crate) struct Logind(Connection);

impl Logind {
    pub(crate) fn start(bus: &Bus, locked: bool) -> Self {
        let session = Session {
            active: true,
            locked,
        };
        let built = Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at(MANAGER, Manager)
            .unwrap()
            .serve_at(USER, User)
            .unwrap()
            .serve_at(SESSION, session)
            .unwrap()
            .name("org.freedesktop.login1")
            .unwrap()
            .build();
        Self(built.unwrap())
    }

    fn signal(&self, path: &str, name: &str, value: bool) {
        let changed = std::collections::HashMap::from([(name, zbus::zvariant::Value::from(value))]);
        let body = (
            "org.freedesktop.login1.Session",
            changed,
            Vec::<&str>::new(),
        );
        let of = "org.freedesktop.DBus.Properties";
        self.0
            .emit_signal(None::<&str>, path, of, "PropertiesChanged", &body)
            .unwrap();
    }

    pub(crate) fn lock(&self, locked: bool) {
        let session = self.0.object_server();
        let session = session.interface::<_, Session>(SESSION).unwrap();
        session.get_mut().locked = locked;
        self.signal(SESSION, "LockedHint", locked);
    }

    pub(crate) fn activate(&self, active: bool) {
        self.signal(SESSION, "Active", active);
    }

    /// Another person's session on the same machine.
    pub(crate) fn lock_another(&self) {
        self.signal("/org/freedesktop/login1/session/_33", "LockedHint", true);
    }

    pub(crate) fn sleep(&self, begins: bool) {
        self.announce("PrepareForSleep", begins);
    }

    pub(crate) fn shut_down(&self, begins: bool) {
        self.announce("PrepareForShutdown", begins);
    }

    fn announce(&self, what: &str, begins: bool) {
        let of = "org.freedesktop.login1.Manager";
        self.0
            .emit_signal(None::<&str>, MANAGER, of, what, &begins)
            .unwrap();
    }
}
