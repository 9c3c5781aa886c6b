//! `workpulse-agent enrol`

use std::{collections::BTreeMap, io::Read as _, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use secrecy::SecretString;
use serde_json::json;
use workpulse_agent::{SystemClock, credentials::SecretPlace, enrol};

use super::{Common, Failure, Output, block_on, no_keychain};

#[derive(Args)]
pub(super) struct Enrol {
    /// The server's address, such as <https://workpulse.example.org>
    #[arg(long, value_name = "URL")]
    server: String,
    /// The enrolment token; `-` reads it from stdin, where other users cannot see it
    #[arg(long, env = "WORKPULSE_ENROL_TOKEN", hide_env_values = true)]
    token: String,
    /// Keep the device's secret in a file even if there is a keychain
    #[arg(long)]
    no_keychain: bool,
    /// Replace an enrolment with another server or person
    #[arg(long)]
    again: bool,
}

pub(super) fn enrol(common: &Common, args: Enrol, output: &Output) -> Result<ExitCode, Failure> {
    let mut values = BTreeMap::new();
    no_keychain(args.no_keychain, &mut values);
    let settings = common.load_with(values)?.settings;
    let token = if args.token == "-" {
        let mut text = String::new();
        std::io::stdin()
            .take(10_000)
            .read_to_string(&mut text)
            .context("the token cannot be read from stdin")?;
        text
    } else {
        args.token
    };
    let token = SecretString::from(token);
    let enrolled = block_on(enrol::enrol(
        &settings,
        &SystemClock,
        &args.server,
        &token,
        args.again,
    ))??;
    let answer = json!({
        "device_id": enrolled.device_id,
        "server": enrolled.server,
        "user_name": enrolled.user_name,
        "organization_name": enrolled.organization_name,
        "secret": enrolled.secret,
        "policy": enrolled.policy,
    });
    output.answer(&answer, || {
        let policy = &enrolled.policy;
        let collected: Vec<&str> = [
            (policy.applications, "application names"),
            (policy.titles, "window titles"),
            (policy.urls, "page addresses"),
        ]
        .into_iter()
        .filter_map(|(on, name)| on.then_some(name))
        .collect();
        let place = match enrolled.secret {
            SecretPlace::Keychain => "in the system's keychain".to_owned(),
            SecretPlace::File => {
                format!("in {}", settings.data_dir.join("device-secret").display())
            }
        };
        format!(
            "This machine is enrolled for {} at {}.\nCollected: active and idle time{}{}.\nThe device's secret is {place}.\nStart the agent with `workpulse-agent run`.",
            enrolled.user_name,
            enrolled.organization_name,
            if collected.is_empty() { "" } else { ", " },
            collected.join(", "),
        )
    });
    Ok(ExitCode::SUCCESS)
}
