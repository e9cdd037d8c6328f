//! Joining links, and the canonical form that serves identity alone.
