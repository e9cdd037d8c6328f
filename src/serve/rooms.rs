//! [`Rooms`]: the threads on which connections are answered, each with a runtime of its own.
//!
//! A connection stays in its room, so a request wakes one thread, and is neither handed on nor waits behind a visit.

use std::{
    io,
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// Guests who share a room before the next is used. Whoever finds the thread awake is answered for half of what waking it costs,
/// and one thread answers some 100,000 requests a second, more than so many guests have at once.
const COMPANY: usize = 32;

/// Rooms, open until they are dropped. Whoever uses them owns the tasks in them.
pub(super) struct Rooms {
    rooms: Vec<Room>,
}

struct Room {
    handle: Handle,
    /// One for each guest, and this one.
    seats: Arc<()>,
    /// Nothing where the room is on the runtime that it was opened from.
    own: Option<Own>,
}

/// A room's own thread.
struct Own {
    open: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// A place in a room, until it is dropped.
pub(super) struct Seat {
    /// Where the guest's task belongs.
    pub(super) room: Handle,
    _seat: Arc<()>,
}

impl Rooms {
    /// So many rooms. Where the system gives no thread, there is one on the runtime that this is called from.
    pub(super) fn open(count: usize) -> Self {
        let mut rooms: Vec<Room> = Vec::with_capacity(count);
        for _ in 0..count {
            match Room::open() {
                Ok(room) => rooms.push(room),
                Err(error) => {
                    tracing::warn!(%error, rooms = rooms.len(), "no thread to answer requests on");
                    break;
                }
            }
        }
        if rooms.is_empty() {
            rooms.push(Room { handle: Handle::current(), seats: Arc::new(()), own: None });
        }
        Self { rooms }
    }

    /// A seat in the first room that is not full, else in the emptiest.
    pub(super) fn seat(&self) -> Option<Seat> {
        let open = self.rooms.iter().find(|room| room.guests() < COMPANY);
        let room = open.or_else(|| self.rooms.iter().min_by_key(|room| room.guests()))?;
        Some(Seat { room: room.handle.clone(), _seat: room.seats.clone() })
    }
}

impl Room {
    fn open() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (open, closed) = oneshot::channel();
        let thread = thread::Builder::new().name("room".to_owned()).spawn(move || {
            // Nothing is ever sent: the sender's end is the room's.
            let _ = runtime.block_on(closed);
        })?;
        Ok(Self { handle, seats: Arc::new(()), own: Some(Own { open, thread }) })
    }

    fn guests(&self) -> usize {
        Arc::strong_count(&self.seats) - 1
    }
}

impl Drop for Rooms {
    fn drop(&mut self) {
        for Own { open, thread } in self.rooms.drain(..).filter_map(|room| room.own) {
            drop(open);
            // Its tasks are gone, so it ends at once; that one of them panicked was told by the task.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn rooms_are_filled_in_turn_and_then_evenly_on_threads_of_their_own() {
        let rooms = Rooms::open(2);
        let mut tasks = JoinSet::new();
        let counts = || rooms.rooms.iter().map(Room::guests).collect::<Vec<_>>();
        let mut seats: Vec<Seat> = (0..COMPANY).filter_map(|_| rooms.seat()).collect();
        assert_eq!(counts(), [COMPANY, 0]);
        seats.extend((0..COMPANY + 4).filter_map(|_| rooms.seat()));
        assert_eq!(counts(), [COMPANY + 2, COMPANY + 2]);
        for seat in &seats {
            tasks.spawn_on(async { thread::current().id() }, &seat.room);
        }
        let mut threads = std::collections::HashMap::new();
        for thread in tasks.join_all().await {
            assert_ne!(thread, thread::current().id());
            *threads.entry(thread).or_insert(0) += 1;
        }
        assert_eq!(threads.into_values().collect::<Vec<_>>(), [COMPANY + 2, COMPANY + 2]);
        drop(seats);
        drop(rooms);
    }

    #[tokio::test]
    async fn without_a_thread_the_callers_runtime_is_the_room() {
        let rooms = Rooms::open(0);
        let mut tasks = JoinSet::new();
        tasks.spawn_on(async { thread::current().id() }, &rooms.seat().unwrap().room);
        assert_eq!(tasks.join_all().await, [thread::current().id()]);
    }
}
