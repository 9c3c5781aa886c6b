//! Capture policies: the organization's, teams', and what applies to a person.

pub(super) mod effective;
pub(super) mod organization;
pub(super) mod preview;
pub(super) mod team;

use super::error::ApiError;
use crate::policies::PolicyError;

fn problem(error: PolicyError) -> ApiError {
    match error {
        PolicyError::Invalid(field, rule) => ApiError::field(field, rule),
        PolicyError::Changed => ApiError::conflict(
            "The policy has changed since you read it. Nothing was changed; read it again.",
        ),
        PolicyError::Missing => ApiError::not_found(),
        PolicyError::Store(error) => error.into(),
    }
}
