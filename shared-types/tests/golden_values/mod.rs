//! One value for each message, with every optional field once present and once absent
//! where that changes what is written.

mod account;
mod alert;
mod category;
mod export;
mod job;
mod note;
mod report;
mod report_schedule;
mod rights;
mod summary;
mod webhook;

use std::collections::BTreeMap;

use shared_types::{
    AlertId, DeviceId, EnrolmentTokenId, EpochId, OrganizationId, ProjectId, SessionId, TeamId,
    Timestamp, UserId,
    activity::{Activity, ActivityType, UnobservedReason},
    auth::{
        CreateUser, LoginRequest, LoginResponse, Me, OrganizationSummary, RefreshRequest, Role,
        SetupRequest, SetupResponse, SetupStatus, TokenDelivery, TokenPair, User, UserPage,
        UserStatus,
    },
    device::{
        Capabilities, CreateEnrolmentToken, Device, DevicePage, DeviceStatus, EnrolOwnRequest,
        EnrolRequest, EnrolResponse, EnrolmentToken, EnrolmentTokenCreated, EnrolmentTokenPage,
    },
    hours::{TimeOfDay, Weekday, WorkingHours},
    live::{
        AlertEvent, CurrentSession, DayHours, DayTotals, EventBody, EventPage, LiveEvent,
        PeopleChanged, PersonState, PersonStatus, PolicyChanged, PresenceSnapshot, ServerFrame,
    },
    policy::{
        CapturePolicy, EffectivePolicy, ExcludedPattern, PatternField, PauseRule, PolicyDocument,
        PolicyPart, PolicyPreview, PreviewPolicy, PreviewWindow, PreviewedWindow, TeamPolicy,
        UrlAction, UrlRule,
    },
    privacy::{Focus, Removal},
    problem::{FieldProblem, Problem, ProblemCode},
    project::{
        BookedTime, ChangeProject, CreateProject, PersonBooked, Project, ProjectMember,
        ProjectMemberPage, ProjectPage, ProjectTotals,
    },
    session::{
        ActivitiesStored, PostActivities, PostActivity, SessionChanged, SessionPage, SessionStatus,
        SessionTotals, SetSessionProject, StartSession, StopSession, WorkSession,
    },
    sync::{
        Counters, ItemResult, Outcome, RejectReason, SessionStarted, SessionStopped, SyncItem,
        SyncItemBody, SyncRequest, SyncResponse,
    },
    team::{ChangeTeam, CreateTeam, SetMember, Team, TeamMember, TeamMemberPage, TeamPage},
    window_rule::{RuleField, WindowAction, WindowRule},
};
use uuid::Uuid;

use super::Golden;

/// The `n`th id of these files.
fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(
        0x0198_0000_0000_7000_8000_0000_0000_0000 + n,
    ))
}

/// 2026-11-22, at so many seconds after 09:00 UTC.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_338_000_000).plus_seconds(seconds)
}

fn organization() -> OrganizationId {
    id(1)
}
fn user() -> UserId {
    id(2)
}
fn device() -> DeviceId {
    id(3)
}
fn epoch() -> EpochId {
    id(4)
}
fn project() -> ProjectId {
    id(5)
}
fn session() -> SessionId {
    id(6)
}
fn alert() -> AlertId {
    id(7)
}
fn enrolment_token() -> EnrolmentTokenId {
    id(8)
}
fn team() -> TeamId {
    id(9)
}

/// Checks every message.
pub(crate) fn check_all(golden: &mut Golden) {
    enums(golden);
    sync(golden);
    sessions(golden);
    live(golden);
    people(golden);
    devices(golden);
    teams(golden);
    projects(golden);
    problems(golden);
    account::check_all(golden);
    export::check(golden);
    category::check(golden);
    alert::check(golden);
    job::check(golden);
    note::check(golden);
    report::check(golden);
    report_schedule::check(golden);
    summary::check(golden);
    rights::check(golden);
    webhook::check(golden);
}

fn enums(golden: &mut Golden) {
    golden.check("enum_activity_type", &ActivityType::ALL);
    golden.check("enum_unobserved_reason", &UnobservedReason::ALL);
    golden.check("enum_reject_reason", &RejectReason::ALL);
    golden.check(
        "enum_outcome",
        &[Outcome::Stored, Outcome::Duplicate, Outcome::Rejected],
    );
    golden.check(
        "enum_session_status",
        &[SessionStatus::Active, SessionStatus::Stopped],
    );
    golden.check("enum_role", &[Role::Admin, Role::Manager, Role::Employee]);
    golden.check(
        "enum_user_status",
        &[
            UserStatus::Active,
            UserStatus::Inactive,
            UserStatus::Suspended,
        ],
    );
    golden.check(
        "enum_person_status",
        &[
            PersonStatus::Active,
            PersonStatus::Idle,
            PersonStatus::Unobserved,
            PersonStatus::Offline,
            PersonStatus::NotWorking,
        ],
    );
    golden.check(
        "enum_token_delivery",
        &[TokenDelivery::Body, TokenDelivery::Cookie],
    );
}

fn active_span() -> Activity {
    Activity {
        session_id: session(),
        activity_type: ActivityType::Active,
        reason: None,
        started_at: at(60),
        duration_seconds: 42,
        application: Some("firefox".to_owned()),
        title: Some("Überblick – “Q4” \\ 日本".to_owned()),
        url: Some("https://example.org/a?b=c#d".to_owned()),
        category_id: None,
    }
}

fn unobserved_span() -> Activity {
    Activity {
        activity_type: ActivityType::Unobserved,
        reason: Some(UnobservedReason::Locked),
        started_at: at(102),
        duration_seconds: 18,
        application: None,
        title: None,
        url: None,
        ..active_span()
    }
}

fn category_span() -> Activity {
    Activity {
        application: None,
        title: None,
        url: None,
        category_id: Some(category::category()),
        ..active_span()
    }
}

fn totals() -> SessionTotals {
    SessionTotals {
        session_id: session(),
        status: SessionStatus::Stopped,
        version: 4,
        project_id: Some(project()),
        total_active_seconds: 42,
        total_idle_seconds: 0,
        total_unobserved_seconds: 18,
    }
}

fn sync(golden: &mut Golden) {
    golden.check("activity_active", &active_span());
    golden.check("activity_category", &category_span());
    golden.check("activity_unobserved", &unobserved_span());
    let bodies = [
        SyncItemBody::SessionStarted(SessionStarted {
            session_id: session(),
            project_id: Some(project()),
            started_at: at(60),
        }),
        SyncItemBody::Activity(active_span()),
        SyncItemBody::Activity(unobserved_span()),
        SyncItemBody::SessionStopped(SessionStopped {
            session_id: session(),
            stopped_at: at(120),
        }),
        SyncItemBody::Counters(Counters {
            produced: 9,
            stored: 5,
            pending: 2,
            dropped: BTreeMap::from([("overlap".to_owned(), 2)]),
        }),
        SyncItemBody::SessionStarted(SessionStarted {
            session_id: id(16),
            project_id: None,
            started_at: at(180),
        }),
    ];
    let items = (1..)
        .zip(bodies)
        .map(|(seq, item)| SyncItem { seq, item })
        .collect();
    golden.check(
        "sync_request",
        &SyncRequest {
            device_id: device(),
            epoch: epoch(),
            clock: at(185),
            items,
        },
    );
    golden.check(
        "sync_request_heartbeat",
        &SyncRequest {
            device_id: device(),
            epoch: epoch(),
            clock: at(245),
            items: Vec::new(),
        },
    );
    let answer = SyncResponse {
        epoch: epoch(),
        results: vec![
            ItemResult {
                seq: 1,
                outcome: Outcome::Stored,
                reason: None,
            },
            ItemResult {
                seq: 2,
                outcome: Outcome::Duplicate,
                reason: None,
            },
            ItemResult {
                seq: 3,
                outcome: Outcome::Rejected,
                reason: Some(RejectReason::CrossesMinute),
            },
        ],
        watermark: 3,
        server_time: at(186),
        policy_version: 2,
        sessions: vec![totals()],
        resend_from: None,
        new_epoch: false,
    };
    golden.check("sync_response", &answer);
    golden.check(
        "sync_response_resend_and_new_epoch",
        &SyncResponse {
            results: Vec::new(),
            sessions: Vec::new(),
            resend_from: Some(2),
            new_epoch: true,
            ..answer
        },
    );
}

fn running_session() -> WorkSession {
    WorkSession {
        id: session(),
        user_id: user(),
        device_id: Some(device()),
        project_id: Some(project()),
        status: SessionStatus::Active,
        started_at: at(60),
        ended_at: None,
        total_active_seconds: 42,
        total_idle_seconds: 0,
        total_unobserved_seconds: 18,
        last_activity_at: Some(at(102)),
        version: 3,
    }
}

fn sessions(golden: &mut Golden) {
    let stopped = WorkSession {
        device_id: None,
        project_id: None,
        status: SessionStatus::Stopped,
        ended_at: Some(at(120)),
        last_activity_at: None,
        version: 4,
        ..running_session()
    };
    golden.check("session_totals", &totals());
    golden.check("work_session", &running_session());
    golden.check("work_session_stopped", &stopped);
    golden.check(
        "session_page",
        &SessionPage {
            items: vec![running_session(), stopped],
            next_cursor: Some("AZgAAAAAcACAAAAA".to_owned()),
        },
    );
    golden.check(
        "start_session",
        &StartSession {
            session_id: session(),
            project_id: Some(project()),
            started_at: Some(at(60)),
        },
    );
    golden.check(
        "stop_session",
        &StopSession {
            stopped_at: Some(at(120)),
        },
    );
    let post = PostActivity {
        seq: 1,
        activity_type: ActivityType::Active,
        reason: None,
        started_at: at(60),
        duration_seconds: 42,
        application: Some("firefox".to_owned()),
        title: None,
        url: None,
    };
    golden.check("post_activity", &post);
    golden.check(
        "post_activities",
        &PostActivities {
            activities: vec![post],
        },
    );
    golden.check(
        "session_changed",
        &SessionChanged {
            outcome: Outcome::Duplicate,
            session: running_session(),
        },
    );
    golden.check(
        "activities_stored",
        &ActivitiesStored {
            results: vec![ItemResult {
                seq: 1,
                outcome: Outcome::Rejected,
                reason: Some(RejectReason::Overlap),
            }],
            session: running_session(),
        },
    );
}

fn working_person() -> PersonState {
    PersonState {
        user_id: user(),
        name: "Ada Lovelace".to_owned(),
        status: PersonStatus::Active,
        reason: None,
        online: true,
        application: Some("firefox".to_owned()),
        since: Some(at(60)),
        session: Some(CurrentSession {
            id: session(),
            started_at: at(60),
            project_id: None,
            version: 3,
        }),
        today: DayTotals {
            active_seconds: 42,
            idle_seconds: 0,
            unobserved_seconds: 18,
        },
        hours: DayHours {
            first_hour: 9,
            active_seconds: vec![42],
            idle_seconds: vec![0],
            unobserved_seconds: vec![18],
        },
        last_contact_at: Some(at(186)),
    }
}

fn absent_person() -> PersonState {
    PersonState {
        user_id: id(12),
        name: "Grace Hopper".to_owned(),
        status: PersonStatus::NotWorking,
        reason: None,
        online: false,
        application: None,
        since: None,
        session: None,
        today: DayTotals::default(),
        hours: DayHours::default(),
        last_contact_at: None,
    }
}

fn live(golden: &mut Golden) {
    golden.check("person_state", &working_person());
    golden.check(
        "presence_snapshot",
        &PresenceSnapshot {
            seq: 7,
            server_time: at(187),
            time_zone: "Europe/Berlin".to_owned(),
            day: "2026-11-22".to_owned(),
            people: vec![working_person(), absent_person()],
        },
    );
    let people = || PeopleChanged {
        people: vec![PersonState {
            status: PersonStatus::Unobserved,
            reason: Some(UnobservedReason::Locked),
            ..working_person()
        }],
    };
    let alert = || AlertEvent {
        alert_id: alert(),
        user_id: user(),
    };
    let bodies = [
        EventBody::UserOnline(people()),
        EventBody::UserOffline(people()),
        EventBody::SessionUpdate(people()),
        EventBody::InactiveAlert(alert()),
        EventBody::OvertimeAlert(alert()),
        EventBody::AlertResolved(alert()),
        EventBody::PolicyChanged(PolicyChanged { version: 2 }),
    ];
    let events: Vec<LiveEvent> = (8..)
        .zip(bodies)
        .map(|(seq, event)| LiveEvent {
            seq,
            at: at(190),
            event,
        })
        .collect();
    golden.check(
        "server_frame_hello",
        &ServerFrame::Hello {
            seq: 7,
            server_time: at(187),
        },
    );
    golden.check(
        "server_frame_event",
        &ServerFrame::Event {
            event: events[2].clone(),
        },
    );
    golden.check("server_frame_reset", &ServerFrame::Reset { seq: 7 });
    golden.check(
        "event_page",
        &EventPage {
            items: events,
            latest_seq: 14,
            reset: false,
        },
    );
}

fn me() -> Me {
    Me {
        user_id: user(),
        name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".to_owned(),
        role: Role::Manager,
        organization: OrganizationSummary {
            id: organization(),
            name: "Analytical Engines".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
        },
    }
}

fn people(golden: &mut Golden) {
    golden.check(
        "setup_status",
        &SetupStatus {
            needed: true,
            code_required: false,
        },
    );
    golden.check(
        "setup_request",
        &SetupRequest {
            organization_name: "Analytical Engines".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            name: "Ada Lovelace".to_owned(),
            email: "ada@example.org".to_owned(),
            password: "correct horse battery".to_owned(),
            setup_code: Some("123456".to_owned()),
        },
    );
    golden.check(
        "setup_response",
        &SetupResponse {
            organization_id: organization(),
            user_id: user(),
        },
    );
    golden.check(
        "login_request",
        &LoginRequest {
            email: "ada@example.org".to_owned(),
            password: "correct horse battery".to_owned(),
            organization_id: Some(organization()),
            delivery: TokenDelivery::Cookie,
        },
    );
    golden.check(
        "login_response",
        &LoginResponse {
            me: me(),
            tokens: Some(TokenPair {
                access_token: "access".to_owned(),
                expires_in_seconds: 900,
                refresh_token: "refresh".to_owned(),
            }),
        },
    );
    golden.check(
        "login_response_with_cookies",
        &LoginResponse {
            me: me(),
            tokens: None,
        },
    );
    golden.check(
        "refresh_request",
        &RefreshRequest {
            refresh_token: Some("refresh".to_owned()),
        },
    );
    golden.check("me", &me());
    golden.check(
        "create_user",
        &CreateUser {
            name: "Grace Hopper".to_owned(),
            email: "grace@example.org".to_owned(),
            role: Role::Employee,
            password: None,
        },
    );
    golden.check(
        "user_page",
        &UserPage {
            items: vec![User {
                id: user(),
                name: "Ada Lovelace".to_owned(),
                email: "ada@example.org".to_owned(),
                role: Role::Manager,
                status: UserStatus::Active,
                last_seen_at: None,
                created_at: at(0),
            }],
            next_cursor: None,
        },
    );
}

fn teams(golden: &mut Golden) {
    golden.check(
        "create_team",
        &CreateTeam {
            name: "Difference Engine".to_owned(),
        },
    );
    golden.check(
        "change_team",
        &ChangeTeam {
            name: Some("Analytical Engine".to_owned()),
        },
    );
    golden.check(
        "team_page",
        &TeamPage {
            items: vec![Team {
                id: id(21),
                name: "Difference Engine".to_owned(),
                member_count: 3,
                is_manager: true,
                created_at: at(0),
            }],
            next_cursor: Some("WyJEIl0".to_owned()),
        },
    );
    golden.check("set_member", &SetMember { is_manager: true });
    golden.check(
        "team_member_page",
        &TeamMemberPage {
            items: vec![TeamMember {
                user_id: user(),
                name: "Ada Lovelace".to_owned(),
                is_manager: false,
                added_at: at(0),
            }],
            next_cursor: None,
        },
    );
}

fn projects(golden: &mut Golden) {
    golden.check(
        "create_project",
        &CreateProject {
            name: "Website".to_owned(),
            open_to_all: false,
        },
    );
    golden.check(
        "change_project",
        &ChangeProject {
            name: None,
            open_to_all: None,
            archived: Some(true),
        },
    );
    golden.check(
        "project_page",
        &ProjectPage {
            items: vec![Project {
                id: project(),
                name: "Website".to_owned(),
                open_to_all: true,
                is_manager: false,
                archived_at: Some(at(60)),
                created_at: at(0),
            }],
            next_cursor: None,
        },
    );
    golden.check(
        "project_member_page",
        &ProjectMemberPage {
            items: vec![ProjectMember {
                user_id: user(),
                name: "Ada Lovelace".to_owned(),
                is_manager: false,
                gives_sight: true,
                added_at: at(0),
            }],
            next_cursor: None,
        },
    );
    let time = BookedTime {
        sessions: 2,
        active_seconds: 4_200,
        idle_seconds: 300,
        unobserved_seconds: 60,
    };
    golden.check(
        "project_totals",
        &ProjectTotals {
            project_id: project(),
            from: "2026-11-01".to_owned(),
            to: "2026-11-30".to_owned(),
            people: vec![PersonBooked {
                user_id: user(),
                name: "Ada Lovelace".to_owned(),
                time,
            }],
            total: None,
            next_cursor: None,
        },
    );
    golden.check(
        "set_session_project",
        &SetSessionProject { project_id: None },
    );
}

fn devices(golden: &mut Golden) {
    golden.check(
        "create_enrolment_token",
        &CreateEnrolmentToken {
            user_id: Some(user()),
            mail_domain: None,
            label: String::new(),
            needs_approval: None,
            max_uses: 1,
            expires_in_hours: 72,
        },
    );
    golden.check(
        "enrolment_token_created",
        &EnrolmentTokenCreated {
            id: enrolment_token(),
            token: "wpe_secret".to_owned(),
            expires_at: at(259_200),
        },
    );
    golden.check(
        "enrolment_token_page",
        &EnrolmentTokenPage {
            items: vec![EnrolmentToken {
                id: enrolment_token(),
                user_id: None,
                mail_domain: Some("example.org".to_owned()),
                label: "Office in Turin".to_owned(),
                needs_approval: true,
                created_by: Some(user()),
                max_uses: 200,
                uses: 3,
                created_at: at(0),
                expires_at: at(259_200),
                revoked_at: None,
            }],
            next_cursor: None,
        },
    );
    enrolled(golden);
}

fn enrolled(golden: &mut Golden) {
    golden.check(
        "enum_device_status",
        &[
            DeviceStatus::Pending,
            DeviceStatus::Approved,
            DeviceStatus::Revoked,
        ],
    );
    golden.check(
        "enrol_request",
        &EnrolRequest {
            token: "wpe_secret".to_owned(),
            device_id: device(),
            name: "ada-laptop".to_owned(),
            os: "Debian GNU/Linux 12".to_owned(),
            agent_version: "0.1.0".to_owned(),
            capabilities: Capabilities {
                application: true,
                title: true,
                idle: false,
            },
            email: Some("ada@example.org".to_owned()),
        },
    );
    golden.check(
        "enrol_own_request",
        &EnrolOwnRequest {
            device_id: device(),
            name: "ada-laptop".to_owned(),
            os: "Debian GNU/Linux 12".to_owned(),
            agent_version: "0.1.0".to_owned(),
            capabilities: Capabilities {
                application: true,
                title: true,
                idle: false,
            },
        },
    );
    golden.check(
        "enrol_response",
        &EnrolResponse {
            device_id: device(),
            device_secret: "wpd_secret".to_owned(),
            user_name: "Ada Lovelace".to_owned(),
            organization_name: "Analytical Engines".to_owned(),
            user_id: Some(user()),
            policy: CapturePolicy::careful(1),
            status: DeviceStatus::Pending,
        },
    );
    golden.check(
        "device_page",
        &DevicePage {
            items: vec![Device {
                id: device(),
                user_id: user(),
                name: "ada-laptop".to_owned(),
                os: "Debian GNU/Linux 12".to_owned(),
                agent_version: "0.1.0".to_owned(),
                capabilities: Capabilities {
                    application: true,
                    title: true,
                    idle: false,
                },
                probe: Some("wayland".to_owned()),
                status: DeviceStatus::Approved,
                enrolment_token_id: Some(enrolment_token()),
                created_at: at(0),
                approved_at: Some(at(60)),
                last_contact_at: Some(at(186)),
                revoked_at: None,
                account: Some(Counters {
                    produced: 9,
                    stored: 8,
                    pending: 1,
                    dropped: BTreeMap::new(),
                }),
            }],
            next_cursor: None,
        },
    );
    policies(golden);
}

fn policies(golden: &mut Golden) {
    let policy = CapturePolicy {
        titles: true,
        excluded_applications: vec!["KeePassXC".to_owned()],
        excluded_patterns: vec![
            ExcludedPattern {
                field: PatternField::Application,
                pattern: "*wallet*".to_owned(),
            },
            ExcludedPattern {
                field: PatternField::Title,
                pattern: "*private browsing".to_owned(),
            },
        ],
        url_rules: vec![
            UrlRule {
                domain: "bank.example".to_owned(),
                action: UrlAction::Drop,
            },
            UrlRule {
                domain: "mail.example".to_owned(),
                action: UrlAction::HideTitle,
            },
        ],
        window_rules: vec![
            WindowRule {
                field: RuleField::Title,
                pattern: "*salary*".to_owned(),
                action: WindowAction::HideTitle,
                category_id: None,
            },
            WindowRule {
                field: RuleField::Application,
                pattern: "whatsapp*".to_owned(),
                action: WindowAction::CategoryOnly,
                category_id: Some(category::category()),
            },
            WindowRule {
                field: RuleField::Domain,
                pattern: "clinic.example".to_owned(),
                action: WindowAction::CategoryOnly,
                category_id: Some(category::category()),
            },
        ],
        working_hours: Some(vec![WorkingHours {
            day: Weekday::Monday,
            from: TimeOfDay::from_minutes(9 * 60),
            to: TimeOfDay::from_minutes(17 * 60 + 30),
        }]),
        pause: PauseRule {
            allowed: true,
            longest_seconds: Some(3_600),
        },
        ..CapturePolicy::careful(3)
    }
    .with_needs();
    golden.check("capture_policy", &policy);
    golden.check("policy_document", &PolicyDocument(policy.clone()));
    golden.check("enum_weekday", &Weekday::ALL);
    previews(golden, &policy);
    golden.check(
        "team_policy",
        &TeamPolicy {
            team_id: team(),
            policy: policy.clone(),
            updated_at: at(0),
        },
    );
    golden.check(
        "effective_policy",
        &EffectivePolicy {
            user_id: user(),
            policy: CapturePolicy {
                titles: false,
                ..policy.clone()
            },
            parts: vec![
                PolicyPart {
                    team_id: None,
                    name: "Analytical Engines".to_owned(),
                    policy: CapturePolicy::careful(2),
                },
                PolicyPart {
                    team_id: Some(team()),
                    name: "Support".to_owned(),
                    policy,
                },
            ],
        },
    );
}

fn previews(golden: &mut Golden, policy: &CapturePolicy) {
    golden.check(
        "preview_policy",
        &PreviewPolicy {
            policy: PolicyDocument(policy.clone()),
            windows: vec![
                PreviewWindow {
                    application: Some("firefox".to_owned()),
                    title: Some("Inbox".to_owned()),
                    url: Some("https://example.org/inbox".to_owned()),
                },
                PreviewWindow::default(),
            ],
        },
    );
    golden.check(
        "policy_preview",
        &PolicyPreview {
            windows: vec![
                PreviewedWindow {
                    application: Some("firefox".to_owned()),
                    title: None,
                    url: Some("https://example.org/".to_owned()),
                    category_id: None,
                    removed_by: Some(Removal::TitleHidden),
                },
                PreviewedWindow {
                    application: None,
                    title: None,
                    url: None,
                    category_id: Some(category::category()),
                    removed_by: Some(Removal::CategoryOnly),
                },
                PreviewedWindow {
                    application: None,
                    title: None,
                    url: None,
                    category_id: None,
                    removed_by: None,
                },
            ],
        },
    );
    golden.check(
        "focus",
        &Focus {
            application: Some("firefox".to_owned()),
            title: None,
            url: Some("https://example.org/".to_owned()),
            category_id: None,
        },
    );
    golden.check(
        "enum_removal",
        &[
            Removal::ExcludedApplication,
            Removal::ExcludedPattern,
            Removal::SiteDropped,
            Removal::TitleHidden,
            Removal::CategoryOnly,
        ],
    );
}

fn problems(golden: &mut Golden) {
    let all: Vec<Problem> = ProblemCode::ALL.into_iter().map(Problem::new).collect();
    golden.check("problems", &all);
    golden.check(
        "problem_validation",
        &Problem {
            detail: Some("1 field is not valid; nothing was changed.".to_owned()),
            request_id: Some("01980000-0000-7000-8000-000000000009".to_owned()),
            fields: vec![FieldProblem {
                field: "password".to_owned(),
                message: "12 to 128 characters".to_owned(),
            }],
            ..Problem::new(ProblemCode::Validation)
        },
    );
}
