//! Asking before something is destroyed.
//!
//! A command that destroys takes [`Yes`] among its flags and calls [`Yes::agree`] before it
//! changes anything, with words that name what would be lost.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use clap::Args;

/// Whether the question has been answered beforehand.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct Yes {
    /// Do it without asking
    #[arg(long)]
    yes: bool,
}

/// What to do about a question that was not answered beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// Agreed to already.
    Go,
    /// There is a person to ask.
    Ask,
    /// There is nobody to ask: a script must say `--yes`.
    Refuse,
}

const fn course(yes: bool, somebody_there: bool) -> Course {
    match (yes, somebody_there) {
        (true, _) => Course::Go,
        (false, true) => Course::Ask,
        (false, false) => Course::Refuse,
    }
}

/// Only the whole word agrees; a stray Enter destroys nothing.
fn agrees(answer: &str) -> bool {
    answer.trim().eq_ignore_ascii_case("yes")
}

impl Yes {
    /// Asks, unless `--yes` was given. `what` completes the sentence "This will …", such as
    /// `revoke the device "desk" of Grace; it must be enrolled again to go on`.
    ///
    /// # Errors
    /// When the person does not agree, or nobody is there to be asked. Nothing was changed then.
    pub(super) fn agree(self, what: &str) -> anyhow::Result<()> {
        let somebody_there = io::stdin().is_terminal() && io::stderr().is_terminal();
        match course(self.yes, somebody_there) {
            Course::Go => Ok(()),
            Course::Refuse => anyhow::bail!(
                "this would {what}. Nothing was changed. There is no terminal to ask at: add --yes to do it."
            ),
            Course::Ask => {
                let mut asking = io::stderr();
                write!(asking, "This will {what}.\nType yes to go on: ")?;
                asking.flush()?;
                let mut answer = String::new();
                io::stdin().lock().read_line(&mut answer)?;
                anyhow::ensure!(agrees(&answer), "nothing was changed.");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_must_say_yes_and_a_person_is_asked() {
        assert_eq!(course(true, false), Course::Go);
        assert_eq!(course(true, true), Course::Go);
        assert_eq!(course(false, true), Course::Ask);
        assert_eq!(course(false, false), Course::Refuse);
    }

    #[test]
    fn only_the_whole_word_agrees() {
        assert!(agrees("yes\n") && agrees(" YES "));
        for other in ["", "\n", "y", "no", "yes, but", "yess"] {
            assert!(!agrees(other), "{other:?}");
        }
    }
}
