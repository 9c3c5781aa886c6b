//! Agents that send without a pause, and take no answer for "stored" but an answer that says so.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use serde_json::{Value, json};
use shared_types::Timestamp;
use tokio::task::JoinHandle;
use uuid::Uuid;
use workpulse_server::clock::{Clock as _, SystemClock};

use super::{Device, Fleet, minutes_ago};
use crate::raw::behind;

/// How long each waits between two batches.
const PACE: Duration = Duration::from_millis(10);

/// What an agent has done.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) device: Uuid,
    pub(crate) session: Uuid,
    /// Spans of a second that were acknowledged.
    pub(crate) spans: i64,
    /// Requests that came to nothing and were sent again.
    pub(crate) again: i64,
}

/// Agents at work.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicI64>,
    agents: Vec<JoinHandle<Sent>>,
}

impl Load {
    /// One agent for each device, all sending to this address.
    pub(crate) fn begin(client: &Client, url: &str, devices: Vec<Device>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let acknowledged = Arc::new(AtomicI64::new(0));
        let agents = devices
            .into_iter()
            .map(|device| {
                let agent = Agent {
                    client: client.clone(),
                    url: format!("{url}/api/v1/sync"),
                    device,
                    epoch: SystemClock.new_uuid(),
                };
                tokio::spawn(agent.work(Arc::clone(&stop), Arc::clone(&acknowledged)))
            })
            .collect();
        Self {
            stop,
            acknowledged,
            agents,
        }
    }

    /// Spans that all have had acknowledged so far.
    pub(crate) fn acknowledged(&self) -> i64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Lets each finish what it has begun.
    pub(crate) async fn end(self) -> Vec<Sent> {
        self.stop.store(true, Ordering::Relaxed);
        let mut sent = Vec::new();
        for agent in self.agents {
            sent.push(agent.await.expect("an agent does not panic"));
        }
        sent
    }
}

struct Agent {
    client: Client,
    url: String,
    device: Device,
    epoch: Uuid,
}

impl Agent {
    async fn work(self, stop: Arc<AtomicBool>, acknowledged: Arc<AtomicI64>) -> Sent {
        let start = minutes_ago(330);
        let mut sent = Sent {
            device: self.device.id,
            session: SystemClock.new_uuid(),
            spans: 0,
            again: 0,
        };
        let begun = json!({ "session_started": {
            "session_id": sent.session, "started_at": start.to_string(),
        } });
        self.send(1, &begun, &mut sent).await;
        while !stop.load(Ordering::Relaxed) {
            let span = second(sent.session, start.plus_seconds(sent.spans));
            self.send(sent.spans + 2, &span, &mut sent).await;
            sent.spans += 1;
            acknowledged.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PACE).await;
        }
        sent
    }

    /// Sends one item until an answer names it.
    async fn send(&self, seq: i64, item: &Value, sent: &mut Sent) {
        loop {
            let batch = json!({
                "device_id": self.device.id, "epoch": self.epoch, "clock": SystemClock.now(),
                "items": [{ "seq": seq, "item": item }],
            });
            let request = self.client.post(&self.url).bearer_auth(&self.device.secret);
            let answer = match request.json(&batch).send().await {
                Ok(answer) if answer.status() == 200 => answer.json::<Value>().await.ok(),
                _ => None,
            };
            match answer
                .as_ref()
                .and_then(|answer| answer["results"][0]["outcome"].as_str())
            {
                // The same again, after an answer that was lost, is a duplicate.
                Some("stored" | "duplicate") => return,
                Some(other) => panic!("{other}: {answer:?}"),
                None => sent.again += 1,
            }
            tokio::time::sleep(PACE * 10).await;
        }
    }
}

fn second(session: Uuid, from: Timestamp) -> Value {
    json!({ "activity": {
        "session_id": session, "activity_type": "active",
        "started_at": from.to_string(), "duration_seconds": 1, "application": "Editor",
    } })
}

/// Nothing lost, nothing doubled: what was acknowledged is what is stored, and what is stored is
/// what sessions say.
pub(crate) async fn assert_all_is_there_once(fleet: &Fleet, all: &[Sent]) {
    for sent in all {
        let (stored, active, version): (i64, i64, i64) = behind!(fleet.target(), |c| {
            sqlx::query_as(
                "SELECT (SELECT count(*) FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id
                         WHERE s.device_id = $1), total_active_seconds, version
                 FROM work_sessions WHERE id = $2",
            )
            .bind(sent.device)
            .bind(sent.session)
            .fetch_one(&mut *c)
            .await
        })
        .expect("it is there");
        let wanted = (sent.spans, sent.spans, sent.spans + 1);
        assert_eq!((stored, active, version), wanted, "{sent:?}");
    }
}
