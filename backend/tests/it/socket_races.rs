//! A change of authority that comes while a socket is being opened is not lost, at whatever moment
//! it comes.

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use parking_lot::Mutex;
use shared_types::{Timestamp, auth::UserStatus};
use tokio::sync::oneshot;
use uuid::Uuid;
use workpulse_server::{
    auth::accounts,
    clock::{Clock, ManualClock},
};

use crate::{
    harness::{LoggedIn, TestApp},
    meddle::meddle,
    socket::{POLICY, open_at},
};

/// What somebody who asks for the time waits for.
struct Hold {
    /// After so many askings.
    after: usize,
    reached: oneshot::Sender<()>,
    go_on: mpsc::Receiver<()>,
}

/// A clock that stands still, and can hold whoever asks it: the server reads the time at each step
/// of a request, and so can be stopped between any two of them.
struct HoldingClock {
    clock: Arc<ManualClock>,
    hold: Mutex<Option<Hold>>,
}

impl HoldingClock {
    /// Holds the asking behind this many others; says when it is held, and goes on when told.
    fn hold(&self, after: usize) -> (oneshot::Receiver<()>, mpsc::Sender<()>) {
        let ((reached, is_reached), (tell, go_on)) = (oneshot::channel(), mpsc::channel());
        *self.hold.lock() = Some(Hold {
            after,
            reached,
            go_on,
        });
        (is_reached, tell)
    }
}

impl Clock for HoldingClock {
    fn now(&self) -> Timestamp {
        let held = {
            let mut hold = self.hold.lock();
            match hold.as_mut() {
                Some(waiting) if waiting.after > 0 => {
                    waiting.after -= 1;
                    None
                }
                _ => hold.take(),
            }
        };
        if let Some(held) = held
            && held.reached.send(()).is_ok()
        {
            // Ends too when the test does.
            let _ = tokio::task::block_in_place(|| held.go_on.recv());
        }
        self.clock.now()
    }

    fn new_uuid(&self) -> Uuid {
        self.clock.new_uuid()
    }
}

/// As another instance does it: this one finds it by looking, and announces it once.
async fn suspend(app: &TestApp, person: &LoggedIn) {
    let state = app.state();
    app.clock.advance_seconds(1);
    let (organization, user) = (person.organization_id, person.user_id);
    let to = UserStatus::Suspended;
    accounts::set_status(&state.store, &*app.clock, organization, None, user, to)
        .await
        .expect("suspended");
    state.auth.authority.poll().await.expect("looks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_suspension_between_any_two_steps_of_opening_a_socket_closes_it() {
    /// Longer than the change takes where nothing of the opening stands in its way.
    const UNHINDERED: Duration = Duration::from_millis(500);
    /// More steps than opening a socket has.
    const MOST: usize = 200;
    let mut clock = None;
    let app = TestApp::by_clock(|still| {
        let holding = Arc::new(HoldingClock {
            clock: still,
            hold: Mutex::new(None),
        });
        clock = Some(Arc::clone(&holding));
        holding
    })
    .await;
    let clock = clock.expect("made");
    let ada = app.set_up().await;
    let mona = app.person(&ada, "Mona", "manager").await;
    let url = app.url("/api/v1/ws").replacen("http", "ws", 1);
    let mut refused = 0;
    let mut closed = 0;
    for step in 0..MOST {
        let (reached, go_on) = clock.hold(step);
        let opening = open_at(&url, &mona.token);
        tokio::pin!(opening);
        let opened = tokio::select! {
            opened = &mut opening => Some(opened),
            held = reached => {
                held.expect("the clock goes on");
                None
            }
        };
        if let Some(opened) = opened {
            // Nobody asked so often: each step has had its turn.
            opened.map(drop).expect("nothing happened to her");
            break;
        }
        let mut change = std::pin::pin!(suspend(&app, &mona));
        // What is held in a transaction keeps the change waiting, which then comes after it.
        let early = tokio::time::timeout(UNHINDERED, &mut change).await;
        go_on.send(()).expect("somebody is held");
        let opened = if early.is_ok() {
            opening.await
        } else {
            tokio::join!(&mut opening, &mut change).0
        };
        match opened {
            Err(status) => {
                assert_eq!(status, 403, "step {step}");
                refused += 1;
            }
            Ok(mut socket) => {
                assert_eq!(socket.closed_with().await, POLICY, "step {step}");
                closed += 1;
            }
        }
        let again = [
            "UPDATE users SET status = 'active'",
            "UPDATE refresh_tokens SET revoked_at = NULL",
        ];
        meddle(app.target(), &again).await;
        app.state().auth.authority.forget(mona.user_id);
    }
    assert!(
        refused > 0 && closed > 0,
        "{refused} refused, {closed} closed"
    );
    app.close().await;
}
