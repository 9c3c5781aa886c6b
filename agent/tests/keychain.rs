//! A machine without a keychain, with one that answers nonsense, and with one that hangs.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::os::unix::fs::PermissionsExt as _;

use support::{Machine, SECRET, Server, TOKEN, bus::Bus, until};

/// Enrols where this bus is the person's, and uses a keychain where one answers.
fn enrol(machine: &Machine, server: &Server, bus: &str) -> std::process::Output {
    machine
        .command(&[
            "enrol",
            "--server",
            &server.url(),
            "--token",
            TOKEN,
            "--accept-notice",
        ])
        .env("WORKPULSE_AGENT_CREDENTIALS", "auto")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .output()
        .unwrap()
}

#[test]
fn where_no_keychain_answers_the_secret_is_a_file_of_its_owner() {
    let (absent, nonsense, hanging) = (Bus::start(None), Bus::start(None), Bus::start(None));
    // It has the name, and none of the objects: as one that is locked and cannot ask.
    let service = nonsense.connect();
    service.request_name("org.freedesktop.secrets").unwrap();
    hanging.hang();
    for (what, bus) in [
        ("absent", &absent),
        ("nonsense", &nonsense),
        ("hanging", &hanging),
    ] {
        let server = Server::start();
        let machine = Machine::new(None);
        let done = enrol(&machine, &server, &bus.address);
        assert!(done.status.success(), "{what}: {done:?}");
        let secret = machine.data_dir().join("device-secret");
        assert_eq!(std::fs::read_to_string(&secret).unwrap(), SECRET, "{what}");
        let mode = secret.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{what}");
        let agent = machine.run(&[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
        until("it is in contact", || {
            machine.status()["last_sync_at"].as_str().map(drop)
        });
        assert!(agent.end().success(), "{what}");
        // Installed anew over what is there: the same device.
        assert!(enrol(&machine, &server, &bus.address).status.success());
        let kept = server.kept.lock();
        assert_eq!(kept.enrolled.len(), 2, "{what}");
        assert_eq!(kept.enrolled[0].device_id, kept.enrolled[1].device_id);
    }
}
