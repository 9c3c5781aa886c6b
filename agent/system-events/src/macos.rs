//! macOS: `NSWorkspace` announces sleep, the end and another person's turn; whether the screen is
//! locked is asked for.
//!
//! Announcements arrive where the program's main thread runs an event loop, as the tray app's
//! does. Without one, being asked around each look still finds a lock and another's turn, the
//! clocks find sleep, and a signal announces the end.

#![allow(unsafe_code)]
#![cfg_attr(
    not(target_os = "macos"),
    expect(dead_code, reason = "type-checked elsewhere, called on macOS")
)]

use std::{mem, ptr::NonNull, sync::Arc};

use block2::RcBlock;
use objc2_app_kit::{
    NSWorkspace, NSWorkspaceDidWakeNotification, NSWorkspaceSessionDidBecomeActiveNotification,
    NSWorkspaceSessionDidResignActiveNotification, NSWorkspaceWillPowerOffNotification,
    NSWorkspaceWillSleepNotification,
};
use objc2_core_foundation::{CFBoolean, CFDictionary, CFRetained, CFString, CFType};
use objc2_foundation::NSNotification;

use crate::{Tell, Told};

/// In the session's dictionary while a screen shows it (`kCGSessionOnConsoleKey`).
const ON_CONSOLE: &str = "kCGSSessionOnConsoleKey";
/// In it, and true, while the screen is locked; otherwise not there. Apple documents no key for
/// it; this one has been there since Mac OS X 10.
const LOCKED: &str = "CGSSessionScreenIsLocked";

// Declared here: the crate that has it cannot be type-checked on another system.
#[cfg_attr(target_os = "macos", link(name = "CoreGraphics", kind = "framework"))]
unsafe extern "C-unwind" {
    /// The session's dictionary, which the caller owns; null without a window server.
    fn CGSessionCopyCurrentDictionary() -> Option<NonNull<CFDictionary<CFString, CFType>>>;
}

pub(crate) fn listen(tell: &Tell) {
    for told in ask() {
        tell(told);
    }
    // SAFETY: constants of the framework, which is loaded as long as the program.
    let announced = unsafe {
        [
            (NSWorkspaceWillSleepNotification, Told::Sleep(true)),
            (NSWorkspaceDidWakeNotification, Told::Sleep(false)),
            (NSWorkspaceWillPowerOffNotification, Told::Ending(true)),
            (
                NSWorkspaceSessionDidResignActiveNotification,
                Told::Shown(false),
            ),
            (
                NSWorkspaceSessionDidBecomeActiveNotification,
                Told::Shown(true),
            ),
        ]
    };
    let center = NSWorkspace::sharedWorkspace().notificationCenter();
    for (name, told) in announced {
        let tell = Arc::clone(tell);
        let block = RcBlock::new(move |_: NonNull<NSNotification>| tell(told));
        // SAFETY: no object and no queue: any sender, on the sender's thread. The block holds
        // nothing but what may be called from every thread; the center keeps it.
        let observer = unsafe {
            center.addObserverForName_object_queue_usingBlock(Some(name), None, None, &block)
        };
        // For as long as the process lives: giving it back would end the announcements.
        mem::forget(observer);
    }
}

pub(crate) fn ask() -> Vec<Told> {
    // SAFETY: it takes nothing. By Apple's documentation its keys are strings, and its values
    // objects of Core Foundation, whose kinds are asked for below.
    let session = unsafe { CGSessionCopyCurrentDictionary() };
    // Nothing without a window server, as for a program that a remote log-in started.
    let Some(session) = session else {
        return Vec::new();
    };
    // SAFETY: "copy" in its name says that it is ours, once.
    let session = unsafe { CFRetained::from_raw(session) };
    let is = |key: &'static str| {
        let value = session.get(&CFString::from_static_str(key))?;
        Some(value.downcast_ref::<CFBoolean>()?.value())
    };
    let shown = is(ON_CONSOLE).map(Told::Shown);
    let locked = Told::Locked(is(LOCKED).unwrap_or(false));
    shown.into_iter().chain([locked]).collect()
}
