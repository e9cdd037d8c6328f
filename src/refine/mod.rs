//! An item into a draft.
