//! [`Watch`]: how far a connection's current request is, seen from its bytes; [`Watched`] is the stream that tells it.
//!
//! Hyper's own timer counts the rest between two requests as part of the next head, so it cannot tell an idle reader,
//! who may stay for a minute, from a head that drips in, which may not.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{self, AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

/// Where a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Accepted; a head is coming in, or nothing yet.
    Head = 0,
    /// The answer is being made.
    Make = 1,
    /// The answer is being sent.
    Send = 2,
    /// An answer is through; the next request may come.
    Idle = 3,
}

/// How far a connection is, shared by its stream, its service and the accept loop.
#[derive(Debug)]
pub(super) struct Watch {
    accepted: Instant,
    phase: AtomicU8,
    /// Milliseconds from `accepted` to the head's first byte, or to the last byte sent of an answer.
    since: AtomicU64,
    /// Whether an answer has gone out whole.
    answered: AtomicBool,
}

impl Watch {
    pub(super) fn start() -> Arc<Self> {
        Arc::new(Self {
            accepted: Instant::now(),
            phase: AtomicU8::new(Phase::Head as u8),
            since: AtomicU64::new(0),
            answered: AtomicBool::new(false),
        })
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Head,
            1 => Phase::Make,
            2 => Phase::Send,
            _ => Phase::Idle,
        }
    }

    /// Since when the head comes in, or nothing has been sent. While an answer is made it says nothing.
    pub(super) fn since(&self) -> Instant {
        self.accepted + Duration::from_millis(self.since.load(Ordering::Acquire))
    }

    /// Whether an answer has gone out whole.
    pub(super) fn answered(&self) -> bool {
        self.answered.load(Ordering::Acquire)
    }

    /// A whole head was read.
    pub(super) fn request_read(&self) {
        self.enter(Phase::Make);
    }

    /// Bytes of an answer went out.
    fn sent(&self) {
        self.touch();
        self.enter(Phase::Send);
    }

    /// The clock is not read here: two readings for each request are enough.
    fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    fn touch(&self) {
        let passed = u64::try_from(self.accepted.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since.store(passed, Ordering::Release);
    }

    /// Bytes came.
    fn received(&self) {
        if self.phase() == Phase::Idle {
            self.touch();
            self.enter(Phase::Head);
        }
    }

    /// What was written of an answer is through, just now.
    pub(super) fn flushed(&self) {
        if matches!(self.phase(), Phase::Make | Phase::Send) {
            self.answered.store(true, Ordering::Release);
            self.enter(Phase::Idle);
        }
    }
}

/// A stream that tells its [`Watch`] what passes.
pub(super) struct Watched<S> {
    stream: S,
    watch: Arc<Watch>,
    /// Whether bytes of the current answer were written.
    wrote: bool,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, watch: Arc<Watch>) -> Self {
        Self { stream, watch, wrote: false }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.watch.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.wrote = true;
        self.watch.sent();
        Poll::Ready(Ok(sent))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, slices))?;
        self.wrote = true;
        self.watch.sent();
        Poll::Ready(Ok(sent))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        // Hyper flushes its stream once its own buffer is empty; before the answer's first byte that means nothing.
        if std::mem::take(&mut self.wrote) {
            self.watch.flushed();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
