//! A manager who has the live page open from the first minute to the last, and never reloads.
//!
//! Whenever the agent has been given the answer to a batch with spans, the page must show the
//! person in contact, with that batch's application, within ten seconds. While a server is
//! being restarted the page is looking for it; the ten seconds then count from its return,
//! and the page's own back-off is allowed for.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use shared_types::Timestamp;
use tokio::task::JoinHandle;
use workpulse_tests::{
    browser::Browser,
    proxy::{Answered, Proxy},
    time::now,
};

/// From the sync to the page.
const WITHIN_MILLIS: i64 = 10_000;
/// On top, once, after a server's restart: the page waits a little, at random, before each
/// attempt to find it again.
const RECONNECT_MILLIS: i64 = 10_000;
const LOOK: Duration = Duration::from_millis(200);

#[derive(Default)]
struct Seen {
    /// The first thing that was wrong.
    wrong: Option<String>,
    /// Applications that were shown, in order.
    applications: Vec<String>,
    /// The slowest, in milliseconds from the sync to the page.
    slowest_millis: i64,
    restarted_at: Option<Timestamp>,
}

/// The manager.
pub(crate) struct Watch {
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    task: Option<JoinHandle<Browser>>,
    person: String,
}

impl Watch {
    /// Logs in as the manager, as a person would, and begins to look.
    pub(crate) async fn start(
        profile: &Path,
        address: &str,
        email: &str,
        password: &str,
        person: &str,
        proxy: Arc<Proxy>,
    ) -> Result<Self> {
        let mut browser = Browser::start(profile).await?;
        browser.open(address).await?;
        let field = browser.wait_for("textbox", "E-mail").await?;
        browser.type_into(field, email).await?;
        let field = browser.wait_for("textbox", "Password").await?;
        browser.type_into(field, password).await?;
        let button = browser.wait_for("button", "Log in").await?;
        browser.click(button).await?;
        browser.wait_for("heading", "Live").await?;
        browser.wait_for("row", person).await?;
        // Gone after a reload.
        browser.evaluate("window.neverReloaded = true").await?;

        let seen = Arc::new(Mutex::new(Seen::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(look(
            browser,
            person.to_owned(),
            proxy,
            Arc::clone(&seen),
            Arc::clone(&stop),
        ));
        Ok(Self {
            seen,
            stop,
            task: Some(task),
            person: person.to_owned(),
        })
    }

    pub(crate) fn server_was_restarted(&self) {
        self.seen.lock().expect("no panics").restarted_at = Some(now());
    }

    /// What was wrong so far.
    pub(crate) fn check(&self) -> Result<()> {
        match &self.seen.lock().expect("no panics").wrong {
            Some(wrong) => bail!("{wrong}"),
            None => Ok(()),
        }
    }

    /// The last look: the day's figures must come to be these, nobody may have reloaded, and
    /// the focus must have been seen to move this often.
    pub(crate) async fn finish(mut self, today: [i64; 3], moves: usize) -> Result<Vec<String>> {
        self.stop.store(true, Ordering::Relaxed);
        let mut browser = self.task.take().context("a browser")?.await?;
        let mut complaints = Vec::new();
        let wanted = json!({
            "active": today[0].to_string(),
            "idle": today[1].to_string(),
            "unobserved": today[2].to_string(),
            "status": "not_working",
        });
        let since = now();
        let mut row = Value::Null;
        loop {
            let found = browser.find("row", &self.person).await?;
            if let Some(found) = found {
                row = browser.call(found, FIGURES).await?;
            }
            if row == wanted {
                break;
            }
            if now().millis_since(since) > WITHIN_MILLIS {
                complaints.push(format!("the page ends with {row}, not {wanted}"));
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        if browser.evaluate("window.neverReloaded").await? != true {
            complaints.push("the page was reloaded".to_owned());
        }
        let seen = self.seen.lock().expect("no panics");
        complaints.extend(seen.wrong.clone());
        println!(
            "the page showed {:?}, at most {} ms behind the sync",
            seen.applications, seen.slowest_millis
        );
        if seen.applications.len() < moves {
            complaints.push(format!("the page only ever showed {:?}", seen.applications));
        }
        Ok(complaints)
    }
}

const FIGURES: &str = "function () { const it = this.closest('[data-user-id]').dataset; return {
    active: it.activeSeconds, idle: it.idleSeconds, unobserved: it.unobservedSeconds,
    status: it.status }; }";
const STATE: &str = "function () { const it = this.closest('[data-user-id]'); return {
    online: it.dataset.online, status: it.dataset.status, text: it.innerText }; }";

async fn look(
    mut browser: Browser,
    person: String,
    proxy: Arc<Proxy>,
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
) -> Browser {
    let mut shown: Option<Answered> = None;
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
        let Some(latest) = proxy.latest_span() else {
            continue;
        };
        if shown.as_ref() == Some(&latest) {
            continue;
        }
        let state = match browser.find("row", &person).await {
            Ok(Some(row)) => browser.call(row, STATE).await.unwrap_or_default(),
            _ => Value::Null,
        };
        let application = latest.application.clone().unwrap_or_default();
        let text = state["text"].as_str().unwrap_or_default();
        let mut seen = seen.lock().expect("no panics");
        if state["online"] == "true" && text.contains(&application) {
            let took = now().millis_since(latest.at);
            seen.slowest_millis = seen.slowest_millis.max(took);
            if seen.applications.last() != Some(&application) {
                seen.applications.push(application);
            }
            shown = Some(latest);
            continue;
        }
        let mut due = latest.at.plus_millis(WITHIN_MILLIS);
        if let Some(restarted) = seen.restarted_at {
            due = due.max(restarted.plus_millis(WITHIN_MILLIS + RECONNECT_MILLIS));
        }
        if now() > due && seen.wrong.is_none() {
            seen.wrong = Some(format!(
                "the sync of {} with {application:?} was not on the page by {due}: {state}",
                latest.at
            ));
        }
    }
    browser
}
