//! What a message of Windows means. Pure, so that every system can test it.
//!
//! Numbers as in Microsoft's documentation of `WM_WTSSESSION_CHANGE`, `WM_POWERBROADCAST`,
//! `WM_QUERYENDSESSION`, `WM_ENDSESSION` and `WTSINFOEX_LEVEL1`.

use crate::Told;

const QUERY_END_SESSION: u32 = 0x0011;
const END_SESSION: u32 = 0x0016;
const POWER: u32 = 0x0218;
const SESSION_CHANGE: u32 = 0x02B1;

const SUSPEND: usize = 4;
const RESUME_AFTER_INPUT: usize = 7;
const RESUME: usize = 18;

const CONSOLE_CONNECT: usize = 1;
const CONSOLE_DISCONNECT: usize = 2;
const REMOTE_CONNECT: usize = 3;
const REMOTE_DISCONNECT: usize = 4;
const LOCK: usize = 7;
const UNLOCK: usize = 8;

/// The meaning of a window's message and its first parameter; nothing of most.
#[cfg_attr(
    not(any(windows, test, feature = "type-check")),
    expect(dead_code, reason = "tested everywhere, used on Windows")
)]
pub(crate) const fn meaning(message: u32, parameter: usize) -> Option<Told> {
    match (message, parameter) {
        (SESSION_CHANGE, LOCK) => Some(Told::Locked(true)),
        (SESSION_CHANGE, UNLOCK) => Some(Told::Locked(false)),
        (SESSION_CHANGE, CONSOLE_CONNECT | REMOTE_CONNECT) => Some(Told::Shown(true)),
        (SESSION_CHANGE, CONSOLE_DISCONNECT | REMOTE_DISCONNECT) => Some(Told::Shown(false)),
        (POWER, SUSPEND) => Some(Told::Sleep(true)),
        // The first comes always, the second only where a person is there.
        (POWER, RESUME | RESUME_AFTER_INPUT) => Some(Told::Sleep(false)),
        // Asked first, so that there is time; another program may still refuse.
        (QUERY_END_SESSION, _) => Some(Told::Ending(true)),
        (END_SESSION, ends) => Some(Told::Ending(ends != 0)),
        _ => None,
    }
}

/// The meaning of a session's flags when they are asked for; nothing where Windows does not know.
#[cfg_attr(
    not(any(windows, test, feature = "type-check")),
    expect(dead_code, reason = "tested everywhere, used on Windows")
)]
pub(crate) const fn of_flags(flags: i32) -> Option<Told> {
    match flags {
        0 => Some(Told::Locked(true)),
        1 => Some(Told::Locked(false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_means_what_windows_documents() {
        for (message, parameter, told) in [
            (0x02B1, 7, Some(Told::Locked(true))),
            (0x02B1, 8, Some(Told::Locked(false))),
            (0x02B1, 1, Some(Told::Shown(true))),
            (0x02B1, 2, Some(Told::Shown(false))),
            (0x02B1, 3, Some(Told::Shown(true))),
            (0x02B1, 4, Some(Told::Shown(false))),
            (0x0218, 4, Some(Told::Sleep(true))),
            (0x0218, 18, Some(Told::Sleep(false))),
            (0x0218, 7, Some(Told::Sleep(false))),
            (0x0011, 0, Some(Told::Ending(true))),
            (0x0016, 1, Some(Told::Ending(true))),
            (0x0016, 0, Some(Told::Ending(false))),
            // A log-on of somebody, a change of the power's state, a paint.
            (0x02B1, 5, None),
            (0x0218, 10, None),
            (0x000F, 7, None),
        ] {
            assert_eq!(
                meaning(message, parameter),
                told,
                "{message:#x} {parameter}"
            );
        }
    }

    #[test]
    fn a_session_that_windows_does_not_know_is_not_called_unlocked() {
        assert_eq!(of_flags(0), Some(Told::Locked(true)));
        assert_eq!(of_flags(1), Some(Told::Locked(false)));
        assert_eq!(of_flags(-1), None);
    }
}
