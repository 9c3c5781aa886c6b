//! A server with something to lose.

use anyhow::{Result, ensure};
use reqwest::{Method, header};
use serde_json::{Value, json};
use shared_types::{
    DeviceId, EpochId, SessionId, Timestamp,
    activity::{Activity, ActivityType},
    auth::Role,
    session::WorkSession,
    sync::{Outcome, SessionStarted, SyncItem, SyncItemBody, SyncRequest},
};
use workpulse_tests::{
    api::{Api, Refused, refusal},
    database::{Engine, Storage, cluster_from_environment},
    server::{Server, ServerPlan, program},
    time::{new_id, now},
};

/// A server with one enrolled device that has sent three minutes.
pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) storage: Storage,
    pub(crate) server: Server,
    pub(crate) admin: Api,
    pub(crate) device: Api,
    pub(crate) device_id: DeviceId,
    pub(crate) epoch: EpochId,
    pub(crate) session: SessionId,
    pub(crate) began: Timestamp,
    pub(crate) before: WorkSession,
}

impl World {
    pub(crate) async fn new(engine: Engine) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(cluster_from_environment()?),
        };
        let storage = Storage::create(engine, cluster.as_deref(), "bad").await?;
        let program = program("workpulse-server")?;
        let plan = ServerPlan::new(program, dir.path().join("server"), storage.url())?;
        let server = plan.start().await?;
        let (_, admin) = server
            .api()
            .set_up("Observatory", "ada@bad.example")
            .await?;
        let user = admin
            .create_user("Erin", "erin@bad.example", Role::Employee, false)
            .await?;
        let token = admin.enrolment_token(user.id).await?;
        let device_id = DeviceId(new_id());
        let enrolled = server.api().enrol(&token.token, device_id).await?;
        let device = server.api().with_bearer(&enrolled.device_secret);
        let minute = now().minute() - 10;
        let began = Timestamp::from_millis(minute * 60_000);
        let (epoch, session) = (EpochId(new_id()), SessionId(new_id()));
        let mut items = vec![SyncItemBody::SessionStarted(SessionStarted {
            session_id: session,
            project_id: None,
            started_at: began,
        })];
        items.extend((0..3).map(|n| SyncItemBody::Activity(minute_of(session, began, n))));
        let batch = SyncRequest {
            device_id,
            epoch,
            clock: now(),
            items: (1..)
                .zip(items)
                .map(|(seq, item)| SyncItem { seq, item })
                .collect(),
        };
        let answer = device.sync(&batch).await?;
        ensure!(answer.watermark == 4, "{answer:?}");
        let before = admin.session(session).await?;
        Ok(Self {
            dir,
            storage,
            server,
            admin,
            device,
            device_id,
            epoch,
            session,
            began,
            before,
        })
    }

    pub(crate) fn batch(&self, items: &Value) -> Value {
        json!({ "device_id": self.device_id, "epoch": self.epoch, "clock": now(), "items": items })
    }

    /// A raw body to `/sync` with the device's secret; what it was refused with.
    pub(crate) async fn refused(&self, body: Vec<u8>, encoding: Option<&str>) -> Result<Refused> {
        let mut request = self
            .device
            .request(Method::POST, "/sync")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(encoding) = encoding {
            request = request.header(header::CONTENT_ENCODING, encoding);
        }
        let answer = request.send().await?;
        ensure!(!answer.status().is_success(), "it was accepted");
        Ok(refusal(answer).await)
    }

    /// Nothing changed, and the next good item is stored.
    pub(crate) async fn close(self) -> Result<()> {
        let after = self.admin.session(self.session).await?;
        ensure!(after == self.before, "{after:?}, before {:?}", self.before);
        let good = SyncRequest {
            device_id: self.device_id,
            epoch: self.epoch,
            clock: now(),
            items: vec![SyncItem {
                seq: 5,
                item: SyncItemBody::Activity(minute_of(self.session, self.began, 3)),
            }],
        };
        let answer = self.device.sync(&good).await?;
        ensure!(answer.watermark == 5, "{answer:?}");
        ensure!(answer.results[0].outcome == Outcome::Stored, "{answer:?}");
        let status = self.server.stop().await?;
        ensure!(status.success(), "the server ended with {status}");
        self.storage.remove().await?;
        Ok(self.dir.close()?)
    }
}

/// One whole minute of a session.
pub(crate) fn minute_of(session_id: SessionId, began: Timestamp, n: i64) -> Activity {
    Activity {
        session_id,
        activity_type: ActivityType::Active,
        reason: None,
        started_at: began.plus_seconds(n * 60),
        duration_seconds: 60,
        application: Some("firefox".to_owned()),
        title: None,
        url: None,
        category_id: None,
    }
}
