//! `/healthz`: the program runs. `/readyz`: it can serve feeds, and what stands in the way where it cannot. `/metrics`: its figures.

use http::{StatusCode, header};

use super::{
    Library,
    answer::{self, Answer, Class},
};

/// 200 as long as requests are answered at all.
pub(super) fn alive() -> Answer {
    answer::text(StatusCode::OK, "ok\n")
}

/// Figures for Prometheus.
pub(super) fn metrics(figures: String) -> Answer {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let mut answer = answer::answer(Class::Inert, StatusCode::OK, media_type, figures);
    answer::set(&mut answer, header::CACHE_CONTROL, "no-store");
    answer
}

/// 200 when feeds can be served, else 503.
pub(super) fn ready(library: &dyn Library) -> Answer {
    if library.ready() {
        answer::text(StatusCode::OK, "ready\n")
    } else {
        answer::text(StatusCode::SERVICE_UNAVAILABLE, "not ready: the store is not open yet\n")
    }
}
