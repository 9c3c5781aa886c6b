//! Placeholder to be replaced.
