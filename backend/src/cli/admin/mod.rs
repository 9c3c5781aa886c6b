//! `admin`: what IT does on the database itself, also beside a running server.
//!
//! Each act writes its audit row in the same transaction, with no actor: IT on the server. A
//! running server notices within two seconds.

mod accounts;
mod alerting;
mod audit;
mod days;
mod devices;
mod enrolment_tokens;
mod joining;
mod members;
mod organizations;
mod people;
mod policy;
mod projects;
mod rights;
mod teams;

use clap::Subcommand;

use super::{output::Output, settings::DataFlags};
use crate::domain::typed;

/// What to manage.
#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Make an organization.
    CreateOrganization(organizations::Create),
    /// List organizations.
    ListOrganizations(organizations::List),
    /// Show an organization's settings.
    ShowOrganization(joining::Show),
    /// Change an organization's name, for how long it keeps activity, whether devices wait.
    SetOrganization(organizations::Set),
    /// Say whether people may join by the organization's id.
    SetRegistration(joining::SetRegistration),
    /// Cut days in another zone; those that are there are made again.
    SetTimeZone(days::SetTimeZone),
    /// Make what is kept of days again from their spans.
    RemakeDays(days::Remake),
    /// Say when there is an alert, and when nobody is told.
    SetAlerts(alerting::SetAlerts),
    /// Invite somebody to join as an employee.
    Invite(joining::Invite),
    /// List an organization's invitations.
    ListInvitations(joining::List),
    /// Take an invitation back.
    RevokeInvitation(joining::Revoke),
    /// Make an account.
    CreateUser(people::Create),
    /// List an organization's people.
    ListUsers(people::List),
    /// Change what a person may do.
    SetRole(accounts::SetRole),
    /// Change what a person is called.
    RenameUser(accounts::Rename),
    /// Let an account be used, or cut it off.
    SetStatus(people::SetStatus),
    /// Set a person's password, and end their log-ins.
    ResetPassword(people::ResetPassword),
    /// Make a link by which a person sets a new password.
    ResetLink(accounts::ResetLink),
    /// List a person's log-ins that are open.
    ListLogins(accounts::ListLogins),
    /// End one log-in of a person.
    EndLogin(accounts::EndLogin),
    /// End all log-ins of a person.
    SignOut(accounts::SignOut),
    /// Make a token by which devices are enrolled.
    CreateEnrolmentToken(enrolment_tokens::Create),
    /// List an organization's enrolment tokens.
    ListEnrolmentTokens(enrolment_tokens::List),
    /// Let no further device be enrolled with a token.
    RevokeEnrolmentToken(enrolment_tokens::Revoke),
    /// List an organization's devices.
    ListDevices(devices::List),
    /// Let a device that waits for approval send.
    ApproveDevice(devices::Approve),
    /// Refuse whatever a device sends from now on.
    RevokeDevice(devices::Revoke),
    /// Show what agents may collect.
    ShowPolicy(policy::Show),
    /// Change what agents may collect.
    SetPolicy(policy::Set),
    /// Make a team.
    CreateTeam(teams::Create),
    /// List an organization's teams.
    ListTeams(teams::List),
    /// Change what a team is called.
    RenameTeam(teams::Rename),
    /// List a team's people.
    ListTeamMembers(members::OfTeam),
    /// Remove a team; its people stay.
    DeleteTeam(teams::Delete),
    /// Put a person into a team, or change whether they manage it.
    AddTeamMember(teams::AddMember),
    /// Take a person out of a team.
    RemoveTeamMember(teams::RemoveMember),
    /// Make a project.
    CreateProject(projects::Create),
    /// List an organization's projects.
    ListProjects(projects::List),
    /// Change what a project is called.
    RenameProject(projects::Rename),
    /// List a project's people.
    ListProjectMembers(members::OfProject),
    /// Let a project take no more sessions, or take it back into use.
    ArchiveProject(projects::Archive),
    /// Put a person into a project, or change whether they manage it.
    AddProjectMember(projects::AddMember),
    /// Take a person out of a project; what they booked stays.
    RemoveProjectMember(projects::RemoveMember),
    /// Show what was booked on a project.
    ProjectTotals(projects::Totals),
    /// List who did, and who looked at, what.
    ListAudit(audit::List),
    /// List who looked at a person's activity.
    ListLooks(audit::Looks),
    /// Write everything about one person to a zip file.
    ExportPerson(rights::Export),
    /// Erase a person, for ever.
    ErasePerson(rights::Erase),
}

/// How the result looks; for every admin command.
#[derive(Debug, clap::Args)]
struct OutputFlag {
    /// How the result looks
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// A name as it is kept; the same rule as over HTTP.
fn checked_name(name: &str) -> anyhow::Result<&str> {
    if let Some(problem) = typed::line_problem(name, 1, 200) {
        anyhow::bail!("--name {problem}. Nothing was changed.");
    }
    Ok(name.trim())
}

/// An address as it was typed; the same rule as over HTTP.
fn checked_email(email: &str) -> anyhow::Result<&str> {
    anyhow::ensure!(
        typed::is_email(email),
        "--email must be an e-mail address. Nothing was changed."
    );
    Ok(email)
}

pub(super) async fn run(data: &DataFlags, command: AdminCommand) -> anyhow::Result<()> {
    let store = data.open_current().await?;
    let config = data.load(Vec::new())?.config;
    let outcome = match command {
        AdminCommand::CreateOrganization(flags) => organizations::create(&store, flags).await,
        AdminCommand::ListOrganizations(flags) => organizations::list(&store, &flags).await,
        AdminCommand::ShowOrganization(flags) => joining::show(&store, &flags).await,
        AdminCommand::SetOrganization(flags) => organizations::set(&store, flags).await,
        AdminCommand::SetRegistration(flags) => joining::set_registration(&store, flags).await,
        AdminCommand::SetTimeZone(flags) => days::set_time_zone(&store, flags).await,
        AdminCommand::RemakeDays(flags) => days::remake(&store, &flags).await,
        AdminCommand::SetAlerts(flags) => alerting::set(&store, &config, flags).await,
        AdminCommand::Invite(flags) => joining::invite(&store, &config, &flags).await,
        AdminCommand::ListInvitations(flags) => joining::list(&store, &flags).await,
        AdminCommand::RevokeInvitation(flags) => joining::revoke(&store, &flags).await,
        AdminCommand::RenameUser(flags) => accounts::rename(&store, &flags).await,
        AdminCommand::EndLogin(flags) => accounts::end_login(&store, &flags).await,
        AdminCommand::SetRole(flags) => accounts::set_role(&store, &flags).await,
        AdminCommand::ResetLink(flags) => accounts::reset_link(&store, &config, &flags).await,
        AdminCommand::ListLogins(flags) => accounts::list_logins(&store, &flags).await,
        AdminCommand::SignOut(flags) => accounts::sign_out(&store, &flags).await,
        AdminCommand::CreateUser(flags) => people::create(&store, flags).await,
        AdminCommand::ListUsers(flags) => people::list(&store, &flags).await,
        AdminCommand::SetStatus(flags) => people::set_status(&store, &flags).await,
        AdminCommand::ResetPassword(flags) => people::reset_password(&store, &flags).await,
        AdminCommand::CreateEnrolmentToken(flags) => enrolment_tokens::create(&store, flags).await,
        AdminCommand::ListEnrolmentTokens(flags) => enrolment_tokens::list(&store, &flags).await,
        AdminCommand::RevokeEnrolmentToken(flags) => enrolment_tokens::revoke(&store, &flags).await,
        AdminCommand::ListDevices(flags) => devices::list(&store, &flags).await,
        AdminCommand::ApproveDevice(flags) => devices::approve(&store, &flags).await,
        AdminCommand::ShowPolicy(flags) => policy::show(&store, &flags).await,
        AdminCommand::SetPolicy(flags) => policy::set(&store, &flags).await,
        AdminCommand::RevokeDevice(flags) => devices::revoke(&store, &flags).await,
        AdminCommand::CreateTeam(flags) => teams::create(&store, &flags).await,
        AdminCommand::ListTeams(flags) => teams::list(&store, &flags).await,
        AdminCommand::RenameTeam(flags) => teams::rename(&store, &flags).await,
        AdminCommand::ListTeamMembers(flags) => members::of_team(&store, &flags).await,
        AdminCommand::DeleteTeam(flags) => teams::delete(&store, &flags).await,
        AdminCommand::AddTeamMember(flags) => teams::add_member(&store, &flags).await,
        AdminCommand::RemoveTeamMember(flags) => teams::remove_member(&store, &flags).await,
        AdminCommand::CreateProject(flags) => projects::create(&store, &flags).await,
        AdminCommand::ListProjects(flags) => projects::list(&store, &flags).await,
        AdminCommand::RenameProject(flags) => projects::rename(&store, &flags).await,
        AdminCommand::ListProjectMembers(flags) => members::of_project(&store, &flags).await,
        AdminCommand::ArchiveProject(flags) => projects::archive(&store, &flags).await,
        AdminCommand::AddProjectMember(flags) => projects::add_member(&store, &flags).await,
        AdminCommand::RemoveProjectMember(flags) => projects::remove_member(&store, &flags).await,
        AdminCommand::ProjectTotals(flags) => projects::totals(&store, &flags).await,
        AdminCommand::ListAudit(flags) => audit::list(&store, &flags).await,
        AdminCommand::ListLooks(flags) => audit::looks(&store, &flags).await,
        AdminCommand::ExportPerson(flags) => rights::export(&store, &flags).await,
        AdminCommand::ErasePerson(flags) => rights::erase(&store, &flags).await,
    };
    store.close().await;
    outcome
}
