//! Starts the program again, in the same process, without GTK's OpenGL.
//!
//! GTK asks OpenGL for its visuals when it opens a display, and where OpenGL is drawn in
//! software (virtual machines, remote desktops) that loads a compiler: 50 MB for an icon.
//! It reads `GDK_GL` from the environment, which a running program cannot change safely.

/// Comes back where `GDK_GL` is set: by the person, or by the start before this one.
#[cfg(target_os = "linux")]
pub fn do_without() {
    use std::{env, os::unix::process::CommandExt as _, process::Command};
    if env::var_os("GDK_GL").is_some() {
        return;
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

/// Nothing to do without elsewhere.
#[cfg(not(target_os = "linux"))]
pub const fn do_without() {}
