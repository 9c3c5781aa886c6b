//! The logs of programs that a step has started: nothing secret or personal may be in them.

use std::path::Path;

use anyhow::{Context, Result, ensure};

#[expect(
    unreachable_pub,
    reason = "the file belongs to the end-to-end tests' library, where it is public"
)]
#[path = "../../tests/src/leaks.rs"]
mod leaks;

/// Fails when one of these logs holds what no log may hold.
pub(crate) fn tell_nothing(logs: &[&Path]) -> Result<()> {
    for log in logs {
        let found = leaks::found_in(log, &[])
            .with_context(|| format!("{} cannot be read", log.display()))?;
        ensure!(
            found.is_empty(),
            "{} tells what no log may tell:\n{}",
            log.display(),
            found.join("\n")
        );
    }
    Ok(())
}
