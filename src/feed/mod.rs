//! Articles into a document into bytes.
