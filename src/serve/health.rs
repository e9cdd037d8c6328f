//! `/healthz`: the program runs. `/readyz`: it can serve feeds, and what stands in the way where it cannot.

use http::StatusCode;

use super::{
    Library,
    answer::{self, Answer},
};

/// 200 as long as requests are answered at all.
pub(super) fn alive() -> Answer {
    answer::text(StatusCode::OK, "ok\n")
}

/// 200 when feeds can be served, else 503.
pub(super) fn ready(library: &dyn Library) -> Answer {
    if library.ready() {
        answer::text(StatusCode::OK, "ready\n")
    } else {
        answer::text(StatusCode::SERVICE_UNAVAILABLE, "not ready: the store is not open yet\n")
    }
}
