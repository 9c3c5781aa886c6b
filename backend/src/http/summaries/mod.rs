//! People's days: what each came to.

pub(super) mod list;
