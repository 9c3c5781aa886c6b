//! Categories: what applications and sites are put into.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;

use shared_types::category::NAME_MAX_CHARS;

use super::{caller::Person, error::ApiError, forms::Form};
use crate::{categories::CategoryError, policies::Actor};

impl From<CategoryError> for ApiError {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::NameTaken(_)
            | CategoryError::InUse(_)
            | CategoryError::InPolicies(_)
            | CategoryError::TooMany => Self::conflict(format!("Nothing was changed: {error}.")),
            CategoryError::Missing => Self::not_found(),
            CategoryError::Invalid(field, rule) => Self::field(field, rule),
            CategoryError::Changed => Self::conflict(
                "The rules have changed since you read them. Nothing was changed; read them again.",
            ),
            CategoryError::Store(error) => error.into(),
        }
    }
}

pub(super) fn actor(person: &Person) -> Actor {
    Actor {
        organization: person.organization_id,
        user: Some(person.user_id),
    }
}

fn name(form: &mut Form, name: &str) {
    form.line("name", name, 1, NAME_MAX_CHARS);
}
