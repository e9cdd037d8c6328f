//! [`Clock`]: the one place that reads the time. Tests step it; everything else is given `now`.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::watch;

/// Longest sleep without a look at the wall clock, so that a clock set forward or back is noticed within it.
const LOOK: Duration = Duration::from_secs(30);

/// Where the time comes from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System,
    Stepped(watch::Receiver<Timestamp>),
}

/// Moves a stepped clock. The clock stands still between steps.
#[derive(Debug, Clone)]
pub struct Hand(Arc<watch::Sender<Timestamp>>);

impl Clock {
    /// The system's wall clock.
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands at `start` until its hand is moved.
    pub fn stepped(start: Timestamp) -> (Self, Hand) {
        let (sender, receiver) = watch::channel(start);
        (Self(Kind::Stepped(receiver)), Hand(Arc::new(sender)))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
            Kind::System => Timestamp::now(),
            Kind::Stepped(time) => *time.borrow(),
        }
    }

    /// Waits until `when`, or at most half a minute: the caller looks again what is due. Returns early where a hand moved.
    pub async fn until(&self, when: Option<Timestamp>) {
        let left = when.map_or(LOOK, |when| {
            Duration::try_from(when.duration_since(self.now())).unwrap_or(Duration::ZERO).min(LOOK)
        });
        match &self.0 {
            Kind::System => tokio::time::sleep(left).await,
            Kind::Stepped(time) if !left.is_zero() => {
                let mut time = time.clone();
                time.mark_unchanged();
                // The hand is gone: no time passes any more.
                if time.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
            Kind::Stepped(_) => {}
        }
    }
}

impl Hand {
    /// Sets the time.
    pub fn set(&self, to: Timestamp) {
        self.0.send_replace(to);
    }

    /// Moves the time forward.
    pub fn forward(&self, by: Duration) {
        self.0.send_modify(|time| *time = time.checked_add(by).unwrap_or(Timestamp::MAX));
    }
}

impl crate::fetch::Clock for Clock {
    fn now(&self) -> Timestamp {
        self.now()
    }

    fn sleep(&self, span: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        let end = clock.now().checked_add(span).unwrap_or(Timestamp::MAX);
        Box::pin(async move {
            while clock.now() < end {
                clock.until(Some(end)).await;
            }
        })
    }
}
