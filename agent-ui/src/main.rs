//! `workpulse-tray`: parses, checks the desktop, and hands over to the wiring.

mod app;
mod bridge;
mod cli;
mod open_window;
mod tray;
mod window;

use std::{
    env,
    io::{self, Write as _},
    process::{Command, ExitCode},
};

use clap::Parser as _;
use workpulse_agent::logging;
use workpulse_tray::{
    exit::Exit,
    preflight::{self, Finding, Weight},
};

fn main() -> ExitCode {
    // Two providers end up in one build; without a choice a TLS client panics. It fails only
    // when one was installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut arguments = cli::Arguments::parse();
    if let Some(directory) = &arguments.write_man {
        return match cli::write_man(directory) {
            Ok(()) => Exit::Done.into(),
            Err(error) => failed(
                &format!(
                    "The page cannot be written to {}: {error}",
                    directory.display()
                ),
                Exit::Failed,
            ),
        };
    }
    if arguments.check {
        return told(&preflight::judge(&preflight::observe())).into();
    }
    without_opengl();
    let (minimized, part) = (arguments.minimized, arguments.part.take());
    let loaded = arguments.into_settings();
    let log_dir = loaded
        .as_ref()
        .ok()
        .and_then(|(loaded, _)| loaded.settings.log_dir.as_deref());
    let program = if part.is_some() {
        "workpulse-window"
    } else {
        "workpulse-tray"
    };
    if let Err(error) = logging::begin(program, log_dir) {
        return failed(&error.to_string(), Exit::Usage);
    }
    let findings = preflight::judge(&preflight::observe());
    for finding in &findings {
        match finding.weight {
            Weight::Fine => tracing::debug!("{}: {}", finding.subject, finding.message),
            Weight::Limit => tracing::warn!("{}: {}", finding.subject, finding.message),
            Weight::Missing(_) => tracing::error!("{}: {}", finding.subject, finding.message),
        }
    }
    if let Some(exit) = preflight::verdict(&findings) {
        return exit.into();
    }
    match loaded {
        Err(error) => {
            tracing::error!("{error}");
            Exit::Usage.into()
        }
        Ok((loaded, flags)) => {
            for sentence in &loaded.overruled {
                tracing::warn!("{sentence}");
            }
            let settings = loaded.settings;
            let ended = match part {
                Some(cli::Part::Window { page }) => window::run(settings, flags, page.as_deref()),
                None => app::run(settings, &flags, minimized),
            };
            match ended {
                Ok(exit) => exit.into(),
                Err(error) => {
                    tracing::error!("{error:#}");
                    Exit::Failed.into()
                }
            }
        }
    }
}

/// Says on stderr why nothing was started, before there is a log.
fn failed(why: &str, exit: Exit) -> ExitCode {
    // A closed stderr is no reason for another end.
    let _ = writeln!(io::stderr(), "error: {why}");
    exit.into()
}

/// Starts this program again, in the same process, without GTK's OpenGL.
///
/// GTK asks OpenGL for its visuals when it opens a display, and where OpenGL is drawn in
/// software (virtual machines, remote desktops) that loads a compiler: 50 MB for an icon.
/// It reads `GDK_GL` from the environment, which a running program cannot change safely.
#[cfg(target_os = "linux")]
fn without_opengl() {
    use std::os::unix::process::CommandExt as _;
    if env::var_os("GDK_GL").is_some() {
        return; // Set by the person, or by the line below.
    }
    let error = match env::current_exe() {
        // It returns only when it fails.
        Ok(this) => Command::new(this)
            .args(env::args_os().skip(1))
            .env("GDK_GL", "disable")
            .exec(),
        Err(error) => error,
    };
    // Only memory is lost.
    tracing::debug!(%error, "Could not start again without OpenGL.");
}

#[cfg(not(target_os = "linux"))]
const fn without_opengl() {}

/// Prints every finding, for `--check`.
fn told(findings: &[Finding]) -> Exit {
    let mut output = io::stdout().lock();
    for finding in findings {
        let mark = match finding.weight {
            Weight::Fine => "ok",
            Weight::Limit => "limit",
            Weight::Missing(_) => "MISSING",
        };
        // A closed pipe (`| head`) is no reason to fail; the code still tells.
        let _ = writeln!(
            output,
            "{mark:>8}  {}: {}",
            finding.subject, finding.message
        );
    }
    preflight::verdict(findings).unwrap_or(Exit::Done)
}
