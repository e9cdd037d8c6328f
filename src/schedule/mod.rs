//! When a source is due. Pure: (plan, history, now) → next due.
