//! `workpulse-agent enrol`

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Read as _},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use secrecy::SecretString;
use serde_json::json;
use shared_types::OrganizationId;
use workpulse_agent::{
    Clock as _, SystemClock,
    config::provision::{provision, provision_path, spend},
    credentials::SecretPlace,
    enrol::{self, Proof},
};

use super::{Common, Failure, Output, block_on, no_keychain, notice, policy};

#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent flags, each by its name on the command line"
)]
pub(super) struct Enrol {
    /// The server's address, such as <https://workpulse.example.org>
    #[arg(long, value_name = "URL", required_unless_present = "managed")]
    server: Option<String>,
    /// The enrolment token; `-` reads it from stdin, where other users cannot see it
    #[arg(
        long,
        env = "WORKPULSE_ENROL_TOKEN",
        hide_env_values = true,
        required_unless_present_any = ["managed", "login"]
    )]
    token: Option<String>,
    /// Log in with `--email` and your password instead of a token; the password is asked for, or
    /// read from stdin where that is no terminal, and is not kept
    #[arg(long, conflicts_with = "managed")]
    login: bool,
    /// Which organization you log in to, where your address and password fit several
    #[arg(long, value_name = "ID", requires = "login")]
    organization: Option<OrganizationId>,
    /// Take server and token from IT's file, `enrolment.toml` beside the managed settings; does
    /// nothing where there is none, or where this machine is enrolled already
    #[arg(long, conflicts_with_all = ["server", "again"])]
    managed: bool,
    /// The person's address, for a token that is not one person's (or `email` in the settings)
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Keep the device's secret in a file even if there is a keychain
    #[arg(long)]
    no_keychain: bool,
    /// Replace an enrolment with another server or person
    #[arg(long)]
    again: bool,
    /// Accept the notice of what is collected, as the person whose time it is; without it, and
    /// without a terminal to ask at, nothing is recorded until they accept it
    #[arg(long)]
    accept_notice: bool,
}

pub(super) fn enrol(common: &Common, args: Enrol, output: &Output) -> Result<ExitCode, Failure> {
    let mut values = BTreeMap::new();
    no_keychain(args.no_keychain, &mut values);
    if let Some(email) = args.email {
        values.insert("email", toml::Value::from(email));
    }
    let loaded = common.load_with(values)?;
    let settings = &loaded.settings;
    let (server, secret, single_use) = if args.managed {
        let Some(found) = provision(&provision_path())? else {
            return Ok(ExitCode::SUCCESS);
        };
        // At each log-in: who is enrolled stays as they are, whatever the file says now.
        if enrol::load(&settings.data_dir)?.is_some() {
            return Ok(ExitCode::SUCCESS);
        }
        (found.server, found.token, found.single_use)
    } else {
        let secret = if args.login {
            password()?
        } else {
            typed(args.token.unwrap_or_default())?
        };
        (args.server.unwrap_or_default(), secret, false)
    };
    let proof = if args.login {
        Proof::LogIn {
            email: settings.email.as_deref().ok_or_else(|| {
                Failure::new(
                    2,
                    "say who logs in: --email ADDRESS, or `email` in the settings",
                )
            })?,
            password: &secret,
            organization: args.organization,
        }
    } else {
        Proof::Token(&secret)
    };
    let mut enrolled = block_on(enrol::enrol_by(
        settings,
        &SystemClock,
        &server,
        proof,
        args.again,
    ))??;
    if single_use && let Err(error) = spend(&provision_path()) {
        // It is used up at the server all the same; whoever may write the file can mend this.
        output.warning(&format!(
            "{} could not be erased ({error}); erase it, its token has been used",
            provision_path().display()
        ));
    }
    if enrolled.notice_accepted_at.is_none() && (args.accept_notice || notice::ask(&enrolled)) {
        notice::accept(&loaded)?;
        enrolled.notice_accepted_at = Some(SystemClock.wall());
    }
    let answer = json!({
        "notice_accepted_at": enrolled.notice_accepted_at,
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
        let notice = if enrolled.notice_accepted_at.is_some() {
            ""
        } else {
            "Nothing is recorded until you have read what is collected and accepted it: `workpulse-agent notice`, or open WorkPulse.\n"
        };
        let place = match enrolled.secret {
            SecretPlace::Keychain => "in the system's keychain".to_owned(),
            SecretPlace::File => {
                format!("in {}", settings.data_dir.join("device-secret").display())
            }
        };
        format!(
            "This machine is enrolled for {} at {}.\n{pending}{notice}{policy}\nThe device's secret is {place}.\nStart the agent with `workpulse-agent run`.",
            enrolled.user_name,
            enrolled.organization_name,
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// A password, asked for without showing it, or from a stdin that is no terminal.
fn password() -> Result<SecretString, Failure> {
    let mut text = if std::io::stdin().is_terminal() {
        rpassword::prompt_password("Password: ").context("the password cannot be read")?
    } else {
        let mut text = String::new();
        std::io::stdin()
            .take(10_000)
            .read_to_string(&mut text)
            .context("the password cannot be read from stdin")?;
        text
    };
    // The line's end is not part of it; other spaces may be.
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(SecretString::from(text))
}

/// A token from the command line or, for `-`, from stdin.
fn typed(token: String) -> Result<SecretString, Failure> {
    if token != "-" {
        return Ok(SecretString::from(token));
    }
    let mut text = String::new();
    std::io::stdin()
        .take(10_000)
        .read_to_string(&mut text)
        .context("the token cannot be read from stdin")?;
    Ok(SecretString::from(text))
}
