//! The server from outside: real HTTP, both engines, a clock that tests own.
//!
//! One binary, so that it is linked once. `harness` starts a server for each test.

#[macro_use]
mod harness;
mod databases;
mod raw;

mod accounts;
mod admin_groups;
mod alert_answers;
mod alert_mail;
mod alerts;
mod audit;
mod backups;
mod bodies;
mod carrying;
mod categories;
mod category_only;
mod cluster;
mod command_line;
mod command_line_trust;
mod company;
mod devices;
mod doctor;
mod enrolment;
mod examples;
mod exports;
#[cfg(feature = "failpoints")]
mod failpoints;
mod figures;
mod fleet;
mod foreign;
mod groups;
mod hostile;
mod jobs;
mod jobs_clocks;
mod jobs_overview;
mod jobs_processes;
mod joining;
mod log_in;
mod looks;
mod looks_of_answers;
mod mail;
mod matrix;
mod meddle;
mod months;
mod notes;
mod partitions;
mod passwords;
mod personal_data;
mod policy;
mod projects;
mod read_only;
mod remade;
mod remade_processes;
mod replica;
mod report_schedules;
mod reports;
mod retention;
mod rights;
mod sessions;
mod socket;
mod socket_races;
mod start_up;
mod summaries;
mod table;
mod teams;
mod tenants;
mod timeline;
mod tls;
mod visibility;
mod webhooks;
mod whole_day;
