//! What a person may ask for about themselves: a copy, an erasure.

pub(super) mod erase;
pub(super) mod export;
