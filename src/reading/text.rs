//! Whitespace, widths, control characters, cutting.
