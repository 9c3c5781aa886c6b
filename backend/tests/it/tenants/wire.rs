//! A wire-tap between the server and PostgreSQL: it counts what is said, and can take the
//! conditions on the organization out of every query of a tenant's connection.

use std::{
    collections::BTreeSet,
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// What the tap has heard, and what it is to do.
#[derive(Debug, Default)]
pub(super) struct Tap {
    /// Whether conditions are taken out of what is prepared from now on.
    pub(super) unconditional: AtomicBool,
    /// Messages of tenants' connections that wait for an answer, without pings: round trips.
    pub(super) tenant_trips: AtomicU64,
    /// The same of the ingest path.
    pub(super) ingest_trips: AtomicU64,
    /// Texts that had a condition taken out.
    pub(super) changed: Mutex<BTreeSet<String>>,
}

/// Starts a tap; the address to reach the database by, through it.
pub(super) async fn listen(url: &str) -> (Arc<Tap>, String) {
    let options = PgConnectOptions::from_str(url).expect("an address");
    assert!(options.get_socket().is_none(), "the tap speaks TCP");
    let upstream = (options.get_host().to_owned(), options.get_port());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let real = format!("{}:{}", upstream.0, upstream.1);
    assert!(url.contains(&real), "{real} in the address");
    let tapped = url.replacen(&real, &format!("127.0.0.1:{port}"), 1);
    let tap = Arc::new(Tap::default());
    let listening = Arc::clone(&tap);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect((upstream.0.as_str(), upstream.1))
                .await
                .expect("the database answers");
            client.set_nodelay(true).expect("a socket");
            server.set_nodelay(true).expect("a socket");
            let (client_says, client_hears) = client.into_split();
            let (mut server_says, server_hears) = server.into_split();
            let client_side = Arc::new(tokio::sync::Mutex::new(client_hears));
            let back = Arc::clone(&client_side);
            tokio::spawn(relay(
                client_says,
                server_hears,
                client_side,
                Arc::clone(&listening),
            ));
            tokio::spawn(async move {
                let mut buffer = vec![0; 16_384];
                while let Ok(length @ 1..) = server_says.read(&mut buffer).await {
                    if back
                        .lock()
                        .await
                        .write_all(&buffer[..length])
                        .await
                        .is_err()
                    {
                        return;
                    }
                }
            });
        }
    });
    (tap, tapped)
}

/// Which role a connection took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Tenant,
    Ingest,
    Other,
}

async fn relay(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    back: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    tap: Arc<Tap>,
) -> Option<()> {
    const SSL_REQUEST: i32 = 80_877_103;
    // The start has no kind in front of it.
    loop {
        let length = from.read_i32().await.ok()?;
        let mut body = vec![0; usize::try_from(length).ok()?.checked_sub(4)?];
        from.read_exact(&mut body).await.ok()?;
        if body == SSL_REQUEST.to_be_bytes() {
            back.lock().await.write_all(b"N").await.ok()?;
            continue;
        }
        to.write_i32(length).await.ok()?;
        to.write_all(&body).await.ok()?;
        break;
    }
    let mut role = Role::Other;
    let mut asked = false;
    loop {
        let kind = from.read_u8().await.ok()?;
        let length = from.read_i32().await.ok()?;
        let mut body = vec![0; usize::try_from(length).ok()?.checked_sub(4)?];
        from.read_exact(&mut body).await.ok()?;
        if kind == b'Q' {
            match body.as_slice() {
                text if text.starts_with(b"SET ROLE workpulse_tenant") => role = Role::Tenant,
                text if text.starts_with(b"SET ROLE workpulse_ingest") => role = Role::Ingest,
                _ => {}
            }
        }
        // A Sync behind nothing is a ping: the pool sends one when a connection is given back,
        // while nobody waits for it.
        if kind == b'Q' || (kind == b'S' && asked) {
            match role {
                Role::Tenant => drop(tap.tenant_trips.fetch_add(1, Ordering::Relaxed)),
                Role::Ingest => drop(tap.ingest_trips.fetch_add(1, Ordering::Relaxed)),
                Role::Other => {}
            }
        }
        asked = !matches!(kind, b'Q' | b'S');
        if kind == b'P' && role == Role::Tenant && tap.unconditional.load(Ordering::Relaxed) {
            body = parse_without_conditions(&body, &tap);
        }
        to.write_u8(kind).await.ok()?;
        to.write_i32(i32::try_from(body.len()).ok()? + 4)
            .await
            .ok()?;
        to.write_all(&body).await.ok()?;
    }
}

/// A `Parse` message with the conditions taken out of its text.
fn parse_without_conditions(body: &[u8], tap: &Tap) -> Vec<u8> {
    let end = |from: usize| from + body[from..].iter().position(|b| *b == 0).expect("ends");
    let name = end(0);
    let text_end = end(name + 1);
    let text = std::str::from_utf8(&body[name + 1..text_end]).expect("UTF-8");
    let changed = without_conditions(text);
    if changed != text {
        tap.changed.lock().insert(text.to_owned());
    }
    [&body[..=name], changed.as_bytes(), &body[text_end..]].concat()
}

/// The text with every comparison of an organization to a parameter made true.
pub(super) fn without_conditions(text: &str) -> String {
    let mut out = text.to_owned();
    for (condition, keeps) in [
        ("organization_id = $", ""),
        ("organizations WHERE id = $", "organizations WHERE "),
    ] {
        let mut rest = std::mem::take(&mut out);
        while let Some(at) = rest.find(condition) {
            let after = at + condition.len();
            let digits = rest[after..].bytes().take_while(u8::is_ascii_digit).count();
            let mut before = &rest[..at];
            // An alias in front belongs to it.
            if before.ends_with('.') {
                before = before[..before.len() - 1]
                    .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            }
            out.push_str(before);
            out.push_str(keeps);
            out.push_str("($");
            out.push_str(&rest[after..after + digits]);
            out.push_str("::uuid IS NOT NULL)");
            rest = rest[after + digits..].to_owned();
        }
        out.push_str(&rest);
    }
    out
}

#[test]
fn conditions_are_taken_out_wherever_they_stand() {
    assert_eq!(
        without_conditions("SELECT 1 FROM users u WHERE u.organization_id = $12 AND id = $2"),
        "SELECT 1 FROM users u WHERE ($12::uuid IS NOT NULL) AND id = $2"
    );
    assert_eq!(
        without_conditions(
            "UPDATE organizations SET a = $2 WHERE id = $1; SELECT x FROM organizations WHERE id = $1"
        ),
        "UPDATE organizations SET a = $2 WHERE id = $1; SELECT x FROM organizations WHERE ($1::uuid IS NOT NULL)"
    );
    assert_eq!(
        without_conditions("DELETE FROM t WHERE organization_id = $1 OR t.organization_id = o.id"),
        "DELETE FROM t WHERE ($1::uuid IS NOT NULL) OR t.organization_id = o.id"
    );
}
