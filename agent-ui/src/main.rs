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
use workpulse_tray::{
    exit::Exit,
    preflight::{self, Finding, Weight},
};

fn main() -> ExitCode {
    // Two providers end up in one build; without a choice a TLS client panics. It fails only
    // when one was installed already, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut arguments = cli::Arguments::parse();
    cli::log_to_stderr();
    if let Some(directory) = &arguments.write_man {
        return match cli::write_man(directory) {
            Ok(()) => Exit::Done.into(),
            Err(error) => {
                tracing::error!(
                    "The page cannot be written to {}: {error}",
                    directory.display()
                );
                Exit::Failed.into()
            }
        };
    }
    if arguments.check {
        return told(&preflight::judge(&preflight::observe())).into();
    }
    without_opengl();
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
    let (minimized, part) = (arguments.minimized, arguments.part.take());
    match arguments.into_settings() {
        Err(error) => {
            tracing::error!("{error}");
            Exit::Usage.into()
        }
        Ok((settings, flags)) => {
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
