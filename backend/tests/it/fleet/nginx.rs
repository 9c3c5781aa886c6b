//! The real nginx with the file that is delivered, in front of two servers.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use reqwest::Client;
use serde_json::{Value, json};
use shared_types::Timestamp;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        self, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Error, client::IntoClientRequest as _, http::header},
};
use uuid::Uuid;
use workpulse_server::clock::{Clock as _, SystemClock};

use super::{Fleet, HARDLY_EVER, Process, free_port, minute, minutes_ago};
use crate::{harness::PASSWORD, socket::Socket, start_up::until, tls::certify};

const FILE: &str = include_str!("../../../../installers/server/nginx/workpulse.conf");
/// What servers behind nginx are told.
pub(crate) const BEHIND: [(&str, &str); 2] =
    [HARDLY_EVER, ("WORKPULSE_TRUSTED_PROXIES", "127.0.0.1")];

/// nginx, ended with the test.
pub(crate) struct Front {
    nginx: Child,
    pub(crate) url: String,
    port: u16,
    plain_port: u16,
    certificate: String,
    _dir: TempDir,
}

impl Drop for Front {
    fn drop(&mut self) {
        let pid = self.nginx.id().to_string();
        // The master ends its workers; a SIGKILL would leave them behind.
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.nginx.wait();
    }
}

/// Debian keeps it off the path of those who are not root.
fn program() -> PathBuf {
    let known = PathBuf::from("/usr/sbin/nginx");
    if known.exists() {
        known
    } else {
        "nginx".into()
    }
}

/// The delivered file with a test's own places in it; each that is changed must be there.
fn adapted(changes: &[(&str, &str)]) -> String {
    let mut text = FILE.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is not in the file any more");
        text = text.replace(from, to);
    }
    text
}

impl Front {
    /// In front of servers at these ports.
    pub(crate) async fn start(servers: [u16; 2]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let certificate = certify(dir.path());
        let (port, plain_port) = (free_port(), free_port());
        let place = dir.path().display().to_string();
        let changes = [
            ("10.0.0.11:3000", format!("127.0.0.1:{}", servers[0])),
            ("10.0.0.12:3000", format!("127.0.0.1:{}", servers[1])),
            ("listen 443 ", format!("listen 127.0.0.1:{port} ")),
            ("listen 80;", format!("listen 127.0.0.1:{plain_port};")),
            (
                "server_name time.example.org;",
                "server_name 127.0.0.1;".to_owned(),
            ),
            ("/etc/nginx/tls/workpulse.crt", format!("{place}/cert.pem")),
            ("/etc/nginx/tls/workpulse.key", format!("{place}/key.pem")),
        ];
        let changes: Vec<(&str, &str)> = changes.iter().map(|(a, b)| (*a, b.as_str())).collect();
        std::fs::write(dir.path().join("workpulse.conf"), adapted(&changes)).expect("written");
        let temporary: Vec<String> = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {place}/{name};\n"))
            .collect();
        let temporary = temporary.concat();
        let around = format!(
            "user root;\nworker_processes 2;\ndaemon off;\npid {place}/pid;\n\
             error_log {place}/error.log notice;\nevents {{ worker_connections 512; }}\n\
             http {{\naccess_log off;\n{temporary}include {place}/workpulse.conf;\n}}\n"
        );
        let file = dir.path().join("nginx.conf");
        std::fs::write(&file, around).expect("written");
        let tested = Command::new(program())
            .args(["-t", "-q", "-e", "stderr", "-c"])
            .arg(&file)
            .output()
            .expect("nginx is installed: cargo xtask setup");
        let said = String::from_utf8_lossy(&tested.stderr);
        assert!(
            tested.status.success() && !said.contains("[warn]"),
            "{said}"
        );
        let nginx = Command::new(program())
            .args(["-e", "stderr", "-c"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx runs");
        let front = Self {
            nginx,
            url: format!("https://127.0.0.1:{port}"),
            port,
            plain_port,
            certificate,
            _dir: dir,
        };
        until(async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        front
    }

    /// A client that trusts nginx's certificate alone, and comes from this address.
    pub(crate) fn client_from(&self, last: u8) -> Client {
        let certificate = reqwest::Certificate::from_pem(self.certificate.as_bytes()).expect("pem");
        Client::builder()
            .no_proxy()
            .local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
            .tls_certs_only([certificate])
            .build()
            .expect("a client")
    }

    /// A socket through nginx, with what follows event `after`.
    pub(crate) async fn socket(
        &self,
        token: &str,
        after: Option<i64>,
    ) -> Result<Socket<TlsStream<TcpStream>>, Error> {
        let mut trusted = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes());
        trusted
            .add(certificate.expect("pem"))
            .expect("a certificate");
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_root_certificates(trusted)
        .with_no_client_auth();
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await?;
        let after = after.map_or(String::new(), |after| format!("?after={after}"));
        let url = format!("wss://127.0.0.1:{}/api/v1/ws{after}", self.port);
        let mut request = url.into_client_request()?;
        let bearer = format!("Bearer {token}").parse().expect("a header");
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let (socket, _) = client_async(request, stream).await?;
        Ok(Socket::over(socket))
    }
}

async fn post(
    client: &Client,
    front: &Front,
    path: &str,
    token: &str,
    body: &Value,
) -> (u16, Value) {
    let url = format!("{}/api/v1{path}", front.url);
    let answer = client.post(url).bearer_auth(token).json(body).send().await;
    let answer = answer.expect("nginx answers");
    (
        answer.status().as_u16(),
        answer.json().await.unwrap_or(Value::Null),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_nginx_people_log_in_agents_sync_sockets_stay_and_a_dead_server_is_passed_by() {
    let Some(fleet) = Fleet::make().await else {
        return;
    };
    let ports = [free_port(), free_port()];
    let mut a = fleet.server("a", ports[0], &BEHIND).await;
    let b = fleet.server("b", ports[1], &BEHIND).await;
    a.hears().await;
    b.hears().await;
    let device = fleet.device(&a).await;
    let front = Front::start(ports).await;
    let through = front.client_from(1);

    let log_in = json!({ "email": "ada@acme.test", "password": PASSWORD });
    let (status, body) = post(&through, &front, "/auth/login", "", &log_in).await;
    assert_eq!(status, 200, "{body}");
    let token = body["tokens"]["access_token"].as_str().expect("a text");
    let plain = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let url = format!("http://127.0.0.1:{}/me", front.plain_port);
    let moved = plain.get(url).send().await.expect("nginx answers");
    assert_eq!(moved.status(), 308);

    let mut sockets = [
        front.socket(token, None).await.expect("opens"),
        front.socket(token, None).await.expect("opens"),
    ];
    for socket in &mut sockets {
        assert_eq!(socket.frame().await["frame"], "hello");
    }
    // One at each: nginx gives a socket to whoever has fewer.
    for server in [&a, &b] {
        until(async || (server.figure("workpulse_sockets", "").await - 1.0).abs() < 0.1).await;
    }
    let sync = Sync {
        start: minutes_ago(120),
        session: SystemClock.new_uuid(),
        epoch: SystemClock.new_uuid(),
        device: device.id,
        secret: device.secret,
    };
    sync.send(&through, &front, 1).await;
    for socket in &mut sockets {
        while socket.frame().await["event"]["event"]["type"] != "SESSION_UPDATE" {}
    }
    // Eight mebibytes and no more: nginx says so itself.
    let large = vec![b' '; 8 * 1024 * 1024 + 1];
    let url = format!("{}/api/v1/sync", front.url);
    let refused = through.post(url).body(large).send().await.expect("answers");
    assert_eq!(refused.status(), 413);

    a.kill();
    for seq in 2..=20 {
        sync.send(&through, &front, seq).await;
        let me = through
            .get(format!("{}/api/v1/me", front.url))
            .bearer_auth(token)
            .send()
            .await
            .expect("nginx answers");
        assert_eq!(me.status(), 200);
    }
    let (status, _) = post(&through, &front, "/auth/login", "", &log_in).await;
    assert_eq!(status, 200);
    limits_are_each_client_s_own(&front, &b).await;
    fleet.store.close().await;
}

struct Sync {
    start: Timestamp,
    session: Uuid,
    epoch: Uuid,
    device: Uuid,
    secret: String,
}

impl Sync {
    async fn send(&self, client: &Client, front: &Front, n: i64) {
        let start = self.start;
        let mut items = vec![minute(self.session, "active", start.plus_seconds(n * 60))];
        if n == 1 {
            let started = json!({ "session_id": self.session, "started_at": start.to_string() });
            items.insert(0, json!({ "session_started": started }));
        }
        let first = if n == 1 { 1 } else { n + 1 };
        let items: Vec<Value> = items
            .iter()
            .zip(first..)
            .map(|(item, seq)| json!({ "seq": seq, "item": item }))
            .collect();
        let batch = json!({
            "device_id": self.device, "epoch": self.epoch,
            "clock": SystemClock.now(), "items": items,
        });
        let (status, answer) = post(client, front, "/sync", &self.secret, &batch).await;
        assert_eq!(status, 200, "{answer}");
        let last = answer["results"]
            .as_array()
            .expect("a list")
            .last()
            .cloned();
        assert_eq!(last.expect("an item")["outcome"], "stored", "{answer}");
    }
}

/// Who guesses from one address is slowed down, whatever they claim to be; others are not.
async fn limits_are_each_client_s_own(front: &Front, server: &Process) {
    let guess = json!({
        "token": "wpe_nonsense", "device_id": SystemClock.new_uuid(),
        "name": "desk", "os": "Debian 12", "agent_version": "0.1.0",
    });
    let url = format!("{}/api/v1/devices/enrol", front.url);
    let guesser = front.client_from(2);
    let mut refused = false;
    for n in 0..200_u8 {
        let request = guesser
            .post(&url)
            .header("x-forwarded-for", format!("203.0.113.{n}"))
            .json(&guess);
        let status = request.send().await.expect("answers").status();
        refused = status == 429;
        if refused {
            break;
        }
    }
    assert!(
        refused,
        "an address that is only claimed is no other address"
    );
    let other = front.client_from(3).post(&url).json(&guess).send().await;
    assert_ne!(other.expect("answers").status(), 429);
    // Not from a proxy: what is claimed does not count at all.
    let direct = format!("http://{}/api/v1/devices/enrol", server.address);
    let stranger = Client::builder()
        .no_proxy()
        .local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 4)))
        .build()
        .expect("a client");
    let request = stranger
        .post(&direct)
        .header("x-forwarded-for", "127.0.0.2");
    let status = request.json(&guess).send().await.expect("answers").status();
    assert_ne!(status, 429, "its own address has not guessed");
}
