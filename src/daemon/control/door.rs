//! [`Door`]: the socket that commands knock at, and one task for each that comes.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    sync::mpsc,
    task::JoinSet,
    time::timeout,
};

use super::{Answer, Call, LONGEST_REQUEST, NAME, Request, read, write};

/// Commands served at once; more wait to be accepted.
const MOST: usize = 16;
/// How long a client may take to send its line, or to take one.
const PATIENCE: Duration = Duration::from_secs(10);
/// The folder in which the socket gets its mode before anybody can reach it.
const HATCHERY: &str = "control.new";

/// The listening socket. Its file goes when it is dropped.
#[derive(Debug)]
pub struct Door {
    listener: UnixListener,
    path: PathBuf,
}

impl Door {
    /// Listens in `state`, which this process holds locked: a socket that is there already is left over.
    ///
    /// It is bound in a folder that only the owner may enter and moved to its place with its mode, so that at no moment another user
    /// could connect.
    ///
    /// # Errors
    /// Where the folder cannot be written, or its path is longer than a socket's may be (unix(7), about 100 bytes).
    pub fn open(state: &Path) -> io::Result<Self> {
        let (path, hatchery) = (state.join(NAME), state.join(HATCHERY));
        match fs::remove_dir_all(&hatchery) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::DirBuilder::new().mode(0o700).create(&hatchery)?,
        }
        let hatching = hatchery.join("s");
        let listener = UnixListener::bind(&hatching)?;
        fs::set_permissions(&hatching, fs::Permissions::from_mode(0o600))?;
        fs::rename(&hatching, &path)?;
        fs::remove_dir(&hatchery)?;
        Ok(Self { listener, path })
    }

    /// Takes requests for ever, each as a call.
    pub(in crate::daemon) async fn serve(self, calls: mpsc::Sender<Call>) {
        let mut clients = JoinSet::new();
        loop {
            while clients.len() >= MOST {
                clients.join_next().await;
            }
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => { clients.spawn(client(stream, calls.clone())); }
                    // Out of descriptors, most likely: that passes.
                    Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                },
                Some(_) = clients.join_next() => {}
            }
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// One client: its line, the answers to it, and the end.
async fn client(stream: UnixStream, calls: mpsc::Sender<Call>) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader.take(LONGEST_REQUEST));
    let mut line = Vec::new();
    let Ok(Ok(_)) = timeout(PATIENCE, reader.read_until(b'\n', &mut line)).await else { return };
    let request = match read::<Request>(&line) {
        Ok(request) => request,
        Err(why) => {
            send(&mut writer, Answer::Failed(why)).await;
            return;
        }
    };
    let (reply, mut answers) = mpsc::unbounded_channel();
    if calls.send(Call { request, reply }).await.is_err() {
        return;
    }
    let mut more = [0];
    loop {
        tokio::select! {
            answer = answers.recv() => match answer {
                Some(answer) => if !send(&mut writer, answer).await { return },
                None => return,
            },
            // Nothing more is to come from a client: it went away, and nobody waits for the answers.
            _ = reader.read(&mut more) => return,
        }
    }
}

/// Whether the answer was taken.
async fn send(writer: &mut OwnedWriteHalf, answer: Answer) -> bool {
    let Ok(line) = write(answer) else { return false };
    matches!(timeout(PATIENCE, writer.write_all(&line)).await, Ok(Ok(())))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, Write},
        os::unix::net::UnixStream as Client,
        sync::{Arc, Mutex},
    };

    use super::*;

    fn raw(state: &Path, bytes: &[u8]) -> String {
        let mut client = Client::connect(state.join(NAME)).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let _ = client.write_all(bytes);
        let _ = client.shutdown(std::net::Shutdown::Write);
        let mut answer = String::new();
        let _ = std::io::BufReader::new(client).read_line(&mut answer);
        answer
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn strange_lines_are_answered_and_reach_nobody() {
        let state = tempfile::tempdir().unwrap();
        // A socket that a killed daemon left, and its hatchery.
        fs::create_dir(state.path().join(HATCHERY)).unwrap();
        drop(std::os::unix::net::UnixListener::bind(state.path().join(NAME)).unwrap());
        let door = Door::open(state.path()).unwrap();
        let mode = fs::metadata(state.path().join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let (sender, mut calls) = mpsc::channel(1);
        let serving = tokio::task::JoinSet::from_iter([door.serve(sender)]);
        let heard = Arc::new(Mutex::new(0));
        let counted = heard.clone();
        let answering = tokio::task::JoinSet::from_iter([async move {
            while let Some(call) = calls.recv().await {
                *counted.lock().unwrap() += 1;
                let _ = call.reply.send(Answer::Done);
            }
        }]);
        let folder = state.path().to_owned();
        tokio::task::spawn_blocking(move || {
            for strange in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"\n", b"\xff\xfe\n", b"{\"version\":7,\"body\":1}\n"] {
                assert!(raw(&folder, strange).contains("failed"), "{strange:?}");
            }
            let long = raw(&folder, &vec![b'a'; 2 << 20]);
            assert!(!long.contains("done"), "a line without end was taken: {long}");
            let line = write(Request::Doctor).unwrap();
            let mut client = Client::connect(folder.join(NAME)).unwrap();
            client.write_all(&line).unwrap();
            let mut answer = String::new();
            std::io::BufReader::new(client).read_line(&mut answer).unwrap();
            assert_eq!(read::<Answer>(answer.as_bytes()), Ok(Answer::Done));
        })
        .await
        .unwrap();
        assert_eq!(*heard.lock().unwrap(), 1, "only the true request reached the loop");
        drop((serving, answering));
    }
}
