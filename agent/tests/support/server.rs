//! A server with faults to order.
//!
//! It keeps what it is sent the way the contract says (once per `(device, epoch, seq)`), so that
//! a test can compare what was made with what arrived.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::Arc,
};

use super::recorder;
use axum::{
    Router,
    body::Bytes,
    extract::{
        State,
        ws::{Message, WebSocketUpgrade},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use parking_lot::Mutex;
use serde_json::json;
use shared_types::{
    EpochId, SessionId, Timestamp,
    activity::{Activity, ActivityType},
    device::{DESKTOP_HEADER, DeviceStatus, EnrolRequest, EnrolResponse},
    policy::CapturePolicy,
    problem::{Problem, ProblemCode},
    sync::{ItemResult, Outcome, RejectReason, SyncItemBody, SyncRequest, SyncResponse},
};

pub(crate) const SECRET: &str = "the-device-secret";
pub(crate) const TOKEN: &str = "the-enrolment-token";

/// What the server does with the next request to `/sync`, instead of answering it.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Applies it, and closes the connection without an answer.
    LoseAnswer,
    /// A page with status 200, as a captive portal sends.
    Html,
    /// This status, with a problem document and headers.
    Problem(ProblemCode, Vec<(&'static str, String)>),
    /// This status and nothing else.
    Bare(u16, Vec<(&'static str, String)>),
    /// Applies it and names only the first item.
    NameOnlyFirst,
    /// Answers for another epoch.
    WrongEpoch,
    /// Applies it and asks for acknowledged items from this number on again.
    ResendFrom(i64),
    /// Applies it and asks for a new epoch.
    NewEpoch,
    /// Refuses the item with this number for good.
    Reject(i64),
    /// A proxy took the name of the encoding away: a compressed body is noise, any other passes.
    StripEncoding,
}

#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) items: BTreeMap<(EpochId, i64), SyncItemBody>,
    pub(crate) requests: Vec<SyncRequest>,
    /// What was sent at all, whatever became of it.
    pub(crate) record: recorder::Record,
    pub(crate) authorizations: Vec<Option<String>>,
    pub(crate) encodings: Vec<Option<String>>,
    /// What agents said that they see of their desktops.
    pub(crate) desktops: BTreeSet<String>,
    pub(crate) faults: VecDeque<Fault>,
    /// A fault for every request, after those in `faults`.
    pub(crate) always: Option<Fault>,
    pub(crate) enrolled: Vec<EnrolRequest>,
    pub(crate) lose_enrolment_answers: usize,
    pub(crate) policy: Option<CapturePolicy>,
    pub(crate) policy_fetches: usize,
    pub(crate) sockets: usize,
    pub(crate) most_items: Option<usize>,
    /// Devices wait for approval.
    pub(crate) pending: bool,
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) kept: Arc<Mutex<Kept>>,
    nudges: tokio::sync::broadcast::Sender<String>,
}

impl Server {
    /// Serves on a free port, on a thread of its own, until the test process ends.
    pub(crate) fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            kept: Arc::default(),
            nudges: tokio::sync::broadcast::channel(8).0,
        };
        server.kept.lock().policy = Some(CapturePolicy {
            titles: true,
            ..CapturePolicy::careful(1)
        });
        let app = Router::new()
            .route("/api/v1/devices/enrol", post(enrol))
            .route("/api/v1/auth/login", post(log_in))
            .route("/api/v1/sync", post(sync))
            .route("/api/v1/policy", get(policy))
            .route("/api/v1/ws", get(socket))
            .fallback(unknown)
            .layer(axum::middleware::from_fn_with_state(
                server.clone(),
                recorder::record,
            ))
            .with_state(server.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.kept.lock().faults.push_back(fault);
    }

    /// Puts a policy in force and nudges every socket.
    pub(crate) fn set_policy(&self, change: impl FnOnce(&mut CapturePolicy)) {
        let version = {
            let mut kept = self.kept.lock();
            let policy = kept.policy.as_mut().unwrap();
            change(policy);
            policy.version += 1;
            policy.version
        };
        let frame = json!({"frame": "event", "event": {"seq": version, "at": "2026-11-22T09:00:00.000Z",
            "event": {"type": "POLICY_CHANGED", "data": {"version": version}}}});
        let _ = self.nudges.send(frame.to_string());
    }

    pub(crate) fn spans(&self) -> Vec<Activity> {
        let mut spans: Vec<Activity> = self
            .kept
            .lock()
            .items
            .values()
            .filter_map(|item| match item {
                SyncItemBody::Activity(span) => Some(span.clone()),
                _ => None,
            })
            .collect();
        spans.sort_by_key(|span| span.started_at);
        spans
    }

    pub(crate) fn seconds(&self, kind: ActivityType) -> i64 {
        self.spans()
            .iter()
            .filter(|span| span.activity_type == kind)
            .map(|span| i64::from(span.duration_seconds))
            .sum()
    }

    /// Start and stop of every session.
    pub(crate) fn sessions(&self) -> BTreeMap<SessionId, (Option<Timestamp>, Option<Timestamp>)> {
        let mut sessions = BTreeMap::<_, (Option<Timestamp>, Option<Timestamp>)>::new();
        for item in self.kept.lock().items.values() {
            match item {
                SyncItemBody::SessionStarted(it) => {
                    sessions.entry(it.session_id).or_default().0 = Some(it.started_at);
                }
                SyncItemBody::SessionStopped(it) => {
                    sessions.entry(it.session_id).or_default().1 = Some(it.stopped_at);
                }
                _ => {}
            }
        }
        sessions
    }

    /// Every stopped session is accounted for to the second, and no second is there twice.
    pub(crate) fn check_accounts(&self) {
        let spans = self.spans();
        for pair in spans.windows(2) {
            assert!(
                pair[0].ended_at() <= pair[1].started_at,
                "{pair:#?} overlap"
            );
        }
        for (id, (started, stopped)) in self.sessions() {
            let Some(stopped) = stopped else { continue };
            let started = started.expect("started before it stopped");
            let sum: i64 = spans
                .iter()
                .filter(|span| span.session_id == id)
                .map(|span| i64::from(span.duration_seconds))
                .sum();
            assert_eq!(sum * 1_000, stopped.millis_since(started), "session {id}");
        }
    }
}

fn problem(code: ProblemCode, headers: &[(&'static str, String)]) -> Response {
    let (_, status, _) = code.parts();
    let mut response = (
        StatusCode::from_u16(status).unwrap(),
        [(header::CONTENT_TYPE, "application/problem+json")],
        serde_json::to_string(&Problem::new(code)).unwrap(),
    )
        .into_response();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

fn authorized(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value == &format!("Bearer {SECRET}"))
}

async fn enrol(State(server): State<Server>, body: Bytes) -> Response {
    let request: EnrolRequest = serde_json::from_slice(&body).unwrap();
    if request.token != TOKEN {
        return problem(ProblemCode::TokenSpent, &[]);
    }
    let mut kept = server.kept.lock();
    kept.enrolled.push(request.clone());
    if kept.lose_enrolment_answers > 0 {
        kept.lose_enrolment_answers -= 1;
        return cut();
    }
    let answer = EnrolResponse {
        device_id: request.device_id,
        device_secret: SECRET.to_owned(),
        user_name: "Ada Lovelace".to_owned(),
        organization_name: "Analytical Engines".to_owned(),
        user_id: Some(shared_types::UserId(uuid::Uuid::from_u128(5))),
        policy: kept.policy.clone().unwrap(),
        status: if kept.pending {
            DeviceStatus::Pending
        } else {
            DeviceStatus::Approved
        },
    };
    (StatusCode::CREATED, serde_json::to_string(&answer).unwrap()).into_response()
}

/// Lets everybody in: what is tested with it is what is sent.
async fn log_in() -> Response {
    let answer = json!({
        "me": {"user_id": uuid::Uuid::from_u128(5), "name": "Ada Lovelace",
            "email": "ada@example.org", "role": "employee",
            "organization": {"id": uuid::Uuid::from_u128(6), "name": "Analytical Engines",
                "time_zone": "Europe/Berlin"}},
        "tokens": {"access_token": "an access token", "expires_in_seconds": 900,
            "refresh_token": "a refresh token"},
    });
    answer.to_string().into_response()
}

/// An answer that breaks off in its body.
fn cut() -> Response {
    let broken = futures_util::stream::iter([
        Ok(Bytes::from_static(b"{\"epoch\":")),
        Err(std::io::Error::other("cut on purpose")),
    ]);
    axum::body::Body::from_stream(broken).into_response()
}

/// Keeps the items, each once, and says of each what became of it.
fn take(kept: &mut Kept, request: &SyncRequest, fault: Option<&Fault>) -> Vec<ItemResult> {
    let mut results = Vec::new();
    for item in &request.items {
        if matches!(fault, Some(Fault::Reject(seq)) if *seq == item.seq) {
            results.push(ItemResult {
                seq: item.seq,
                outcome: Outcome::Rejected,
                reason: Some(RejectReason::Future),
            });
            continue;
        }
        let key = (request.epoch, item.seq);
        let outcome = match kept.items.get(&key) {
            Some(known) => {
                assert_eq!(known, &item.item, "the same number with other content");
                Outcome::Duplicate
            }
            None => Outcome::Stored,
        };
        kept.items.insert(key, item.item.clone());
        results.push(ItemResult {
            seq: item.seq,
            outcome,
            reason: None,
        });
    }
    results
}

async fn sync(State(server): State<Server>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let encoding = header(header::CONTENT_ENCODING);
    let stripped = {
        let kept = server.kept.lock();
        matches!(
            kept.faults.front().or(kept.always.as_ref()),
            Some(Fault::StripEncoding)
        )
    };
    if stripped && encoding.is_some() {
        server.kept.lock().encodings.push(encoding);
        // As the server answers to bytes that are no JSON.
        return problem(ProblemCode::Malformed, &[]);
    }
    let body = match encoding.as_deref() {
        Some("zstd") => zstd::bulk::decompress(&body, 8 << 20).unwrap(),
        None => body.to_vec(),
        Some(other) => panic!("unexpected encoding {other}"),
    };
    let mut kept = server.kept.lock();
    kept.encodings.push(encoding);
    kept.authorizations.push(header(header::AUTHORIZATION));
    kept.desktops.extend(
        headers
            .get(DESKTOP_HEADER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    );
    let request: SyncRequest = serde_json::from_slice(&body).unwrap();
    kept.requests.push(request.clone());
    if !authorized(&headers) {
        return problem(ProblemCode::Unauthenticated, &[]);
    }
    if kept.pending {
        return problem(ProblemCode::DevicePending, &[]);
    }
    if kept
        .most_items
        .is_some_and(|most| request.items.len() > most)
    {
        return problem(ProblemCode::TooLarge, &[]);
    }
    let fault = kept.faults.pop_front().or_else(|| kept.always.clone());
    match &fault {
        Some(Fault::Html) => {
            return (
                [(header::CONTENT_TYPE, "text/html")],
                "<html>Please log in</html>",
            )
                .into_response();
        }
        Some(Fault::Problem(code, extra)) => return problem(*code, extra),
        Some(Fault::Bare(status, extra)) => {
            let mut response = StatusCode::from_u16(*status).unwrap().into_response();
            for (name, value) in extra {
                response.headers_mut().insert(*name, value.parse().unwrap());
            }
            return response;
        }
        _ => {}
    }
    let mut results = take(&mut kept, &request, fault.as_ref());
    if matches!(fault, Some(Fault::LoseAnswer)) {
        return cut();
    }
    if matches!(fault, Some(Fault::NameOnlyFirst)) {
        results.truncate(1);
    }
    let epoch = match fault {
        Some(Fault::WrongEpoch) => EpochId(uuid::Uuid::from_u128(7)),
        _ => request.epoch,
    };
    let answer = SyncResponse {
        epoch,
        watermark: results.last().map_or(0, |result| result.seq),
        results,
        server_time: request.clock,
        policy_version: kept.policy.as_ref().unwrap().version,
        sessions: Vec::new(),
        resend_from: match fault {
            Some(Fault::ResendFrom(seq)) => Some(seq),
            _ => None,
        },
        new_epoch: matches!(fault, Some(Fault::NewEpoch)),
    };
    serde_json::to_string(&answer).unwrap().into_response()
}

async fn unknown() -> Response {
    problem(ProblemCode::NotFound, &[])
}

async fn policy(State(server): State<Server>, headers: HeaderMap) -> Response {
    if !authorized(&headers) {
        return problem(ProblemCode::Unauthenticated, &[]);
    }
    let mut kept = server.kept.lock();
    kept.policy_fetches += 1;
    serde_json::to_string(kept.policy.as_ref().unwrap())
        .unwrap()
        .into_response()
}

async fn socket(
    State(server): State<Server>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !authorized(&headers) {
        return problem(ProblemCode::Unauthenticated, &[]);
    }
    let mut nudges = server.nudges.subscribe();
    upgrade.on_upgrade(async move |mut socket| {
        server.kept.lock().sockets += 1;
        while let Ok(frame) = nudges.recv().await {
            if socket.send(Message::text(frame)).await.is_err() {
                break;
            }
        }
    })
}
