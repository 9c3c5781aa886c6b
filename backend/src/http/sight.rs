//! Whom the caller sees: every route that shows or changes another person's things asks here.

use shared_types::UserId;

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    state::AppState,
};
use crate::{
    domain::visibility::{Actor, Viewer},
    groups::GroupError,
    store::visibility,
};

impl Person {
    /// The caller as somebody who looks.
    #[must_use]
    pub const fn viewer(&self) -> Viewer {
        Viewer {
            user_id: self.user_id,
            role: self.role,
        }
    }

    /// The caller as somebody who acts.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Person(self.viewer())
    }

    /// 404 unless they see that person: what is out of sight is answered like a random id.
    /// Asked of the database each time, so that a change of membership bites at once.
    pub async fn require_sight(&self, state: &AppState, user_id: UserId) -> ApiResult<()> {
        if user_id == self.user_id {
            return Ok(());
        }
        let mut reader = state.store.tenant(self.organization_id).read().await?;
        if visibility::can_see(reader.db(), self.viewer(), user_id).await? {
            return Ok(());
        }
        Err(ApiError::not_found())
    }
}

impl From<GroupError> for ApiError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Missing => Self::not_found(),
            GroupError::Forbidden(words) => Self::forbidden(words),
            GroupError::NameTaken { .. } => Self::conflict(
                format!("{}", Sentence(&error)) + " Nothing was changed; choose another name.",
            ),
            GroupError::Archived { .. } => {
                Self::conflict(format!("{}", Sentence(&error)) + " Nothing was changed.")
            }
            GroupError::NotBookable => Self::field(
                "project_id",
                "is no project that the session's person may book time on",
            ),
            GroupError::Range(_) => Self::field("to", error.to_string()),
            GroupError::Store(error) => error.into(),
        }
    }
}

/// An error's words as a sentence.
struct Sentence<'e>(&'e GroupError);

impl std::fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.0.to_string();
        let mut letters = text.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        write!(f, "{first}{}.", letters.as_str())
    }
}
