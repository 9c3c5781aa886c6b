//! Decisions: pure, without clock, database or network.
