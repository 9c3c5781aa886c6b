//! What IT sets up: a proxy on the way, certificates of one's own, logs that are kept and tell
//! nothing about anybody.

mod support;

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use parking_lot::Mutex;
use rcgen::CertifiedKey;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use secrecy::SecretString;
use support::{Machine, Server, TOKEN, desktop::Desktop, until};
use workpulse_agent::{
    Settings, SystemClock, config::proxy::Proxy, credentials::SecretChoice, enrol,
};

/// A proxy for plain HTTP: the first request says where to, everything else is passed on.
struct PlainProxy {
    address: SocketAddr,
    /// The heads of the first requests of each connection.
    heads: Arc<Mutex<Vec<String>>>,
}

impl PlainProxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&heads);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let heads = Arc::clone(&shared);
                // A connection that breaks is the agent's to judge.
                thread::spawn(move || drop(pass_on(client, &heads)));
            }
        });
        Self { address, heads }
    }
}

fn pass_on(mut client: TcpStream, heads: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|at| at == b"\r\n\r\n") {
        let mut part = [0; 4_096];
        match client.read(&mut part)? {
            0 => return Ok(()),
            length => bytes.extend_from_slice(&part[..length]),
        }
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let target = head
        .split_whitespace()
        .nth(1)
        .and_then(|address| address.strip_prefix("http://"))
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
        .to_owned();
    heads.lock().push(head);
    let mut server = TcpStream::connect(target)?;
    server.write_all(&bytes)?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || drop(std::io::copy(&mut from_server, &mut to_client)));
    std::io::copy(&mut client, &mut server)?;
    Ok(())
}

#[test]
fn with_a_proxy_everything_goes_through_it_and_its_password_is_nowhere_to_be_read() {
    let (server, proxy) = (Server::start(), PlainProxy::start());
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::new(Some(&desktop.display));
    let address = format!("http://ada:s3cret@{}", proxy.address);
    let through = [("WORKPULSE_AGENT_PROXY", address.as_str())];
    let enrolled = machine
        .command(&[
            "enrol",
            "--server",
            &server.url(),
            "--token",
            TOKEN,
            "--accept-notice",
        ])
        .envs(through)
        .output()
        .unwrap();
    assert!(enrolled.status.success(), "{enrolled:?}");
    assert_eq!(proxy.heads.lock().len(), 1);
    let logged = [through[0], ("WORKPULSE_AGENT_LOG", "trace")];
    let agent = machine.run(&logged);
    until("something was synced", || {
        desktop.key();
        (!server.sessions().is_empty()).then_some(())
    });
    assert!(agent.end().success());
    let heads = proxy.heads.lock().join("\n");
    assert!(heads.contains("/api/v1/sync"), "{heads}");
    assert!(heads.contains("/api/v1/ws"), "nudges too: {heads}");
    assert!(
        heads.to_lowercase().contains("proxy-authorization: basic"),
        "{heads}"
    );
    let shown = machine
        .command(&["config", "show", "--origin"])
        .envs(through)
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned() + &machine.log();
    assert!(shown.contains("proxy = http://127.0.0.1"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

/// A server whose certificate nobody knows; it answers every request with 503.
fn unknown_server(dir: &Path) -> (String, Arc<AtomicUsize>) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    std::fs::write(dir.join("ca.pem"), cert.pem()).expect("written");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a server's configuration");
    let (config, answered) = (Arc::new(config), Arc::new(AtomicUsize::new(0)));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let count = Arc::clone(&answered);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let mut stream = StreamOwned::new(connection, stream);
            let mut part = [0; 16_384];
            if stream.read(&mut part).is_ok_and(|length| length > 0) {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(
                    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                );
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (url, answered)
}

#[test]
fn a_certificate_of_ones_own_is_trusted_only_where_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let (url, answered) = unknown_server(dir.path());
    let enrol = |ca_file: Option<&str>| {
        let settings = Settings {
            credentials: SecretChoice::File,
            proxy: Proxy::None,
            ca_file: ca_file.map(|name| dir.path().join(name)),
            ..Settings::for_data_dir(&dir.path().join("data"))
        };
        let token = SecretString::from(TOKEN);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime
            .block_on(enrol::enrol(&settings, &SystemClock, &url, &token, false))
            .unwrap_err()
            .to_string()
    };
    let refused = enrol(None);
    assert!(refused.contains("cannot be reached"), "{refused}");
    assert_eq!(answered.load(Ordering::SeqCst), 0, "nothing was sent");
    let trusted = enrol(Some("ca.pem"));
    assert!(trusted.contains("503"), "{trusted}");
    assert_eq!(answered.load(Ordering::SeqCst), 1);

    std::fs::write(dir.path().join("empty.pem"), "no certificate").unwrap();
    for name in ["empty.pem", "missing.pem"] {
        let error = enrol(Some(name));
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn logs_are_kept_in_files_and_name_no_window_at_their_loudest() {
    const TITLE: &str = "Zebrafish minutes";
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Quagga", TITLE);
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    let logs = machine.dir.path().join("logs");
    // Nine days of before: seven files are kept, today's among them.
    std::fs::create_dir(&logs).unwrap();
    for day in 1..=9 {
        std::fs::write(
            logs.join(format!("workpulse-agent.2026-01-0{day}.log")),
            "old",
        )
        .unwrap();
    }
    let agent = machine.run(&[
        ("WORKPULSE_AGENT_LOG_DIR", logs.to_str().unwrap()),
        ("WORKPULSE_AGENT_LOG", "trace"),
    ]);
    until("a session runs", || {
        desktop.key();
        (machine.status()["today"]["active_seconds"].as_i64()? > 2).then_some(())
    });
    assert!(agent.end().success());
    assert!(
        server
            .spans()
            .iter()
            .any(|span| span.title.as_deref() == Some(TITLE)),
        "it was seen and sent"
    );
    let mut files: Vec<_> = std::fs::read_dir(&logs)
        .unwrap()
        .flatten()
        .map(|file| file.path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 7, "{files:?}");
    // By its name the newest of them: the others are of January.
    let todays = files.pop().unwrap();
    let kept = std::fs::read_to_string(todays).unwrap();
    assert!(kept.contains("the agent is running"), "{kept}");
    for text in [kept, machine.log()] {
        assert!(text.lines().count() > 5, "{text}");
        for private in ["Zebrafish", "Quagga"] {
            assert!(!text.contains(private), "{text}");
        }
    }
}

#[test]
fn a_log_that_cannot_be_kept_is_said_before_anything_runs() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    let blocked = machine.dir.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let output = machine
        .command(&["run"])
        .env("WORKPULSE_AGENT_LOG_DIR", blocked.join("logs"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(8), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("log_dir"), "{said}");
}
