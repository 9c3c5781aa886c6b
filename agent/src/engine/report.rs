//! What the engine tells: its parts put into words.

use shared_types::live::DayTotals;

use super::Engine;
use crate::{
    status::{SessionInfo, State, StatusReport},
    sync::Attention,
};

/// Without an answer for this long the agent calls itself offline, as the server does.
const OFFLINE_AFTER_MILLIS: i64 = 150_000;

impl Engine {
    /// Everything that there is to tell.
    pub(crate) fn report(&self) -> StatusReport {
        let (waiting, trouble) = {
            let keeper = self.keeper.lock();
            let waiting = i64::try_from(keeper.waiting()).unwrap_or(i64::MAX) + keeper.dropped();
            (waiting, keeper.trouble().map(str::to_owned))
        };
        let (state, message) = self.state(trouble);
        let unfinished = self
            .sampler
            .unfinished_totals(self.day.from.as_millis().div_euclid(1_000));
        let mut counters = self.counters.clone();
        counters.produced += waiting;
        counters.pending += waiting;
        StatusReport {
            enrolled: true,
            server: Some(self.enrolment.server.to_string()),
            device_id: Some(self.enrolment.device_id),
            user_name: Some(self.enrolment.user_name.clone()),
            organization_name: Some(self.enrolment.organization_name.clone()),
            state,
            message,
            session: self.sampler.session().map(|it| SessionInfo {
                id: it.id,
                project_id: it.project_id,
                started_at: it.started_at,
            }),
            paused: self.wishes.pause.is_some(),
            paused_until: self.wishes.pause.and_then(|pause| pause.until),
            today: DayTotals {
                active_seconds: self.kept_today.active_seconds + unfinished.active_seconds,
                idle_seconds: self.kept_today.idle_seconds + unfinished.idle_seconds,
                unobserved_seconds: self.kept_today.unobserved_seconds
                    + unfinished.unobserved_seconds,
            },
            pending: counters.pending,
            waiting_in_memory: waiting,
            backlog: self.backlog.backlog(),
            counters,
            last_sync_at: self.last_sync_at,
            last_error: self.failure.as_ref().map(|(message, _)| message.clone()),
            capabilities: self.probe.capabilities(),
            probe: self.probe.desktop().map(|it| it.probe),
            policy_version: self.enrolment.policy.version,
            policy: Some(self.enrolment.policy.clone()),
            device_pending: self.enrolment.pending,
            notice_accepted_at: self.enrolment.notice_accepted_at,
            returned: self.away.returned().filter(|_| self.asks_on_return()),
            outside_working_hours: self.outside_hours,
            nudges_connected: self.nudges_connected,
            clock_dropped_seconds: self.sampler.dropped_millis() / 1_000,
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Whether a person is asked what a stretch without input was: their own settings may leave
    /// them alone, and so may the organization's policy.
    pub(super) const fn asks_on_return(&self) -> bool {
        self.settings.ask_on_return && self.enrolment.policy.ask_on_return
    }

    fn state(&self, trouble: Option<String>) -> (State, Option<String>) {
        let attention = |message: String| (State::NeedsAttention, Some(message));
        if let Some(why) = &self.halted {
            return attention(why.clone());
        }
        if let Some(trouble) = trouble {
            return attention(trouble);
        }
        if let Some(newer) = &self.newer {
            return attention(newer.clone());
        }
        if let Some((message, Attention::Credential)) = &self.failure {
            return attention(format!(
                "{message}. Recording goes on and is kept on this machine; enrol it again to send it."
            ));
        }
        if self.enrolment.pending {
            return attention(if self.waits_for_approval() {
                "This device waits for an administrator's approval. Nothing is recorded until then."
                    .to_owned()
            } else {
                "This device waits for an administrator's approval. What is recorded is kept on this machine and sent then.".to_owned()
            });
        }
        if self.waits_for_notice() {
            return attention(
                "Read what is recorded, and why, and accept it. Nothing is looked at until then."
                    .to_owned(),
            );
        }
        if self.wishes.pause.is_some() {
            return (State::Paused, self.notice.clone());
        }
        if self.outside_hours {
            return (
                State::NotWorking,
                Some(
                    "It is outside the working hours of your organization's policy. Nothing is looked at, and no time is recorded."
                        .to_owned(),
                ),
            );
        }
        if let Some(why) = &self.blind {
            return attention(format!(
                "The desktop cannot be seen: {why}. The time counts as unobserved."
            ));
        }
        let silent = self.clock.mono_millis() - self.contact_millis > OFFLINE_AFTER_MILLIS;
        if let Some((message, _)) = self.failure.as_ref().filter(|_| silent) {
            return (
                State::Offline,
                Some(format!(
                    "{message}. What is recorded is kept and sent later."
                )),
            );
        }
        let state = match (self.sampler.session(), self.sampler.idle_now()) {
            (None, _) => State::NotWorking,
            (Some(_), Some(true)) => State::Idle,
            (Some(_), _) => State::Working,
        };
        (state, self.notice.clone())
    }
}
