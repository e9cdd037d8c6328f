//! [`at_leisure`]: work that nobody waits for, done with what visits and readers leave of the machine.

use std::thread;

/// How much such a thread yields to the others (nice(2)): where both cores are busy it gets a tenth of one, so whoever waits for a lock
/// that it holds still waits for a short time only.
const NICE: i32 = 10;

/// Does `work` on a thread of its own with a low priority, and waits for its end: for the blocking pool. A thread's priority cannot be
/// raised again without rights, so none of the pool's own is used.
pub(super) fn at_leisure(work: impl FnOnce() + Send + 'static) {
    let low = || {
        // Where it is refused, the work goes on as any other.
        let _ = rustix::process::setpriority_process(None, NICE);
        work();
    };
    match thread::Builder::new().name("leisure".to_owned()).spawn(low) {
        Ok(thread) => {
            if thread.join().is_err() {
                tracing::error!("work beside the visits panicked; this is a defect of tearsheet");
            }
        }
        Err(error) => tracing::warn!(%error, "no thread for work beside the visits: it is done another time"),
    }
}
