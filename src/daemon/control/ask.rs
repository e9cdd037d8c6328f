//! [`ask`]: a command's side of the door. It blocks, as commands may.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use super::{Answer, LONGEST_ANSWER, NAME, Request, read, write};

/// How asking went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The daemon answered all of it.
    Answered,
    /// No daemon runs on this state folder: open the store yourself.
    Nobody,
}

/// Asks the daemon that runs on `state` and gives every answer to `each`, as it comes.
///
/// # Errors
/// What the daemon says where it could not do it, a daemon that stopped before the end, and what `each` returns.
pub fn ask(
    state: &Path,
    request: &Request,
    mut each: impl FnMut(Answer) -> anyhow::Result<()>,
) -> anyhow::Result<Asked> {
    let mut stream = match UnixStream::connect(state.join(NAME)) {
        Ok(stream) => stream,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => anyhow::bail!(
            "the daemon on {} belongs to another user: run this command as that user, as with sudo -u",
            state.display()
        ),
        // None there, a dead one, or a path that no socket can have: whoever holds the store is named by the store itself.
        Err(_) => return Ok(Asked::Nobody),
    };
    stream.write_all(&write(request)?)?;
    let mut answers = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        answers.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            anyhow::bail!("the daemon stopped before it had answered");
        }
        match read(&line).map_err(anyhow::Error::msg)? {
            Answer::Done => return Ok(Asked::Answered),
            Answer::Failed(why) => anyhow::bail!("{why}"),
            answer => each(answer)?,
        }
    }
}
