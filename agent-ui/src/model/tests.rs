//! The menu as a person reads it, state by state, and what must hold in every state.

use proptest::prelude::*;

use super::*;
use shared_types::{ProjectId, policy::PauseRule};

use crate::facts::{Away, Offers, Today};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("the zone database has Berlin")
}

fn working(doing: Doing) -> Facts {
    Facts {
        work: Work::Working {
            since: at("2026-11-23T08:12:00Z"),
            doing,
        },
        connection: Connection::Online {
            last_sync: at("2026-11-23T13:59:30Z"),
        },
        today: Today {
            active_seconds: 5 * 3_600 + 12 * 60,
            idle_seconds: 34 * 60,
            unobserved_seconds: 0,
        },
        pending: 0,
        trouble: None,
        note: None,
        offers: Offers::default(),
    }
}

fn active(application: &str) -> Facts {
    working(Doing::Active {
        application: Some(application.to_owned()),
    })
}

/// The whole menu as text: lines plain, actions in brackets, what cannot be chosen in
/// parentheses.
fn shown(facts: &Facts) -> (IconState, String, Vec<String>) {
    let model = TrayModel::new(facts, at("2026-11-23T14:00:00Z"), &zone());
    let action = |action: &Action| {
        if action.enabled {
            format!("[{}]", action.label)
        } else {
            format!("({})", action.label)
        }
    };
    let menu = model
        .menu
        .iter()
        .map(|entry| match entry {
            Entry::Line(text) => text.clone(),
            Entry::Separator => "--".to_owned(),
            Entry::Action(one) => action(one),
            Entry::Submenu { label, actions, .. } => {
                let inside: Vec<_> = actions.iter().map(action).collect();
                format!("{label}: {}", inside.join(" "))
            }
        })
        .collect();
    (model.icon, model.tooltip, menu)
}

#[test]
fn working_shows_since_when_where_and_the_day() {
    let (icon, tooltip, menu) = shown(&active("Firefox"));
    assert_eq!(icon, IconState::Working);
    assert_eq!(tooltip, "WorkPulse · Working since 09:12 · Firefox");
    assert_eq!(
        menu,
        [
            "Working since 09:12 · Firefox",
            "Today 5 h 12 min active · 34 min idle",
            "Everything sent · 14:59",
            "--",
            "[Open WorkPulse]",
            "[Stop working]",
            "Pause: [15 minutes] [30 minutes] [60 minutes] [Until tomorrow]",
            "[Sync now]",
            "--",
            "[Stop working and quit]",
        ]
    );
}

#[test]
fn an_application_that_policy_hides_leaves_no_gap_in_the_line() {
    let (_, _, menu) = shown(&working(Doing::Active { application: None }));
    assert_eq!(menu[0], "Working since 09:12");
}

#[test]
fn idle_is_told_and_changes_the_icon() {
    let (icon, _, menu) = shown(&working(Doing::Idle));
    assert_eq!(icon, IconState::Idle);
    assert_eq!(menu[0], "Working since 09:12 · idle");
}

#[test]
fn time_that_nobody_saw_is_told_with_its_share() {
    let mut facts = active("Firefox");
    facts.today.unobserved_seconds = 9 * 60;
    let (_, _, menu) = shown(&facts);
    assert_eq!(menu[2], "97 % accounted for · 9 min not observed");
}

#[test]
fn a_total_that_lacks_one_second_is_not_complete() {
    let mut facts = active("Firefox");
    facts.today.unobserved_seconds = 1;
    let (_, _, menu) = shown(&facts);
    assert_eq!(menu[2], "99 % accounted for · under 1 min not observed");
}

#[test]
fn only_pauses_that_the_organization_allows_are_offered() {
    let mut facts = active("Firefox");
    let pause = |facts: &Facts| shown(facts).2[6].clone();
    let mut limited = |seconds| {
        facts.offers.pause.longest_seconds = Some(seconds);
        pause(&facts)
    };
    assert_eq!(limited(1_800), "Pause: [15 minutes] [30 minutes]");
    // Tomorrow begins in nine hours.
    assert_eq!(
        limited(9 * 3_600),
        "Pause: [15 minutes] [30 minutes] [60 minutes] [Until tomorrow]"
    );
    assert_eq!(
        limited(9 * 3_600 - 1),
        "Pause: [15 minutes] [30 minutes] [60 minutes]"
    );
    assert_eq!(
        limited(60),
        "(Your organization allows shorter pauses only)"
    );
    facts.offers.pause.allowed = false;
    assert_eq!(pause(&facts), "(Pausing is off, set by your organization)");
    // A pause that runs can always be ended.
    facts.work = Work::Paused {
        until: None,
        in_session: true,
    };
    assert!(shown(&facts).2.contains(&"[Resume]".to_owned()));
}

#[test]
fn a_newer_version_is_told_below_the_window() {
    let mut facts = active("Firefox");
    facts.offers.update = Some("0.2.0-1".to_owned());
    let (_, _, menu) = shown(&facts);
    assert_eq!(
        menu[4..6],
        ["[Open WorkPulse]", "[Version 0.2.0-1 is available]"]
    );
}

#[test]
fn a_pause_offers_to_resume_or_to_stop_and_says_until_when() {
    let mut facts = active("Firefox");
    let mut paused = |until: &str, in_session| {
        facts.work = Work::Paused {
            until: Some(at(until)),
            in_session,
        };
        shown(&facts)
    };
    let (icon, _, menu) = paused("2026-11-23T14:30:00Z", true);
    assert_eq!(icon, IconState::Paused);
    assert_eq!(menu[0], "Paused until 15:30 · nothing is looked at");
    assert_eq!(
        menu[4..7],
        ["[Open WorkPulse]", "[Stop working]", "[Resume]"]
    );
    let (_, _, menu) = paused("2026-11-23T23:00:00Z", false);
    assert_eq!(
        menu[0],
        "Paused until tomorrow 00:00 · nothing is looked at"
    );
    assert_eq!(menu[5..7], ["[Start working]", "[Resume]"]);
}

#[test]
fn without_a_session_work_can_be_started() {
    let mut facts = active("Firefox");
    facts.work = Work::NotWorking;
    let (icon, _, menu) = shown(&facts);
    assert_eq!(icon, IconState::NotWorking);
    assert_eq!(menu[0], "Not working · nothing is recorded");
    assert_eq!(menu[5], "[Start working]");
}

#[test]
fn offline_says_what_is_kept_and_since_when() {
    let mut facts = working(Doing::NotTold);
    facts.pending = 42;
    facts.connection = Connection::Offline {
        last_sync: Some(at("2026-11-22T09:02:00Z")),
    };
    let (icon, _, menu) = shown(&facts);
    assert_eq!(icon, IconState::Offline);
    assert_eq!(menu[0], "Working since 09:12");
    assert_eq!(
        menu[2],
        "Offline · last sent yesterday 10:02 · 42 records kept here"
    );

    facts.pending = 1;
    facts.connection = Connection::Offline { last_sync: None };
    assert_eq!(shown(&facts).2[2], "Offline · 1 record kept here");
}

#[test]
fn the_way_to_the_server_is_told_in_every_state() {
    let mut facts = active("Firefox");
    let mut line = |connection, pending| {
        facts.connection = connection;
        facts.pending = pending;
        shown(&facts).2[2].clone()
    };
    let last_sync = at("2026-11-23T13:59:30Z");
    assert_eq!(line(Connection::Connecting, 0), "Connecting");
    assert_eq!(
        line(Connection::Connecting, 3),
        "Connecting · 3 records to send"
    );
    assert_eq!(
        line(Connection::Online { last_sync }, 1),
        "1 record to send · last sent 14:59"
    );
    let last_sync = Some(last_sync);
    assert_eq!(
        line(Connection::Refused { last_sync }, 7),
        "Not sending · last sent 14:59 · 7 records kept here"
    );
}

#[test]
fn without_enrolment_the_menu_opens_the_window_and_quits() {
    let mut facts = active("Firefox");
    facts.work = Work::NotEnrolled;
    let (icon, _, menu) = shown(&facts);
    assert_eq!(icon, IconState::NeedsAttention);
    assert_eq!(
        menu,
        [
            "Not enrolled · nothing is recorded",
            "Open WorkPulse to set this computer up.",
            "--",
            "[Open WorkPulse]",
            "(Start working)",
            "Pause: (15 minutes) (30 minutes) (60 minutes) (Until tomorrow)",
            "(Sync now)",
            "--",
            "[Quit WorkPulse]",
        ]
    );
}

#[test]
fn trouble_comes_first_in_the_icon_and_is_told_in_full() {
    let mut facts = active("Firefox");
    facts.work = Work::Paused {
        until: None,
        in_session: false,
    };
    facts.trouble = Some("The disk is full. What was recorded is kept.".to_owned());
    let (icon, _, menu) = shown(&facts);
    assert_eq!(icon, IconState::NeedsAttention);
    assert!(menu.contains(&"The disk is full. What was recorded is kept.".to_owned()));
}

#[test]
fn a_note_is_told_and_leaves_the_icon_as_it_is() {
    let mut facts = active("Firefox");
    facts.note = Some("no session is running".to_owned());
    let (icon, _, menu) = shown(&facts);
    assert_eq!(icon, IconState::Working);
    assert_eq!(menu[2], "no session is running");
}

#[test]
fn an_agent_that_does_not_run_is_no_reason_for_a_missing_icon() {
    let (icon, _, menu) = shown(&Facts::of_failure("The profile cannot be read.".to_owned()));
    assert_eq!(icon, IconState::NeedsAttention);
    assert_eq!(
        menu[..3],
        [
            "Not running · nothing is recorded",
            "The profile cannot be read.",
            "--"
        ]
    );
    assert_eq!(menu.last().map(String::as_str), Some("[Quit WorkPulse]"));
}

#[test]
fn who_comes_back_is_asked_in_the_menu_and_projects_can_be_chosen() {
    let mut facts = active("Firefox");
    let [here, other] = [1, 2].map(|id| ProjectId(uuid::Uuid::from_u128(id)));
    facts.offers = Offers {
        away: Some(Away {
            from: at("2026-11-23T11:02:00Z"),
            to: at("2026-11-23T11:20:00Z"),
        }),
        projects: vec![(here, "Lighthouse".to_owned()), (other, "Pier".to_owned())],
        project: Some(here),
        may_quit: false,
        ..Offers::default()
    };
    let (_, _, menu) = shown(&facts);
    assert_eq!(
        menu[4..],
        [
            "[Open WorkPulse]",
            "Away 12:02 to 12:20: it was: [A break] [A meeting] [Leave it as recorded]",
            "[Stop working]",
            "Project: (✓ Lighthouse) [Pier]",
            "Pause: [15 minutes] [30 minutes] [60 minutes] [Until tomorrow]",
            "[Sync now]",
            "--",
            "(Quit is off, set by your IT department)",
        ]
    );
}

#[test]
fn before_the_notice_is_accepted_only_the_window_can_be_opened() {
    let mut facts = active("Firefox");
    facts.work = Work::NotWorking;
    facts.offers.notice_due = true;
    let (_, _, menu) = shown(&facts);
    assert!(menu.contains(&"[Open WorkPulse]".to_owned()));
    assert!(menu.contains(&"(Start working)".to_owned()), "{menu:?}");
}

#[test]
fn a_menu_is_rebuilt_only_when_its_entries_change() {
    let model = |facts: &Facts| TrayModel::new(facts, at("2026-11-23T14:00:00Z"), &zone());
    let first = model(&active("Firefox"));
    let mut later = active("Terminal");
    later.today.active_seconds += 60;
    assert!(model(&later).has_the_shape_of(&first), "only texts differ");

    let mut stopped = active("Firefox");
    stopped.work = Work::NotWorking;
    assert!(
        !model(&stopped).has_the_shape_of(&first),
        "start is not stop"
    );
    let mut paused = active("Firefox");
    paused.work = Work::Paused {
        until: None,
        in_session: true,
    };
    assert!(!model(&paused).has_the_shape_of(&first));
    let mut incomplete = active("Firefox");
    incomplete.today.unobserved_seconds = 60;
    assert!(
        !model(&incomplete).has_the_shape_of(&first),
        "one line more"
    );
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let instant = || any::<i64>().prop_map(|ms| shared_types::Timestamp::from_millis(ms).into());
    let maybe = || proptest::option::of(instant());
    let doing = prop_oneof![
        proptest::option::of(any::<String>()).prop_map(|application| Doing::Active { application }),
        Just(Doing::Idle),
        Just(Doing::NotTold),
    ];
    let work = prop_oneof![
        Just(Work::NotRunning),
        Just(Work::NotEnrolled),
        Just(Work::NotWorking),
        (maybe(), any::<bool>()).prop_map(|(until, in_session)| Work::Paused { until, in_session }),
        (instant(), doing).prop_map(|(since, doing)| Work::Working { since, doing }),
    ];
    let connection = prop_oneof![
        Just(Connection::Connecting),
        instant().prop_map(|last_sync| Connection::Online { last_sync }),
        maybe().prop_map(|last_sync| Connection::Offline { last_sync }),
        maybe().prop_map(|last_sync| Connection::Refused { last_sync }),
    ];
    let today = any::<[u64; 3]>().prop_map(|[active, idle, unobserved]| Today {
        active_seconds: active,
        idle_seconds: idle,
        unobserved_seconds: unobserved,
    });
    let told = || proptest::option::of(any::<String>());
    let away =
        proptest::option::of((instant(), instant()).prop_map(|(from, to)| Away { from, to }));
    let project = (any::<u128>(), any::<String>())
        .prop_map(|(id, name)| (ProjectId(uuid::Uuid::from_u128(id)), name));
    let offers = (
        away,
        proptest::collection::vec(project, 0..30),
        any::<[bool; 3]>(),
        proptest::option::of(60_u32..=86_400),
        proptest::option::of(Just("0.2.0-1".to_owned())),
    )
        .prop_map(
            |(away, projects, [may_quit, notice_due, allowed], longest_seconds, update)| Offers {
                away,
                project: projects.first().map(|(id, _)| *id),
                projects,
                may_quit,
                notice_due,
                pause: PauseRule {
                    allowed,
                    longest_seconds,
                },
                update,
            },
        );
    (
        work,
        connection,
        today,
        any::<u64>(),
        told(),
        told(),
        offers,
    )
        .prop_map(
            |(work, connection, today, pending, trouble, note, offers)| Facts {
                work,
                connection,
                today,
                pending,
                trouble,
                note,
                offers,
            },
        )
}

/// Every command that can be chosen now.
fn offered(menu: &[Entry]) -> Vec<Command> {
    menu.iter()
        .flat_map(|entry| match entry {
            Entry::Action(action) => vec![action.clone()],
            Entry::Submenu {
                actions, enabled, ..
            } => actions
                .iter()
                .map(|action| Action::new(action.command, "", action.enabled && *enabled))
                .collect(),
            Entry::Line(_) | Entry::Separator => Vec::new(),
        })
        .filter(|action| action.enabled)
        .map(|action| action.command)
        .collect()
}

proptest! {
    #[test]
    fn whatever_the_agent_says_the_menu_stays_sane(facts in any_facts(), now in any::<i64>()) {
        let now = shared_types::Timestamp::from_millis(now).into();
        let model = TrayModel::new(&facts, now, &zone());
        let offered = offered(&model.menu);

        prop_assert_eq!(
            offered.contains(&Command::Quit),
            facts.offers.may_quit,
            "one can leave exactly where that is allowed"
        );
        prop_assert!(offered.contains(&Command::Open), "the window can always be opened");
        prop_assert!(
            !(offered.contains(&Command::Start) && offered.contains(&Command::Stop)),
            "start or stop, never both"
        );
        let pauses = PauseFor::ALL.map(Command::Pause);
        prop_assert!(
            !(offered.contains(&Command::Resume) && pauses.iter().any(|p| offered.contains(p))),
            "pause or resume, never both"
        );
        if matches!(facts.work, Work::NotEnrolled | Work::NotRunning) {
            prop_assert!(
                offered
                    .iter()
                    .all(|it| matches!(it, Command::Open | Command::Update | Command::Quit | Command::Was(_))),
                "{:?}", offered
            );
        }
        let told = model.menu.iter().filter_map(|entry| match entry {
            Entry::Line(text) => Some(text.as_str()),
            _ => None,
        });
        for line in told.chain([model.tooltip.as_str()]) {
            prop_assert!(!line.is_empty(), "no line is empty");
            prop_assert!(
                line.chars().count() <= 240 && !line.contains(char::is_control),
                "one printable line: {:?}", line
            );
        }
        let incomplete = facts.today.unobserved_seconds > 0;
        prop_assert!(facts.today.accounted_percent() != Some(100) || !incomplete);
    }
}
