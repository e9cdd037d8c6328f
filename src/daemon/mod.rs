//! The only module that spawns: visits for ever, reloads, stops.
