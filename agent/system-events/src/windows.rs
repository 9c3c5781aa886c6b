//! Windows: a window that nobody sees hears what the session and the power do.
//!
//! An ordinary window, not a message-only one: those hear no broadcasts of the power.

#![allow(unsafe_code)]
#![cfg_attr(
    not(windows),
    expect(dead_code, reason = "type-checked elsewhere, called on Windows")
)]

use std::{
    io, mem, ptr,
    sync::{
        OnceLock,
        mpsc::{self, SyncSender},
    },
    thread,
};

use windows_sys::Win32::{
    Foundation::{HWND, LPARAM, LRESULT, WPARAM},
    System::{
        LibraryLoader::GetModuleHandleW,
        RemoteDesktop::{
            NOTIFY_FOR_THIS_SESSION, WTS_CURRENT_SERVER_HANDLE, WTS_CURRENT_SESSION, WTSFreeMemory,
            WTSINFOEXW, WTSQuerySessionInformationW, WTSRegisterSessionNotification,
            WTSSessionInfoEx,
        },
        WindowsProgramming::QueryUnbiasedInterruptTime,
    },
    UI::WindowsAndMessaging::{
        CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, MSG, RegisterClassW,
        WNDCLASSW, WS_OVERLAPPED,
    },
};

use crate::{
    NotListening, Tell, Told,
    messages::{meaning, of_flags},
};

/// A window procedure is a function without a place for anything of ours.
static TELL: OnceLock<Tell> = OnceLock::new();

pub(crate) fn listen(tell: Tell) -> Result<(), NotListening> {
    TELL.set(tell).map_err(|_| NotListening::Already)?;
    let (accepted, answer) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("workpulse-session".into())
        .stack_size(256 * 1024)
        .spawn(move || hear(&accepted))
        .map_err(refused("the thread that hears of the session"))?;
    answer.recv().unwrap_or_else(|_| {
        Err(NotListening::Refused {
            what: "the thread that hears of the session",
            why: io::ErrorKind::BrokenPipe.into(),
        })
    })
}

fn refused(what: &'static str) -> impl Fn(io::Error) -> NotListening {
    move |why| NotListening::Refused { what, why }
}

/// Makes the window, says whether that worked, and hears until the process ends.
fn hear(accepted: &SyncSender<Result<(), NotListening>>) {
    let made = window();
    let goes_on = made.is_ok();
    // Whoever waits for it may be gone.
    let _ = accepted.send(made);
    if !goes_on {
        return;
    }
    if let (Some(told), Some(tell)) = (locked_now(), TELL.get()) {
        tell(told);
    }
    let mut message = MSG::default();
    // SAFETY: `message` is ours and outlives both calls; no window is named, so that the messages
    // of this thread are meant. Below zero is an error, after which nothing more would come.
    while unsafe { GetMessageW(&raw mut message, ptr::null_mut(), 0, 0) } > 0 {
        // SAFETY: it was filled by the call before.
        unsafe { DispatchMessageW(&raw const message) };
    }
}

fn window() -> Result<(), NotListening> {
    let name: Vec<u16> = "WorkPulseSession\0".encode_utf16().collect();
    let last = |what| refused(what)(io::Error::last_os_error());
    // SAFETY: no name: the program itself, which stays loaded.
    let program = unsafe { GetModuleHandleW(ptr::null()) };
    let class = WNDCLASSW {
        lpfnWndProc: Some(procedure),
        hInstance: program,
        lpszClassName: name.as_ptr(),
        ..WNDCLASSW::default()
    };
    // SAFETY: `class` and the name in it, which ends with a zero, live until the call is over;
    // Windows copies both.
    if unsafe { RegisterClassW(&raw const class) } == 0 {
        return Err(last("a window's class"));
    }
    let (nobody, nothing) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the class was registered for this program just above; a name that ends with a zero,
    // no parent, no menu and no parameter are allowed.
    let window = unsafe {
        CreateWindowExW(
            0,
            name.as_ptr(),
            name.as_ptr(),
            WS_OVERLAPPED,
            0,
            0,
            0,
            0,
            nobody,
            nothing,
            program,
            ptr::null(),
        )
    };
    if window.is_null() {
        return Err(last("a window that hears of the session"));
    }
    // SAFETY: the window is ours, and lives as long as this thread, which ends with the process.
    if unsafe { WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION) } == 0 {
        return Err(last("news of the session"));
    }
    Ok(())
}

/// What Windows calls with each message, on the thread that made the window.
unsafe extern "system" fn procedure(
    window: HWND,
    message: u32,
    parameter: WPARAM,
    more: LPARAM,
) -> LRESULT {
    if let (Some(told), Some(tell)) = (meaning(message, parameter), TELL.get()) {
        tell(told);
    }
    // SAFETY: what Windows gave is given on. It answers a question about the end with "yes".
    unsafe { DefWindowProcW(window, message, parameter, more) }
}

/// How the session is before anything changes.
fn locked_now() -> Option<Told> {
    let (mut found, mut length) = (ptr::null_mut(), 0);
    // SAFETY: both places are ours; Windows fills them, and what it allocates is given back below.
    let answered = unsafe {
        WTSQuerySessionInformationW(
            WTS_CURRENT_SERVER_HANDLE,
            WTS_CURRENT_SESSION,
            WTSSessionInfoEx,
            &raw mut found,
            &raw mut length,
        )
    };
    if answered == 0 || found.is_null() {
        return None;
    }
    let whole = usize::try_from(length).is_ok_and(|it| it >= mem::size_of::<WTSINFOEXW>());
    // SAFETY: as many bytes as it has are there; read as a copy, for nothing says how they lie.
    let info = whole.then(|| unsafe { ptr::read_unaligned(found.cast::<WTSINFOEXW>()) });
    // SAFETY: allocated by the call above, and not used any more.
    unsafe { WTSFreeMemory(found.cast()) };
    let info = info.filter(|info| info.Level == 1)?;
    // SAFETY: level 1 says that this is the member which was filled.
    of_flags(unsafe { info.Data.WTSInfoExLevel1 }.SessionFlags)
}

/// Time without suspend, which Windows counts in steps of 100 ns.
pub(crate) fn awake_millis() -> Option<i64> {
    let mut steps = 0;
    // SAFETY: the place is ours.
    let answered = unsafe { QueryUnbiasedInterruptTime(&raw mut steps) };
    (answered != 0)
        .then(|| i64::try_from(steps / 10_000).ok())
        .flatten()
}
