//! What stands between the person and what is recorded: the notice, and why a field is empty.

use shared_types::privacy::Removal;

use super::*;
use crate::outbox::Reader;

fn unread(policy: CapturePolicy) -> Desk {
    let mut desk = Desk::new(policy);
    desk.enrolment.notice_accepted_at = None;
    enrol::save(desk.dir.path(), &desk.enrolment).unwrap();
    desk.kill();
    desk
}

#[test]
fn nothing_is_looked_at_before_the_notice_is_accepted() {
    let mut desk = unread(everything());
    desk.show("Editor", "plan");
    desk.work(600);
    for command in [
        Command::Pause { until: None },
        Command::Resume,
        Command::SyncNow,
    ] {
        desk.command(&command).unwrap();
    }
    assert_eq!(
        desk.command(&Command::Start { project_id: None }),
        Err(CommandError::NoticeNotAccepted)
    );
    desk.engine().shut_down();
    assert_eq!(desk.screen.looks.load(Ordering::SeqCst), 0);
    assert!(desk.sessions().is_empty() && !desk.disk_holds("plan"));
    let report = desk.engine().report();
    assert_eq!(report.state, State::NeedsAttention);
    assert_eq!(report.notice_accepted_at, None);

    desk.command(&Command::AcceptNotice).unwrap();
    let accepted = desk.engine().report().notice_accepted_at;
    assert_eq!(accepted, Some(desk.clock.wall()));
    desk.work(60);
    assert_eq!(desk.sessions().len(), 1);
    desk.kill();
    desk.command(&Command::AcceptNotice).unwrap();
    assert_eq!(
        desk.engine().report().notice_accepted_at,
        accepted,
        "once is enough, and the first time counts"
    );
}

#[test]
fn a_policy_that_collects_more_than_was_accepted_is_told() {
    let mut desk = Desk::new(CapturePolicy::careful(1));
    desk.work(60);
    assert_eq!(desk.engine().report().message, None);
    desk.follow(|policy| policy.titles = true);
    let told = desk.engine().report().message.unwrap();
    assert!(told.contains("window titles"), "{told}");
}

#[test]
fn the_rule_that_emptied_a_field_is_known_and_what_it_removed_is_not() {
    let mut desk = Desk::new(CapturePolicy {
        excluded_applications: vec!["Vault".into()],
        ..everything()
    });
    desk.show("Editor", "plan");
    desk.work(60);
    let changed = desk.clock.wall();
    desk.show("Vault", "the master key");
    desk.work(120);
    desk.engine().shut_down();
    let reader = Reader::open(desk.dir.path()).unwrap().unwrap();
    let removals = reader.removals().unwrap();
    let begun = Timestamp::from_millis(TEN_TO_FIVE);
    assert_eq!(removals.between(begun, changed), None);
    assert_eq!(
        removals.between(changed, desk.clock.wall()),
        Some(Removal::ExcludedApplication)
    );
    assert!(!desk.disk_holds("the master key"));
}
