//! What a system withholds without saying so, judged from what is seen.
//!
//! macOS names the application in front to everybody, and window titles only to those whom the
//! person has allowed to record the screen; without that permission titles are empty, and no
//! error tells why. Pure, so that it is tested on every system; it was not tried on a Mac.

use std::collections::BTreeSet;

use super::{Focus, NoFocus, NoIdle};

/// So many looks in a row say the same before it is believed: a minute at the usual interval.
const LOOKS: u32 = 12;
/// A single application may never name its windows; two that do not are no accident.
const APPLICATIONS: usize = 2;
/// Input that is as recent as this: somebody is at work, in some window.
const AT_WORK_MILLIS: u64 = 5_000;

/// Told where no window can be seen although somebody works.
pub(super) const NO_WINDOW: &str = "this system does not tell which window has the focus; on a Mac, allow WorkPulse under System Settings, Privacy & Security, Accessibility";

/// Follows the looks.
#[derive(Debug, Default)]
pub(super) struct Permissions {
    /// Looks in a row that named an application and no title.
    untitled: u32,
    /// The applications of these looks.
    applications: BTreeSet<String>,
    /// Looks in a row that saw no window, while somebody typed.
    blind: u32,
}

impl Permissions {
    /// Takes a look into account; what it means.
    pub(super) fn judge(
        &mut self,
        window: Option<Focus>,
        idle: &Result<u64, NoIdle>,
    ) -> Result<Focus, NoFocus> {
        let Some(focus) = window else {
            // A desktop without any window is nothing special, nor is a look between two.
            if idle.as_ref().is_ok_and(|millis| *millis < AT_WORK_MILLIS) {
                self.blind = self.blind.saturating_add(1);
            }
            return Err(if self.blind >= LOOKS {
                NoFocus::Unsupported(NO_WINDOW)
            } else {
                NoFocus::NothingFocused
            });
        };
        self.blind = 0;
        if focus.title.is_some() {
            self.untitled = 0;
            self.applications.clear();
        } else if let Some(application) = &focus.application {
            self.untitled = self.untitled.saturating_add(1);
            // Two are enough to know; a list of a day's would be kept for nothing.
            if self.applications.len() < APPLICATIONS {
                self.applications.insert(application.clone());
            }
        }
        Ok(focus)
    }

    /// Whether titles can be seen, as far as is known.
    pub(super) fn titles(&self) -> bool {
        self.untitled < LOOKS || self.applications.len() < APPLICATIONS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(application: &str, title: Option<&str>) -> Focus {
        Focus {
            application: Some(application.to_owned()),
            title: title.map(str::to_owned),
            url: None,
            category_id: None,
        }
    }

    #[test]
    fn titles_that_are_missing_everywhere_are_withheld() {
        let mut seen = Permissions::default();
        for look in 0..LOOKS {
            assert!(seen.titles(), "not yet at look {look}");
            let application = if look % 2 == 0 { "Pages" } else { "Mail" };
            seen.judge(Some(window(application, None)), &Ok(0)).unwrap();
        }
        assert!(!seen.titles());
        // The permission was given meanwhile.
        seen.judge(Some(window("Pages", Some("Plan"))), &Ok(0))
            .unwrap();
        assert!(seen.titles());
    }

    #[test]
    fn one_application_without_titles_says_nothing_of_the_system() {
        let mut seen = Permissions::default();
        for _ in 0..100 {
            seen.judge(Some(window("Game", None)), &Ok(0)).unwrap();
        }
        assert!(seen.titles());
    }

    #[test]
    fn somebody_who_types_into_no_window_for_a_minute_is_told_what_to_allow() {
        let mut seen = Permissions::default();
        for _ in 1..LOOKS {
            assert_eq!(seen.judge(None, &Ok(100)), Err(NoFocus::NothingFocused));
        }
        assert_eq!(
            seen.judge(None, &Ok(100)),
            Err(NoFocus::Unsupported(NO_WINDOW))
        );
        seen.judge(Some(window("Pages", None)), &Ok(0)).unwrap();
        assert_eq!(seen.judge(None, &Ok(100)), Err(NoFocus::NothingFocused));
    }

    #[test]
    fn an_empty_desktop_with_nobody_at_it_is_just_empty() {
        let mut seen = Permissions::default();
        for idle in [Ok(60_000), Err(NoIdle::Unsupported)] {
            for _ in 0..100 {
                assert_eq!(seen.judge(None, &idle), Err(NoFocus::NothingFocused));
            }
        }
    }
}
