//! The engine on a made-up desktop and clock: what a policy forbids does not reach the disk,
//! and its hours, its pauses and approval bind what is recorded.

mod person;
mod windows;

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

use proptest::prelude::*;
use shared_types::{
    CategoryId, DeviceId,
    device::Capabilities,
    hours::{TimeOfDay, Weekday, WorkingHours},
    policy::{CapturePolicy, ExcludedPattern, PatternField, PauseRule},
    sync::SyncItemBody,
    window_rule::{RuleField, WindowAction, WindowRule},
};
use uuid::Uuid;

use super::*;
use crate::{
    capture::{Look, Probe},
    credentials::{SecretChoice, SecretPlace},
    enrol,
    status::State,
};

/// 2026-11-23T16:50:00Z, a Monday.
const TEN_TO_FIVE: i64 = 1_795_452_600_000;

/// A clock that stands until it is moved.
struct Hands {
    millis: AtomicI64,
    ids: AtomicU64,
}

impl Clock for Hands {
    fn wall(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::SeqCst))
    }
    fn boot_millis(&self) -> i64 {
        self.millis.load(Ordering::SeqCst) - TEN_TO_FIVE + 900_000_000
    }
    fn mono_millis(&self) -> i64 {
        self.boot_millis()
    }
    fn new_uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::SeqCst)) + 1)
    }
    fn random(&self) -> u64 {
        4
    }
}

/// What the desktop shows; somebody types all the time.
#[derive(Default)]
struct Screen {
    focus: Mutex<Focus>,
    looks: AtomicUsize,
}

struct Eyes(Arc<Screen>);

impl Probe for Eyes {
    fn name(&self) -> &'static str {
        "eyes"
    }
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }
    fn look(&mut self) -> Look {
        self.0.looks.fetch_add(1, Ordering::SeqCst);
        Look {
            focus: Ok(self.0.focus.lock().clone()),
            idle_millis: Ok(0),
        }
    }
}

struct Desk {
    dir: tempfile::TempDir,
    clock: Arc<Hands>,
    screen: Arc<Screen>,
    enrolment: Enrolment,
    engine: Option<Engine>,
}

impl Desk {
    fn new(policy: CapturePolicy) -> Self {
        let mut desk = Self {
            dir: tempfile::tempdir().unwrap(),
            clock: Arc::new(Hands {
                millis: AtomicI64::new(TEN_TO_FIVE),
                ids: AtomicU64::new(0),
            }),
            screen: Arc::default(),
            enrolment: Enrolment {
                server: "http://127.0.0.1:9/".parse().unwrap(),
                device_id: DeviceId(Uuid::from_u128(7)),
                user_name: "Ada".into(),
                organization_name: "Engines".into(),
                secret: SecretPlace::File,
                policy,
                pending: false,
                user_id: None,
                notice_accepted_at: Some(Timestamp::UNIX_EPOCH),
            },
            engine: None,
        };
        desk.start();
        desk
    }

    fn start(&mut self) {
        let screen = Arc::clone(&self.screen);
        let settings = Settings {
            credentials: SecretChoice::File,
            probe: Arc::new(move || Box::new(Eyes(Arc::clone(&screen)))),
            ..Settings::for_data_dir(self.dir.path())
        };
        if let Some(kept) = enrol::load(self.dir.path()).unwrap() {
            self.enrolment = kept;
        }
        let (clock, wake) = (Arc::clone(&self.clock), Arc::default());
        let mut engine = Engine::open(settings, clock, self.enrolment.clone(), wake).unwrap();
        engine.zone = TimeZone::UTC;
        engine.day = Day::of(self.clock.wall(), &TimeZone::UTC);
        self.engine = Some(engine);
    }

    /// As after SIGKILL: only what is on the disk remains.
    fn kill(&mut self) {
        self.engine = None;
        self.start();
    }

    fn engine(&mut self) -> &mut Engine {
        self.engine.as_mut().unwrap()
    }

    fn show(&self, application: &str, title: &str) {
        *self.screen.focus.lock() = Focus {
            application: Some(application.into()),
            title: Some(title.into()),
            url: None,
            category_id: None,
        };
    }

    /// Looks every five seconds for this long.
    fn work(&mut self, seconds: i64) {
        for _ in 0..seconds / 5 {
            self.clock.millis.fetch_add(5_000, Ordering::SeqCst);
            self.engine().look();
        }
    }

    fn follow(&mut self, change: impl FnOnce(&mut CapturePolicy)) {
        let mut policy = self.engine().enrolment.policy.clone();
        change(&mut policy);
        policy.version += 1;
        self.engine().news(News::Policy(policy));
    }

    fn command(&mut self, command: &Command) -> Result<(), CommandError> {
        self.engine().command(command)
    }

    /// Sessions as `16:50:05-17:00:00`; one that runs has no end.
    fn sessions(&mut self) -> Vec<String> {
        let items = self
            .engine()
            .keeper
            .lock()
            .outbox()
            .batch(10_000, 100_000_000);
        let clock = |at: Timestamp| at.to_string()[11..19].to_owned();
        let mut sessions = Vec::new();
        for (_, body) in items.unwrap().items {
            match serde_json::from_str(&body).unwrap() {
                SyncItemBody::SessionStarted(it) => sessions.push(clock(it.started_at) + "-"),
                SyncItemBody::SessionStopped(it) => {
                    sessions.last_mut().unwrap().push_str(&clock(it.stopped_at));
                }
                _ => {}
            }
        }
        sessions
    }

    /// Whether any file of the data directory holds this text.
    fn disk_holds(&self, text: &str) -> bool {
        files_hold(self.dir.path(), text)
    }
}

fn files_hold(dir: &Path, text: &str) -> bool {
    fs::read_dir(dir).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return files_hold(&path, text);
        }
        let bytes = fs::read(path).unwrap();
        bytes.windows(text.len()).any(|at| at == text.as_bytes())
    })
}

fn everything() -> CapturePolicy {
    CapturePolicy {
        titles: true,
        urls: true,
        ..CapturePolicy::careful(1)
    }
}

fn hours(from: &str, to: &str) -> Vec<WorkingHours> {
    Weekday::ALL
        .into_iter()
        .map(|day| WorkingHours {
            day,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        })
        .collect()
}

#[test]
fn working_hours_end_a_session_to_the_second_and_begin_another() {
    let mut desk = Desk::new(CapturePolicy {
        working_hours: Some(hours("09:00", "17:00")),
        ..everything()
    });
    desk.show("Editor", "plan");
    desk.clock.millis.fetch_add(3_000, Ordering::SeqCst);
    desk.engine().look();
    desk.work(12 * 60);
    let looks = desk.screen.looks.load(Ordering::SeqCst);
    assert_eq!(desk.sessions(), ["16:50:03-17:00:00"]);
    let report = desk.engine().report();
    assert!(report.outside_working_hours && report.state == State::NotWorking);
    assert!(report.message.unwrap().contains("working hours"));
    let refused = desk.command(&Command::Start { project_id: None });
    assert_eq!(refused, Err(CommandError::OutsideHours));
    desk.work(600);
    assert_eq!(
        desk.screen.looks.load(Ordering::SeqCst),
        looks,
        "outside the hours nobody looks"
    );
    // The machine sleeps over the night and wakes up after nine.
    desk.clock
        .millis
        .fetch_add(16 * 3_600_000, Ordering::SeqCst);
    desk.work(10);
    assert_eq!(desk.sessions().len(), 2);
    assert!(
        desk.sessions()[1].starts_with("09:1"),
        "{:?}",
        desk.sessions()
    );
    assert!(!desk.engine().report().outside_working_hours);
}

#[test]
fn time_that_passes_unseen_over_the_end_of_the_hours_is_not_tracked_either() {
    let mut desk = Desk::new(CapturePolicy {
        working_hours: Some(hours("09:00", "17:00")),
        session_gap_seconds: 86_400,
        ..everything()
    });
    desk.work(60);
    desk.clock
        .millis
        .fetch_add(17 * 3_600_000, Ordering::SeqCst);
    desk.work(10);
    assert_eq!(desk.sessions(), ["16:50:05-17:00:00", "09:51:10-"]);
}

#[test]
fn working_hours_that_arrive_end_the_minute_in_progress() {
    let mut desk = Desk::new(everything());
    desk.work(90);
    desk.follow(|policy| policy.working_hours = Some(hours("09:00", "16:00")));
    // Nothing was in items yet: the minute before was held back until it was decided.
    let sessions = desk.sessions();
    assert_eq!(sessions.len(), 1);
    assert!(!sessions[0].ends_with('-'), "{sessions:?}");
    assert!(!desk.dir.path().join("checkpoint.json").exists());
    desk.follow(|policy| policy.working_hours = None);
    desk.work(10);
    assert_eq!(desk.sessions().len(), 2);
}

#[test]
fn a_stricter_policy_takes_what_it_forbids_out_of_the_minute_in_progress() {
    for killed in [false, true] {
        let mut desk = Desk::new(everything());
        desk.show("Editor", "a secret plan");
        desk.work(30);
        assert!(
            desk.disk_holds("a secret plan"),
            "the checkpoint holds what may be kept"
        );
        desk.show("Editor", "another plan");
        desk.follow(|policy| {
            policy.excluded_patterns = vec![ExcludedPattern {
                field: PatternField::Title,
                pattern: "*SECRET*".into(),
            }];
        });
        assert!(!desk.disk_holds("a secret plan"));
        desk.show("Editor", "secret again");
        desk.work(5);
        if killed {
            desk.kill();
        }
        desk.show("Editor", "a third plan");
        desk.work(300);
        for (text, held) in [
            ("a secret plan", false),
            ("secret again", false),
            ("another plan", true),
            ("a third plan", true),
        ] {
            assert_eq!(desk.disk_holds(text), held, "{text}, killed: {killed}");
        }
    }
}

#[test]
fn a_kill_between_a_stricter_policy_and_the_checkpoint_changes_nothing() {
    let mut desk = Desk::new(everything());
    desk.show("Editor", "a secret plan");
    desk.work(30);
    // The policy is on the disk; the checkpoint is still the one of before.
    desk.enrolment.policy = CapturePolicy::careful(2);
    enrol::save(desk.dir.path(), &desk.enrolment).unwrap();
    desk.kill();
    desk.show("Editor", "x");
    desk.work(300);
    assert!(!desk.disk_holds("a secret plan"));
}

#[test]
fn what_waits_for_the_disk_is_cleaned_too() {
    let mut desk = Desk::new(everything());
    desk.show("Editor", "a secret plan");
    desk.work(30);
    let blocker = rusqlite::Connection::open(desk.dir.path().join("outbox.db")).unwrap();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let made = desk.engine().sampler.stop();
    desk.engine().keep(made, false);
    assert!(
        desk.engine().report().waiting_in_memory > 0,
        "the disk does not take it"
    );
    desk.follow(|policy| policy.titles = false);
    blocker.execute_batch("ROLLBACK").unwrap();
    desk.work(20);
    assert_eq!(desk.engine().report().waiting_in_memory, 0);
    assert!(!desk.disk_holds("a secret plan"));
}

#[test]
fn pausing_is_allowed_limited_or_denied_by_the_policy() {
    let mut desk = Desk::new(everything());
    let pause = |seconds: i64| Command::Pause {
        until: Some(Timestamp::from_millis(TEN_TO_FIVE + seconds * 1_000)),
    };
    desk.work(10);
    desk.follow(|policy| {
        policy.pause = PauseRule {
            allowed: true,
            longest_seconds: Some(600),
        };
    });
    assert_eq!(
        desk.command(&pause(3_600)),
        Err(CommandError::PauseTooLong(600))
    );
    desk.command(&Command::Pause { until: None }).unwrap();
    let report = desk.engine().report();
    assert_eq!(
        report.paused_until,
        Some(Timestamp::from_millis(TEN_TO_FIVE + 610_000))
    );
    desk.work(60);
    let looks = desk.screen.looks.load(Ordering::SeqCst);
    desk.follow(|policy| policy.pause.allowed = false);
    let report = desk.engine().report();
    assert!(!report.paused, "the policy ended the pause");
    assert!(report.message.unwrap().contains("ended your pause"));
    assert_eq!(desk.screen.looks.load(Ordering::SeqCst), looks + 1);
    assert_eq!(
        desk.command(&pause(300)),
        Err(CommandError::PauseNotAllowed)
    );
    desk.kill();
    assert!(!desk.engine().report().paused);
}

#[test]
fn a_device_that_waits_for_approval_records_only_where_the_policy_lets_it() {
    let failed = || News::Failed {
        message: "This device waits for approval".into(),
        attention: Attention::Pending,
    };
    let mut desk = Desk::new(everything());
    desk.work(10);
    desk.engine().news(failed());
    desk.work(10);
    let report = desk.engine().report();
    assert!(report.device_pending && report.state == State::NeedsAttention);
    assert!(report.session.is_some(), "it records: {report:?}");
    assert!(report.message.unwrap().contains("kept on this machine"));

    desk.follow(|policy| policy.record_while_pending = false);
    assert_eq!(desk.engine().report().session, None);
    desk.kill();
    let looks = desk.screen.looks.load(Ordering::SeqCst);
    desk.work(60);
    assert!(desk.engine().report().device_pending, "it is remembered");
    assert_eq!(desk.screen.looks.load(Ordering::SeqCst), looks);
    let refused = desk.command(&Command::Start { project_id: None });
    assert_eq!(refused, Err(CommandError::Pending));

    desk.engine().news(News::Synced {
        at: Timestamp::UNIX_EPOCH,
    });
    desk.work(10);
    let report = desk.engine().report();
    assert!(!report.device_pending && report.session.is_some());
}

/// What happens at a desk, in any order.
#[derive(Debug, Clone)]
enum Happens {
    Work {
        application: u8,
        title: u8,
        seconds: i64,
    },
    Policy {
        titles: bool,
        application: u8,
        title: u8,
        /// Windows of this application keep no title, or only a category.
        reduced: u8,
        only_category: bool,
        hours: bool,
    },
    Kill,
    Pause,
    Resume,
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        6 => (0_u8..3, 0_u8..3, 1_i64..30)
            .prop_map(|(application, title, looks)| Happens::Work { application, title, seconds: looks * 5 }),
        3 => (any::<bool>(), 0_u8..4, 0_u8..4, 0_u8..4, any::<bool>(), any::<bool>())
            .prop_map(|(titles, application, title, reduced, only_category, hours)| {
                Happens::Policy { titles, application, title, reduced, only_category, hours }
            }),
        1 => Just(Happens::Kill),
        1 => Just(Happens::Pause),
        1 => Just(Happens::Resume),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Every look shows a text of its own, made of its kind and a number. Whatever happens, no
    /// file holds a text that the policy in force at its look forbade; and after each change of
    /// the policy, the checkpoint holds none that the new one forbids.
    #[test]
    fn what_the_policy_forbids_is_in_no_file(story in proptest::collection::vec(happens(), 1..14)) {
        let mut desk = Desk::new(everything());
        let (mut number, mut forbidden) = (0, Vec::new());
        let mut shown: Vec<(u8, u8, String, String)> = Vec::new();
        for event in story {
            let policy = desk.engine().enrolment.policy.clone();
            match event {
                Happens::Work { application, title, seconds } => {
                    for _ in 0..seconds / 5 {
                        number += 1;
                        let (app_text, title_text) =
                            (format!("app{application}-{number:05}"), format!("title{title}-{number:05}"));
                        desk.show(&app_text, &title_text);
                        desk.work(5);
                        let kept = Privacy::new(&policy).apply(Focus {
                            application: Some(app_text.clone()),
                            title: Some(title_text.clone()),
                            url: None,
                            category_id: None,
                        });
                        let report = desk.engine().report();
                        let unseen = report.outside_working_hours || report.paused;
                        if kept.application.is_none() || unseen { forbidden.push(app_text.clone()); }
                        if kept.title.is_none() || unseen { forbidden.push(title_text.clone()); }
                        shown.push((application, title, app_text, title_text));
                    }
                }
                Happens::Policy { titles, application, title, reduced, only_category, hours: bound } => {
                    desk.show("nothing", "nothing");
                    desk.follow(|policy| {
                        policy.titles = titles;
                        policy.excluded_patterns = vec![
                            ExcludedPattern { field: PatternField::Application, pattern: format!("app{application}-*") },
                            ExcludedPattern { field: PatternField::Title, pattern: format!("TITLE{title}-?????") },
                        ];
                        policy.window_rules = vec![WindowRule {
                            field: RuleField::Application,
                            pattern: format!("app{reduced}-*"),
                            action: if only_category { WindowAction::CategoryOnly } else { WindowAction::HideTitle },
                            category_id: only_category.then(|| CategoryId(Uuid::from_u128(7))),
                        }];
                        policy.working_hours = bound.then(|| vec![WorkingHours {
                            day: Weekday::Monday,
                            from: TimeOfDay::from_minutes(9 * 60),
                            to: TimeOfDay::from_minutes(16 * 60 + 55),
                        }]);
                    });
                    let checkpoint = fs::read_to_string(desk.dir.path().join("checkpoint.json")).unwrap_or_default();
                    for (app, name, app_text, title_text) in &shown {
                        if *app == application || (*app == reduced && only_category) {
                            prop_assert!(!checkpoint.contains(app_text.as_str()), "{app_text}");
                        }
                        if !titles || *name == title || *app == reduced {
                            prop_assert!(!checkpoint.contains(title_text.as_str()), "{title_text}");
                        }
                    }
                }
                Happens::Kill => desk.kill(),
                Happens::Pause => desk.command(&Command::Pause { until: None }).unwrap(),
                Happens::Resume => {
                    desk.show("nothing", "nothing");
                    desk.command(&Command::Resume).unwrap();
                }
            }
        }
        desk.engine().shut_down();
        for text in forbidden {
            prop_assert!(!desk.disk_holds(&text), "{} is on the disk", text);
        }
    }
}
