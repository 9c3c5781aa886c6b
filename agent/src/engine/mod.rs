//! One step of the pipeline after another: look, sample, keep. No threads and no waiting in
//! here: the runtime calls, with the time that the clock says.
//!
//! Owns the order in which things become durable: items and the facts that belong to them go
//! into the outbox first, then the checkpoint is replaced. A kill in between is found out at
//! the next start, because the outbox wins.

mod away;
mod backlog;
mod opening;
mod removals;
mod report;
mod rules;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use parking_lot::Mutex;
use shared_types::{
    SessionId, Timestamp,
    activity::{ActivityType, UnobservedReason},
    live::DayTotals,
    privacy::Privacy,
    sync::{Counters, SyncItemBody},
};

pub use self::{
    away::{AwayReason, Returned},
    backlog::Backlog,
    removals::{Collected, Removals},
};

use self::{away::Away, opening::Opening};
use crate::{
    capture::{Focus, NoFocus, NoIdle, Watched},
    checkpoint::Checkpoint,
    clock::Clock,
    config::Settings,
    day::Day,
    enrol::Enrolment,
    failpoint::failpoint,
    hours::Hours,
    outbox::{Keeper, Outbox, OutboxError},
    presence,
    sampler::{Observation, Rules, Sampler, Sight, StartRefused},
    session::{Command, CommandError, Wishes},
    sync::{Attention, News, Wake},
};

const RECORDED: &str = "recorded";
const WISHES: &str = "wishes";
/// Which rules held something back, and when; also read by [`crate::outbox::Reader`].
pub(crate) const REMOVALS: &str = "removals";

/// See the module.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each by its name"
)]
pub(crate) struct Engine {
    settings: Settings,
    clock: Arc<dyn Clock>,
    enrolment: Enrolment,
    wake: Arc<Wake>,
    probe: Watched,
    privacy: Privacy,
    hours: Hours,
    /// The working hours do not hold now, as of the last look.
    outside_hours: bool,
    /// The machine shuts down, as of the last look.
    shutting_down: bool,
    sampler: Sampler,
    keeper: Arc<Mutex<Keeper>>,
    checkpoint: Checkpoint,
    wishes: Wishes,
    away: Away,
    removals: Removals,
    /// What is in the outbox is older.
    removals_changed: bool,
    zone: TimeZone,
    day: Day,
    kept_today: DayTotals,
    counters: Counters,
    backlog: backlog::Watcher,
    next_look_millis: i64,
    /// Why nothing can be seen, as of the last look.
    blind: Option<String>,
    /// The server cut this device off.
    halted: Option<String>,
    failure: Option<(String, Attention)>,
    last_sync_at: Option<Timestamp>,
    contact_millis: i64,
    nudges_connected: bool,
    notice: Option<String>,
    /// The outbox is of a newer version, and this agent records beside it.
    newer: Option<String>,
}

impl Engine {
    /// Opens the data directory of an enrolled machine and takes up where it ended.
    pub(crate) fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        enrolment: Enrolment,
        wake: Arc<Wake>,
    ) -> Result<Self, OutboxError> {
        let path = settings.data_dir.join("outbox.db");
        let Opening {
            outbox,
            recorded,
            notice,
            newer,
        } = opening::open(&path, &*clock)?;
        let wishes: Wishes = parse_fact(&outbox, WISHES)?.unwrap_or_default();
        let mut removals: Removals = parse_fact(&outbox, REMOVALS)?.unwrap_or_default();
        let began = clock.wall();
        removals.follow(began, began, Collected::by(&enrolment.policy));
        let checkpoint = Checkpoint::new(settings.data_dir.join("checkpoint.json"));
        let rules = Rules::new(settings.sample_interval_seconds, &enrolment.policy);
        let mut sampler = Sampler::new(rules, recorded, checkpoint.read());
        let privacy = Privacy::new(&enrolment.policy);
        // A kill may have come between a stricter policy and the checkpoint of before.
        sampler.redact(|focus| privacy.apply_again(focus));
        let zone = TimeZone::system();
        let day = Day::of(clock.wall(), &zone);
        let kept_today = outbox.totals(day.from, day.to)?;
        let counters = outbox.counters()?;
        let mut backlog = backlog::Watcher::default();
        backlog.observe(&counters);
        let now = clock.mono_millis();
        Ok(Self {
            probe: Watched::new(Arc::clone(&settings.probe)),
            privacy,
            hours: Hours::new(enrolment.policy.working_hours.as_deref()),
            outside_hours: false,
            shutting_down: false,
            keeper: Arc::new(Mutex::new(Keeper::new(outbox, Arc::clone(&clock)))),
            settings,
            enrolment,
            wake,
            sampler,
            checkpoint,
            wishes,
            away: Away::default(),
            removals,
            removals_changed: true,
            zone,
            day,
            kept_today,
            counters,
            backlog,
            next_look_millis: now,
            blind: None,
            halted: None,
            failure: None,
            last_sync_at: None,
            contact_millis: now,
            nudges_connected: false,
            notice,
            newer,
            clock,
        })
    }

    pub(crate) fn keeper(&self) -> Arc<Mutex<Keeper>> {
        Arc::clone(&self.keeper)
    }

    /// How long until the next look is due.
    pub(crate) fn due_in(&self) -> Duration {
        let millis = self.next_look_millis - self.clock.mono_millis();
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Looks if it is time to.
    pub(crate) fn look_if_due(&mut self) -> bool {
        let now = self.clock.mono_millis();
        if now < self.next_look_millis {
            return false;
        }
        failpoint("tick");
        let interval = i64::from(self.settings.sample_interval_seconds) * 1_000;
        self.next_look_millis += interval;
        if self.next_look_millis <= now {
            // Missed looks are skipped, not made up for in a burst.
            self.next_look_millis = now + interval;
        }
        self.look();
        true
    }

    /// Looks once and keeps what follows from it.
    pub(crate) fn look(&mut self) {
        if self.halted.is_some() || !self.may_look() {
            return;
        }
        let before = self.wishes.clone();
        let known = self.removals.clone();
        let observation = self.observation();
        self.away.observe(
            &observation,
            i64::from(self.enrolment.policy.idle_after_seconds) * 1_000,
            self.sampler.session().is_some(),
        );
        let mut made = self.sampler.observe(&observation);
        if self.outside_hours {
            // The wall clock has passed the end; the time line may be slewing behind it.
            made.extend(self.sampler.stop());
        } else if self.shutting_down {
            // Its end is on the disk before the machine is off; whoever comes back begins anew.
            made.extend(self.sampler.stop());
        }
        let wishes_changed = self.wishes != before;
        self.removals_changed |= self.removals != known;
        self.keep(made, wishes_changed);
    }

    /// Carries a command out.
    pub(crate) fn command(&mut self, command: &Command) -> Result<(), CommandError> {
        if let Some(why) = &self.halted
            && !matches!(command, Command::SyncNow | Command::Status)
        {
            return Err(CommandError::Halted(why.clone()));
        }
        if self.waits_for_approval() && matches!(command, Command::Start { .. }) {
            return Err(CommandError::Pending);
        }
        if self.waits_for_notice() && matches!(command, Command::Start { .. }) {
            return Err(CommandError::NoticeNotAccepted);
        }
        match command {
            Command::Start { project_id } => self.start(*project_id)?,
            Command::Stop => {
                self.look();
                if self.sampler.session().is_none() {
                    return Err(CommandError::NoSession);
                }
                self.wishes.stopped_on = Some(self.day.date.clone());
                let made = self.sampler.stop();
                self.keep(made, true);
            }
            Command::Pause { until } => {
                let (rule, now) = (self.enrolment.policy.pause, self.clock.wall());
                self.wishes.clone().pause(*until, rule, now)?;
                self.look();
                self.wishes.pause(*until, rule, now)?;
                self.change_of_wishes();
            }
            Command::Resume => {
                self.look();
                self.wishes.pause = None;
                self.change_of_wishes();
            }
            Command::AcceptNotice => self.accept_notice(),
            Command::AnswerReturn { from } => self.away.answered(*from),
            Command::SyncNow => self.wake.now.notify_one(),
            Command::Status => {}
        }
        Ok(())
    }

    fn start(&mut self, project_id: Option<shared_types::ProjectId>) -> Result<(), CommandError> {
        if !self.within_hours(self.clock.wall()) {
            return Err(CommandError::OutsideHours);
        }
        // A start by hand ends a pause and takes a stop by hand back.
        self.wishes = Wishes::default();
        let observation = Observation {
            may_start: None,
            ..self.observation()
        };
        let mut made = self.sampler.observe(&observation);
        let started = self
            .sampler
            .start(SessionId(self.clock.new_uuid()), project_id);
        let result = match started {
            Ok(item) => {
                made.push(item);
                // Again, so that the session knows what was just seen.
                made.extend(self.sampler.observe(&observation));
                Ok(())
            }
            Err(StartRefused::Running) => Err(CommandError::AlreadyRunning),
            Err(StartRefused::ClockBehind | StartRefused::NotReady) => {
                Err(CommandError::ClockBehind)
            }
        };
        self.keep(made, true);
        result
    }

    fn change_of_wishes(&mut self) {
        if !self.may_look() {
            self.keep(Vec::new(), true);
            return;
        }
        let observation = self.observation();
        let made = self.sampler.observe(&observation);
        self.keep(made, true);
    }

    /// Takes in what the sync side tells.
    pub(crate) fn news(&mut self, news: News) {
        match news {
            News::Synced { at } => {
                self.last_sync_at = Some(at);
                self.contact_millis = self.clock.mono_millis();
                self.failure = None;
                if self.halted.take().is_some() {
                    tracing::info!("the server accepts this device again, sampling goes on");
                }
                self.set_pending(false);
                self.refresh_counters();
            }
            News::Failed { message, attention } => {
                if attention == Attention::Pending {
                    self.set_pending(true);
                }
                if attention == Attention::Halt && self.halted.is_none() {
                    tracing::error!("the server cut this device off, sampling stops");
                    self.look();
                    let made = self.sampler.stop();
                    self.keep(made, false);
                    self.halted = Some(format!(
                        "{message}. Nothing is recorded any more; what was recorded before is kept on this machine. Ask your administrator."
                    ));
                }
                self.failure = Some((message, attention));
            }
            News::Policy(policy) => self.follow(policy),
            News::Nudges(connected) => self.nudges_connected = connected,
        }
    }

    /// Ends the session where it is; nothing is left running.
    pub(crate) fn shut_down(&mut self) {
        self.look();
        let made = self.sampler.stop();
        self.keep(made, false);
    }

    fn observation(&mut self) -> Observation {
        let wall = self.clock.wall();
        self.roll_day(wall);
        // Clocks before the look: what is seen is at least as new as the time that it gets.
        let (boot_millis, mono_millis) = (self.clock.boot_millis(), self.clock.mono_millis());
        let within_hours = self.within_hours(wall);
        let sight = if !within_hours || self.wishes.is_paused(wall) {
            self.blind = None;
            Sight::Blind(UnobservedReason::Paused)
        } else {
            self.see(mono_millis)
        };
        let may_start = within_hours
            && self.sampler.session().is_none()
            && self.settings.auto_start
            && self.enrolment.policy.auto_start
            && self.wishes.may_start_by_itself(&self.day.date);
        Observation {
            boot_millis,
            mono_millis,
            wall,
            sight,
            may_start: may_start.then(|| SessionId(self.clock.new_uuid())),
        }
    }

    fn see(&mut self, mono_millis: i64) -> Sight {
        let look = self.probe.look(mono_millis);
        self.shutting_down = look.idle_millis == Err(NoIdle::Away(presence::Away::ShuttingDown));
        if let Some(desktop) = self.probe.desktop() {
            *self.wake.desktop.lock() = Some(desktop);
        }
        let idle_millis = match look.idle_millis {
            Ok(millis) => i64::try_from(millis).unwrap_or(i64::MAX),
            Err(NoIdle::Away(away)) => {
                self.blind = None;
                return Sight::Blind(away.reason());
            }
            Err(why) => {
                self.blind = Some(why.to_string());
                return Sight::Blind(UnobservedReason::NoCapture);
            }
        };
        self.blind = None;
        let focus = match look.focus {
            Ok(focus) => {
                let (kept, rule) = self.privacy.judge(focus);
                let near = i64::from(self.settings.sample_interval_seconds) * 1_500;
                self.removals.note(self.clock.wall(), rule, near);
                kept
            }
            Err(NoFocus::NothingFocused) => Focus::default(),
            Err(NoFocus::Unsupported(hint)) => {
                self.notice.get_or_insert_with(|| hint.to_owned());
                Focus::default()
            }
            Err(why) => {
                tracing::debug!(reason = %why, "the focused window is not known");
                Focus::default()
            }
        };
        Sight::Seen { focus, idle_millis }
    }

    fn keep(&mut self, made: Vec<SyncItemBody>, wishes_changed: bool) {
        failpoint("sampled");
        if made.is_empty() && !wishes_changed {
            self.keeper.lock().flush();
        } else {
            for item in &made {
                if let SyncItemBody::Activity(span) = item
                    && self.day.contains(span.started_at)
                {
                    add(
                        &mut self.kept_today,
                        span.activity_type,
                        i64::from(span.duration_seconds),
                    );
                }
            }
            let mut facts = vec![(RECORDED, to_json(&self.sampler.recorded()))];
            if wishes_changed {
                facts.push((WISHES, to_json(&self.wishes)));
            }
            if std::mem::take(&mut self.removals_changed) {
                facts.push((REMOVALS, to_json(&self.removals)));
            }
            let news = !made.is_empty();
            self.keeper.lock().keep(made, facts);
            self.refresh_counters();
            if news {
                self.wake.items.notify_one();
            }
        }
        self.save_checkpoint();
    }

    fn save_checkpoint(&mut self) {
        let unfinished = self.sampler.unfinished();
        if let Err(error) = self.checkpoint.write(unfinished.as_ref()) {
            tracing::warn!(error = %error, "the checkpoint cannot be written, a kill would lose the minute in progress");
        }
    }

    fn refresh_counters(&mut self) {
        match self.keeper.lock().outbox().counters() {
            Ok(counters) => {
                self.backlog.observe(&counters);
                self.counters = counters;
            }
            Err(error) => tracing::warn!(error = %error, "the outbox's counters cannot be read"),
        }
    }

    fn roll_day(&mut self, now: Timestamp) {
        if !self.day.contains(now) {
            self.day = Day::of(now, &self.zone);
            self.kept_today = self
                .keeper
                .lock()
                .outbox()
                .totals(self.day.from, self.day.to)
                .unwrap_or_default();
        }
    }
}

fn add(totals: &mut DayTotals, kind: ActivityType, seconds: i64) {
    *match kind {
        ActivityType::Active => &mut totals.active_seconds,
        ActivityType::Idle => &mut totals.idle_seconds,
        ActivityType::Unobserved => &mut totals.unobserved_seconds,
    } += seconds;
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

fn parse_fact<T: serde::de::DeserializeOwned>(
    outbox: &Outbox,
    key: &str,
) -> Result<Option<T>, OutboxError> {
    Ok(outbox.fact(key)?.and_then(|text| parse(key, &text)))
}

fn parse<T: serde::de::DeserializeOwned>(key: &str, text: &str) -> Option<T> {
    serde_json::from_str(text)
        .inspect_err(|error| tracing::error!(key, error = %error, "a fact in the outbox cannot be read, it is taken as absent"))
        .ok()
}
