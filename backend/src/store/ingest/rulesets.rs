//! What a writer knows of organizations' categories.
//!
//! Rules are looked up by the version that a group's transaction reads: it comes with a question
//! that is asked anyway, so that nothing here can be old and rules are read once, after a change.

use std::{collections::HashMap, sync::Arc};

use shared_types::{OrganizationId, category::CategoryRule};

use crate::domain::category::Ruleset;

/// The latest rules that were read, by organization.
#[derive(Debug, Default)]
pub struct Rulesets(HashMap<OrganizationId, Arc<Ruleset>>);

impl Rulesets {
    /// The rules of this version, if they have been read; version 0 is none at all.
    pub(super) fn known(&self, organization: OrganizationId, version: i64) -> Option<Arc<Ruleset>> {
        if version == 0 {
            return Some(Arc::default());
        }
        let known = self.0.get(&organization)?;
        (known.version() == version).then(|| Arc::clone(known))
    }

    /// Keeps what was read.
    pub(super) fn keep(
        &mut self,
        organization: OrganizationId,
        version: i64,
        rules: &[CategoryRule],
    ) -> Arc<Ruleset> {
        let set = Arc::new(Ruleset::new(version, rules));
        self.0.insert(organization, Arc::clone(&set));
        set
    }
}
