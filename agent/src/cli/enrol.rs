//! `workpulse-agent enrol`

use std::{collections::BTreeMap, io::Read as _, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use secrecy::SecretString;
use serde_json::json;
use workpulse_agent::{SystemClock, credentials::SecretPlace, enrol};

use super::{Common, Failure, Output, block_on, no_keychain, policy};

#[derive(Args)]
pub(super) struct Enrol {
    /// The server's address, such as <https://workpulse.example.org>
    #[arg(long, value_name = "URL")]
    server: String,
    /// The enrolment token; `-` reads it from stdin, where other users cannot see it
    #[arg(long, env = "WORKPULSE_ENROL_TOKEN", hide_env_values = true)]
    token: String,
    /// The person's address, for a token that is not one person's (or `email` in the settings)
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
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
    if let Some(email) = args.email {
        values.insert("email", toml::Value::from(email));
    }
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
        "pending": enrolled.pending,
    });
    output.answer(&answer, || {
        let policy = policy::lines(&enrolled.policy)
            .into_iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect::<Vec<_>>()
            .join("\n");
        let pending = if enrolled.pending {
            "An administrator has to approve this device before it may send; what it records is kept until then.\n"
        } else {
            ""
        };
        let place = match enrolled.secret {
            SecretPlace::Keychain => "in the system's keychain".to_owned(),
            SecretPlace::File => {
                format!("in {}", settings.data_dir.join("device-secret").display())
            }
        };
        format!(
            "This machine is enrolled for {} at {}.\n{pending}{policy}\nThe device's secret is {place}.\nStart the agent with `workpulse-agent run`.",
            enrolled.user_name,
            enrolled.organization_name,
        )
    });
    Ok(ExitCode::SUCCESS)
}
