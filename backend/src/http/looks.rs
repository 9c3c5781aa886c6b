//! Looks at other people's activity: written down before anything of it is shown.
//!
//! Every look is a row of its own: two looks in a second are two rows. They cost a short
//! transaction; what the person concerned reads is then what happened, and nobody need trust a
//! rule by which some of it was left out.

use std::collections::HashSet;

use serde_json::Value;
use shared_types::{Timestamp, UserId, audit::LookAt};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    state::AppState,
};
use crate::{
    domain::visibility::Sight,
    store::{
        StoreError,
        audit::{self, Looked},
        people, visibility,
    },
};

/// While somebody watches, it is written down anew after this long.
const ANEW_SECONDS: i64 = 24 * 3_600;

/// Writes down that the caller looks at these people's activity; nothing when it is only their
/// own. Call it before the answer goes out: 503 when it cannot be written, and nothing is shown.
pub(super) async fn record(
    state: &AppState,
    person: &Person,
    at: LookAt,
    people: &[UserId],
    detail: Value,
) -> ApiResult<()> {
    write(state, person, at, people, detail)
        .await
        .map_err(|error| {
            tracing::error!(cause = %error, "a look could not be written down, and was refused");
            ApiError::unavailable(
                "Who looks at other people's activity is written down first, and that failed. Nothing is shown; try again.",
                2,
            )
        })
}

async fn write(
    state: &AppState,
    person: &Person,
    at: LookAt,
    people: &[UserId],
    detail: Value,
) -> Result<(), StoreError> {
    if people.iter().all(|shown| *shown == person.user_id) {
        return Ok(());
    }
    let look = Looked {
        viewer: Some((person.user_id, person.role)),
        at,
        people,
        detail,
    };
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    audit::looked(&mut tx, &look, state.clock.now(), state.clock.new_uuid()).await?;
    tx.commit().await
}

/// Somebody watches through an open socket: it is written down when it opens, whenever a person
/// comes into view who was not in what was written, and anew each day.
pub(super) struct Watch {
    state: AppState,
    person: Person,
    written: HashSet<UserId>,
    since: Timestamp,
}

impl Watch {
    /// Begins to watch whoever is in view.
    pub(super) async fn begin(state: &AppState, person: &Person) -> ApiResult<Self> {
        let people = in_view(state, person).await?;
        record(state, person, LookAt::Live, &people, Value::Null).await?;
        Ok(Self {
            state: state.clone(),
            person: *person,
            written: people.into_iter().collect(),
            since: state.clock.now(),
        })
    }

    /// Writes down whom a frame shows beyond what was written. False when that failed: the
    /// frame must not go out.
    pub(super) async fn before(&mut self, frame: &str) -> bool {
        let now = self.state.clock.now();
        let anew = now.millis_since(self.since) >= ANEW_SECONDS * 1_000;
        let shown = people_in(frame);
        if shown.is_empty() || (!anew && shown.iter().all(|one| self.written.contains(one))) {
            return true;
        }
        // On the heap: it is rare, and every socket would keep the room for it.
        Box::pin(self.write(shown, now, anew)).await
    }

    async fn write(&mut self, shown: Vec<UserId>, now: Timestamp, anew: bool) -> bool {
        let mut people: Vec<UserId> = shown
            .into_iter()
            .filter(|one| anew || !self.written.contains(one))
            .collect();
        if anew {
            // Who is in view now, not who was a day ago.
            let Ok(in_view) = in_view(&self.state, &self.person).await else {
                return false;
            };
            people.extend(in_view);
            people.sort_unstable();
            people.dedup();
            self.written.clear();
        }
        let written = record(
            &self.state,
            &self.person,
            LookAt::Live,
            &people,
            Value::Null,
        )
        .await;
        if written.is_err() {
            return false;
        }
        if anew {
            self.since = now;
        }
        self.written.extend(people);
        true
    }
}

/// Whom an open socket may show to a person.
async fn in_view(state: &AppState, person: &Person) -> ApiResult<Vec<UserId>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    Ok(
        match visibility::visible_people(reader.db(), person.viewer()).await? {
            Sight::Everyone => people::in_use(reader.db()).await?,
            Sight::Only(people) => people.into_iter().collect(),
        },
    )
}

/// The people whom a frame is about. Frames are our own: ids stand in fields of this name, and a
/// quote inside a text is escaped, so that no title can look like one.
fn people_in(frame: &str) -> Vec<UserId> {
    const FIELD: &str = "\"user_id\":\"";
    frame
        .split(FIELD)
        .skip(1)
        .filter_map(|rest| rest.get(..36)?.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_tells_whom_it_shows_and_no_title_can_add_anybody() {
        let (one, two) = (
            "0192f0c1-2345-7000-8000-000000000001",
            "0192f0c1-2345-7000-8000-000000000002",
        );
        let title = format!("\"user_id\":\"{two}\"");
        let frame = serde_json::json!({ "people": [{ "user_id": one, "name": title }] });
        let people: Vec<String> = people_in(&frame.to_string())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(people, [one]);
        assert!(people_in("{\"user_id\":\"short\"}").is_empty());
    }
}
