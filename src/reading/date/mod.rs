//! Dates as pages write them, into moments.
