//! The rules that bind the engine: the policy in force, its working hours, and approval.

use shared_types::{Timestamp, policy::CapturePolicy, privacy::Privacy};

use super::{Collected, Engine};
use crate::{
    capture::Focus,
    enrol,
    hours::{Hours, Place},
    notice,
    sampler::Rules,
};

impl Engine {
    /// Follows a policy from now on, also for what is in no item yet. What it forbids is gone
    /// before the next look is made, and before anything is written.
    pub(super) fn follow(&mut self, policy: CapturePolicy) {
        tracing::info!(
            policy_version = policy.version,
            "a new capture policy is in force"
        );
        self.privacy = Privacy::new(&policy);
        self.hours = Hours::new(policy.working_hours.as_deref());
        let privacy = self.privacy.clone();
        let now = self.clock.wall();
        // What is in no item yet is held to the new policy, too.
        let from = self.sampler.emitted_until().unwrap_or(now);
        let mut removed = None;
        let mut keep = |focus: Focus| {
            removed = removed.or(privacy.judge(focus.clone()).1);
            privacy.apply_again(focus)
        };
        self.sampler.redact(&mut keep);
        self.keeper.lock().revise(|span| {
            let kept = keep(Focus {
                application: span.application.take(),
                title: span.title.take(),
                url: span.url.take(),
                category_id: span.category_id.take(),
            });
            (span.application, span.title, span.url) = (kept.application, kept.title, kept.url);
            span.category_id = kept.category_id;
        });
        if let Some(rule) = removed {
            self.removals.note_again(from, now, rule);
        }
        self.removals.follow(from, now, Collected::by(&policy));
        self.removals_changed = true;
        self.sampler
            .set_rules(Rules::new(self.settings.sample_interval_seconds, &policy));
        let (rule, now) = (policy.pause, self.clock.wall());
        let before = self.wishes.clone();
        if self.wishes.limit_pause(rule, now) {
            self.notice = Some(
                "Your organization's policy has ended your pause. The desktop is looked at again."
                    .to_owned(),
            );
        }
        if !self.waits_for_notice()
            && let Some(told) = notice::widened(&self.enrolment.policy, &policy)
        {
            self.notice = Some(told);
        }
        self.enrolment.policy = policy;
        self.save_enrolment();
        if self.wishes != before {
            self.keep(Vec::new(), true);
        }
        self.save_checkpoint();
        if self.waits_for_approval() {
            self.end_session();
        }
        self.look();
    }

    /// Whether the desktop may be looked at by the working hours. Sets where the running session
    /// ends by them: behind the last item, at the first instant that lies outside.
    pub(super) fn within_hours(&mut self, now: Timestamp) -> bool {
        let limit = self.sampler.emitted_until().and_then(|until| {
            match self.hours.place(until, &self.zone) {
                Place::Inside(end) => end,
                Place::Outside => Some(until),
            }
        });
        let inside = self.hours.place(now, &self.zone) != Place::Outside;
        let limit = if inside {
            limit
        } else {
            Some(limit.map_or(now, |limit| limit.min(now)))
        };
        self.sampler.set_limit(limit);
        self.outside_hours = !inside;
        inside
    }

    /// Whether nothing may be recorded because the device is not approved yet.
    pub(super) fn waits_for_approval(&self) -> bool {
        self.enrolment.pending && !self.enrolment.policy.record_while_pending
    }

    /// Whether nothing may be looked at because nobody has accepted the notice.
    pub(super) const fn waits_for_notice(&self) -> bool {
        self.enrolment.notice_accepted_at.is_none()
    }

    /// Whether the desktop may be looked at as far as approval and notice go.
    pub(super) fn may_look(&self) -> bool {
        !self.waits_for_approval() && !self.waits_for_notice()
    }

    /// The person has read what is collected.
    pub(super) fn accept_notice(&mut self) {
        if self.waits_for_notice() {
            self.enrolment.notice_accepted_at = Some(self.clock.wall());
            self.save_enrolment();
            self.look();
        }
    }

    /// Remembers whether the server wants this device to be approved first.
    pub(super) fn set_pending(&mut self, pending: bool) {
        if self.enrolment.pending == pending {
            return;
        }
        self.enrolment.pending = pending;
        self.save_enrolment();
        if pending {
            tracing::info!("this device waits for approval; what is recorded stays on it");
        } else {
            tracing::info!("this device has been approved");
        }
        if self.waits_for_approval() {
            self.end_session();
        }
    }

    fn end_session(&mut self) {
        let made = self.sampler.stop();
        self.keep(made, false);
    }

    fn save_enrolment(&self) {
        if let Err(error) = enrol::save(&self.settings.data_dir, &self.enrolment) {
            tracing::error!(error = %error, "the capture policy could not be kept on the disk; it is fetched again after a restart");
        }
    }
}
