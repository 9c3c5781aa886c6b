//! Connections that lead to a database which takes no writes any more.
//!
//! After a failover the address leads to the new primary, but connections that are open stay
//! where they are: at a server that has become a replica and refuses every write (SQLSTATE
//! 25006). A pool would hand them out again and again, for as long as they live. So it is noted
//! when that was last said, wherever the error becomes ours, and no connection that was open by
//! then is used again; nor, a little later, one that was opened just after it, for the address may
//! have led to the old server still, and it may only have been read from. For the process as a
//! whole: a pool that had nothing to do with it opens a few connections anew.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// When a connection last refused to write.
static REFUSED: Mutex<Option<Instant>> = Mutex::new(None);

/// For so long after the last refusal new connections may still lead to the old server.
const SETTLES: Duration = Duration::from_secs(30);

/// "Cannot be done in a read-only transaction".
pub(super) const READ_ONLY: &str = "25006";

/// Looks at an error for it.
pub(super) fn notice(error: &sqlx::Error) {
    let sqlx::Error::Database(database) = error else {
        return;
    };
    if database.code().as_deref() == Some(READ_ONLY) {
        let before = REFUSED.lock().replace(Instant::now());
        if before.is_none_or(|before| before.elapsed() > Duration::from_mins(1)) {
            tracing::warn!(
                "the database takes no writes on this connection: it may have become a replica. Connecting anew"
            );
        }
    }
}

/// Whether a connection of this age may be used.
pub(super) fn may_be_used(age: Duration) -> bool {
    REFUSED.lock().is_none_or(|refused| {
        let ago = refused.elapsed();
        age < ago.checked_sub(SETTLES).unwrap_or(ago)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_open_when_writes_were_refused_is_left_and_what_came_later_is_used() {
        *REFUSED.lock() = Some(Instant::now());
        tokio::time::advance(Duration::from_secs(10)).await;
        assert!(!may_be_used(Duration::from_hours(1)));
        assert!(!may_be_used(Duration::from_secs(10)));
        assert!(may_be_used(Duration::from_secs(9)));
        // That one was opened a second after the refusal: not once the address has settled.
        tokio::time::advance(Duration::from_secs(50)).await;
        assert!(!may_be_used(Duration::from_secs(59)));
        assert!(!may_be_used(Duration::from_secs(30)));
        assert!(may_be_used(Duration::from_secs(29)));
        *REFUSED.lock() = None;
        assert!(may_be_used(Duration::from_hours(1)));
    }
}
