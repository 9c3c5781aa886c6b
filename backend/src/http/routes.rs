//! The one route table: what is not here is not served, and what is here is documented.

use utoipa::OpenApi as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    alerts, audit, auth, categories, category_rules, devices, docs, document::Document,
    enrolment_tokens, events, exports, health, invitations, jobs, me, notes, organization, policy,
    presence, projects, report_schedules, reports, rights, sessions, setup, state::AppState,
    summaries, sync, teams, users, webhooks, ws,
};

/// Every route with its handler and its documentation.
pub fn table() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        // Operations.
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(health::health))
        .routes(routes!(jobs::jobs))
        .routes(routes!(docs::document))
        .routes(routes!(docs::page))
        .routes(routes!(docs::asset))
        // Set-up and log-in.
        .routes(routes!(setup::status, setup::run))
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::refresh::refresh))
        .routes(routes!(auth::logout::logout))
        .routes(routes!(auth::register::register))
        .routes(routes!(auth::invitation::invitation))
        .routes(routes!(auth::password::password))
        .routes(routes!(auth::reset_request::reset_request))
        .routes(routes!(auth::reset::reset))
        .routes(routes!(
            auth::logins::list::list,
            auth::logins::end_all::end_all
        ))
        .routes(routes!(auth::logins::end::end))
        .routes(routes!(me::me))
        // People and devices.
        .routes(routes!(users::list::list, users::create::create))
        .routes(routes!(users::get::get, users::update::update))
        .routes(routes!(users::sign_out::sign_out))
        .routes(routes!(users::reset_link::reset_link))
        .routes(routes!(
            invitations::list::list,
            invitations::create::create
        ))
        .routes(routes!(invitations::revoke::revoke))
        .routes(routes!(
            enrolment_tokens::list::list,
            enrolment_tokens::create::create
        ))
        .routes(routes!(enrolment_tokens::revoke::revoke))
        .routes(routes!(devices::enrol::enrol))
        .routes(routes!(devices::list::list, devices::enrol_own::enrol_own))
        .routes(routes!(devices::get::get, devices::revoke::revoke))
        .routes(routes!(devices::approve::approve))
        // Teams and projects: who is with whom, on what.
        .routes(routes!(teams::list::list, teams::create::create))
        .routes(routes!(
            teams::get::get,
            teams::change::change,
            teams::remove::remove
        ))
        .routes(routes!(teams::members::members))
        .routes(routes!(
            teams::put_member::put_member,
            teams::remove_member::remove_member
        ))
        .routes(routes!(projects::list::list, projects::create::create))
        .routes(routes!(projects::get::get, projects::change::change))
        .routes(routes!(projects::members::members))
        .routes(routes!(
            projects::put_member::put_member,
            projects::remove_member::remove_member
        ))
        .routes(routes!(projects::totals::totals))
        // The path of a minute: in by agents or keyboards, out to those who watch.
        .routes(routes!(sync::sync))
        .routes(routes!(sessions::start::start))
        .routes(routes!(sessions::list::list))
        .routes(routes!(sessions::get::get))
        .routes(routes!(sessions::activity::activity))
        .routes(routes!(sessions::activities::activities))
        .routes(routes!(sessions::stop::stop))
        .routes(routes!(sessions::project::project))
        .routes(routes!(presence::presence))
        .routes(routes!(events::events))
        .routes(routes!(ws::ws))
        .routes(routes!(alerts::list::list))
        .routes(routes!(alerts::get::get))
        .routes(routes!(alerts::resolve::resolve))
        .routes(routes!(alerts::resolve_several::resolve_several))
        // What people say of their own time.
        .routes(routes!(notes::list::list, notes::create::create))
        .routes(routes!(notes::change::change, notes::remove::remove))
        .routes(routes!(notes::answer::answer))
        // What a person may know and ask for about themselves.
        .routes(routes!(users::timeline::timeline))
        .routes(routes!(audit::looks::looks))
        .routes(routes!(audit::looks::of_person))
        .routes(routes!(audit::list::list))
        .routes(routes!(rights::export::own))
        .routes(routes!(rights::export::of_person))
        .routes(routes!(rights::erase::erase))
        .merge(figures())
        .merge(applications())
        .merge(settings())
}

/// What minutes add up to.
fn figures() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(reports::report::report))
        .routes(routes!(reports::export::export))
        .routes(routes!(reports::heatmap::heatmap))
        .routes(routes!(reports::attendance::attendance))
        .routes(routes!(reports::completeness::completeness))
        .routes(routes!(summaries::list::list))
        .routes(routes!(exports::list::list, exports::create::create))
        .routes(routes!(exports::get::get, exports::remove::remove))
        .routes(routes!(exports::file::file))
        .routes(routes!(
            report_schedules::list::list,
            report_schedules::create::create
        ))
        .routes(routes!(
            report_schedules::change::change,
            report_schedules::remove::remove
        ))
}

/// How an organization wants it.
fn settings() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(organization::get, organization::patch))
        .routes(routes!(
            policy::organization::get,
            policy::organization::put
        ))
        .routes(routes!(policy::effective::effective))
        .routes(routes!(policy::preview::preview))
        .routes(routes!(
            policy::team::get,
            policy::team::put,
            policy::team::remove
        ))
        .routes(routes!(webhooks::list::list, webhooks::create::create))
        .routes(routes!(
            webhooks::get::get,
            webhooks::change::change,
            webhooks::remove::remove
        ))
        .routes(routes!(webhooks::test::test))
        .routes(routes!(webhooks::secret::secret))
        .routes(routes!(webhooks::deliveries::deliveries))
        .routes(routes!(webhooks::again::again))
}

/// What applications and sites stand for.
fn applications() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(categories::list::list, categories::create::create))
        .routes(routes!(
            categories::change::change,
            categories::remove::remove
        ))
        .routes(routes!(category_rules::get::get, category_rules::put::put))
        .routes(routes!(category_rules::preview::preview))
        .routes(routes!(category_rules::progress::progress))
}
