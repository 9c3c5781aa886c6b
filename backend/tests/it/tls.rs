//! TLS by the server itself: certificates, their renewal, HTTP/2, cookies.

use std::{path::Path, process::Command};

use serde_json::json;

use crate::{
    harness::PASSWORD,
    start_up::{place, run, start_with, stderr, terminate, until},
};

/// Writes a new certificate and its key, and returns the certificate.
pub(crate) fn certify(directory: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("made");
    let certificate = made.cert.pem();
    std::fs::write(directory.join("key.pem"), made.signing_key.serialize_pem()).expect("written");
    std::fs::write(directory.join("cert.pem"), &certificate).expect("written");
    certificate
}

/// A client that trusts this certificate alone.
fn trusting(certificate: &str) -> reqwest::Client {
    let certificate = reqwest::Certificate::from_pem(certificate.as_bytes()).expect("pem");
    reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .tls_certs_only([certificate])
        .build()
        .expect("a client")
}

#[tokio::test]
async fn with_a_certificate_the_server_speaks_tls_and_http_2_and_takes_up_a_renewed_one() {
    let (parent, data) = place();
    let first = certify(parent.path());
    let (cert, key) = (
        parent.path().join("cert.pem"),
        parent.path().join("key.pem"),
    );
    let flags = [
        "serve",
        "--tls-cert",
        cert.to_str().expect("a text"),
        "--tls-key",
        key.to_str().expect("a text"),
    ];
    let server = start_with(&data, &flags).await;
    let url = format!("https://{}", server.address);
    let client = trusting(&first);
    let ready = client
        .get(format!("{url}/health/ready"))
        .send()
        .await
        .expect("answers");
    assert_eq!(
        (ready.status().as_u16(), ready.version()),
        (200, http::Version::HTTP_2)
    );
    // In plain, nobody answers.
    let plain = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    assert!(
        plain
            .get(format!("http://{}/health/ready", server.address))
            .send()
            .await
            .is_err()
    );

    cookies_are_bound_to_https(&client, &server.address).await;

    // A pair that does not go together changes nothing; a good one is taken up on SIGHUP.
    std::fs::write(&cert, "nonsense").expect("written");
    hang_up(&server);
    let still = trusting(&first)
        .get(format!("{url}/health/live"))
        .send()
        .await;
    assert_eq!(still.expect("answers").status(), 200);
    let renewed = trusting(&certify(parent.path()));
    hang_up(&server);
    until(async || {
        renewed
            .get(format!("{url}/health/live"))
            .send()
            .await
            .is_ok()
    })
    .await;
    assert!(
        trusting(&first)
            .get(format!("{url}/health/live"))
            .send()
            .await
            .is_err()
    );
    terminate(&server);
}

/// Cookies carry the prefixes by which a browser enforces how they were set; our own pages are
/// those of this host by https, and no others.
async fn cookies_are_bound_to_https(client: &reqwest::Client, address: &str) {
    let url = format!("https://{address}");
    let setup = json!({
        "organization_name": "Acme", "time_zone": "UTC", "name": "Ada",
        "email": "ada@acme.test", "password": PASSWORD,
    });
    let answer = client
        .post(format!("{url}/api/v1/setup"))
        .json(&setup)
        .send()
        .await
        .expect("answers");
    assert_eq!(answer.status(), 201);
    let log_in = json!({ "email": "ada@acme.test", "password": PASSWORD, "delivery": "cookie" });
    let log_in_from = async |origin: &str| {
        client
            .post(format!("{url}/api/v1/auth/login"))
            .header("origin", origin)
            .json(&log_in)
            .send()
            .await
            .expect("answers")
    };
    let refused = log_in_from(&format!("http://{address}")).await;
    assert_eq!(refused.status(), 403);
    let logged_in = log_in_from(&url).await;
    let cookies: Vec<&str> = logged_in
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().expect("ascii"))
        .collect();
    assert!(
        cookies
            .iter()
            .any(|cookie| cookie.starts_with("__Host-wp_access=")),
        "{cookies:?}"
    );
    assert!(!cookies.is_empty() && cookies.iter().all(|cookie| cookie.contains("; Secure")));
}

fn hang_up(server: &crate::start_up::Server) {
    let pid = server.child.id().to_string();
    let told = Command::new("kill").args(["-HUP", &pid]).status();
    assert!(told.expect("kill runs").success());
}

#[test]
fn a_certificate_without_its_key_or_of_another_key_starts_nothing() {
    let (parent, data) = place();
    certify(parent.path());
    let cert = parent.path().join("cert.pem");
    let cert = cert.to_str().expect("a text");
    let alone = run(&data, &["serve", "--tls-cert", cert]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(
        stderr(&alone).contains("tls_key is missing"),
        "{}",
        stderr(&alone)
    );
    let key = parent.path().join("other.pem");
    let other = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("made");
    std::fs::write(&key, other.signing_key.serialize_pem()).expect("written");
    let key = key.to_str().expect("a text");
    let wrong = run(&data, &["serve", "--tls-cert", cert, "--tls-key", key]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        stderr(&wrong).contains("do not go together"),
        "{}",
        stderr(&wrong)
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_service_manager_is_told_ready_alive_and_stopping() {
    let (parent, data) = place();
    let path = parent.path().join("notify");
    let socket = tokio::net::UnixDatagram::bind(&path).expect("bound");
    let mut child = crate::start_up::command(&data, &["serve"])
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "400000")
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the binary runs");
    let heard = async |word: &str| {
        let mut message = [0; 512];
        loop {
            let receiving = socket.recv(&mut message);
            let length = tokio::time::timeout(std::time::Duration::from_secs(30), receiving)
                .await
                .expect("it is said within half a minute")
                .expect("received");
            let text = String::from_utf8_lossy(&message[..length]).into_owned();
            if text.lines().any(|line| line == word) {
                return;
            }
        }
    };
    heard("READY=1").await;
    heard("WATCHDOG=1").await;
    heard("WATCHDOG=1").await;
    let pid = child.id().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(told.expect("kill runs").success());
    heard("STOPPING=1").await;
    assert!(child.wait().expect("it ends").success());
}
