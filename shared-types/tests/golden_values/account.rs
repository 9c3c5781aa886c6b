//! Joining, getting back in, accounts.

use shared_types::{
    InvitationId,
    account::{
        ChangePassword, CreateInvitation, Invitation, InvitationCreated, InvitationLookup,
        InvitationOffer, InvitationPage, InvitationState, LoginPage, MailState, OpenLogin,
        Organization, RegisterRequest, Registered, RegistrationReceived, RegistrationStep,
        ResetLink, ResetPassword, ResetRequest, ResetRequested, UpdateOrganization, UpdateUser,
    },
    auth::{Role, UserStatus},
};

use super::{Golden, alert::nights, at, id, organization, user};

fn invitation() -> Invitation {
    Invitation {
        id: id::<InvitationId>(20),
        email: "grace@acme.test".to_owned(),
        created_by: Some(user()),
        created_at: at(0),
        expires_at: at(604_800),
        state: InvitationState::Open,
        mail: Some(MailState::Waiting),
        user_id: None,
    }
}

pub(super) fn check_all(golden: &mut Golden) {
    golden.check(
        "enum_invitation_state",
        &[
            InvitationState::Open,
            InvitationState::Expired,
            InvitationState::Revoked,
            InvitationState::Accepted,
        ],
    );
    golden.check(
        "enum_mail_state",
        &[MailState::Waiting, MailState::Sent, MailState::Failed],
    );
    golden.check(
        "enum_registration_step",
        &[RegistrationStep::Mail, RegistrationStep::Approval],
    );
    joining(golden);
    passwords(golden);
    accounts(golden);
}

fn joining(golden: &mut Golden) {
    golden.check(
        "create_invitation",
        &CreateInvitation {
            email: "grace@acme.test".to_owned(),
            expires_in_hours: 168,
            show_link: true,
        },
    );
    golden.check(
        "invitation_created",
        &InvitationCreated {
            invitation: invitation(),
            link: None,
        },
    );
    golden.check(
        "invitation_created_with_link",
        &InvitationCreated {
            invitation: Invitation {
                mail: None,
                ..invitation()
            },
            link: Some("https://time.acme.test/join#token=wpi_secret".to_owned()),
        },
    );
    golden.check(
        "invitation_page",
        &InvitationPage {
            items: vec![Invitation {
                created_by: None,
                state: InvitationState::Accepted,
                mail: Some(MailState::Sent),
                user_id: Some(user()),
                ..invitation()
            }],
            next_cursor: Some("opaque".to_owned()),
        },
    );
    golden.check(
        "invitation_lookup",
        &InvitationLookup {
            token: "wpi_secret".to_owned(),
        },
    );
    golden.check(
        "invitation_offer",
        &InvitationOffer {
            organization_name: "Acme".to_owned(),
            email: "grace@acme.test".to_owned(),
            expires_at: at(604_800),
        },
    );
    golden.check(
        "register_request",
        &RegisterRequest {
            invitation: Some("wpi_secret".to_owned()),
            organization_id: None,
            email: None,
            name: Some("Grace".to_owned()),
            password: Some("violet tractor ninety clouds".to_owned()),
        },
    );
    golden.check(
        "registered",
        &Registered {
            user_id: user(),
            organization_id: organization(),
            email: "grace@acme.test".to_owned(),
        },
    );
    golden.check(
        "registration_received",
        &RegistrationReceived {
            next: RegistrationStep::Mail,
        },
    );
}

fn passwords(golden: &mut Golden) {
    golden.check(
        "change_password",
        &ChangePassword {
            current_password: "violet tractor ninety clouds".to_owned(),
            new_password: "seven copper lanterns drift".to_owned(),
        },
    );
    golden.check(
        "reset_request",
        &ResetRequest {
            email: "ada@acme.test".to_owned(),
        },
    );
    golden.check("reset_requested", &ResetRequested { by_mail: true });
    golden.check(
        "reset_password",
        &ResetPassword {
            token: "wpp_secret".to_owned(),
            new_password: "seven copper lanterns drift".to_owned(),
        },
    );
    golden.check(
        "reset_link",
        &ResetLink {
            link: "/reset#token=wpp_secret".to_owned(),
            expires_at: at(3_600),
        },
    );
}

fn accounts(golden: &mut Golden) {
    golden.check(
        "login_page",
        &LoginPage {
            items: vec![OpenLogin {
                id: id(21),
                client: "Firefox on Linux".to_owned(),
                created_at: at(0),
                last_used_at: at(900),
                current: true,
            }],
            next_cursor: None,
        },
    );
    golden.check(
        "update_user",
        &UpdateUser {
            name: None,
            role: Some(Role::Manager),
            status: Some(UserStatus::Suspended),
        },
    );
    golden.check(
        "organization",
        &Organization {
            id: organization(),
            name: "Acme".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            registration_open: true,
            registration_domains: vec!["acme.test".to_owned()],
            devices_need_approval: false,
            retention_days: 400,
            days_remade: None,
            idle_alert_seconds: 300,
            overtime_alert_seconds: 32_400,
            quiet_hours: vec![nights()],
            alert_mail: false,
        },
    );
    golden.check(
        "update_organization",
        &UpdateOrganization {
            name: None,
            registration_open: Some(true),
            registration_domains: Some(vec!["acme.test".to_owned()]),
            devices_need_approval: None,
            retention_days: Some(90),
            time_zone: Some("Europe/Lisbon".to_owned()),
            idle_alert_seconds: Some(600),
            overtime_alert_seconds: Some(36_000),
            quiet_hours: Some(vec![nights()]),
            alert_mail: Some(true),
        },
    );
}
