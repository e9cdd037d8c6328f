//! [`Rival`]: trafilatura in a process of its own, which is given the same decoded pages in turn with us, so that whatever else the
//! machine does meanwhile slows both. [`cpu`] tells what we took ourselves.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Lines, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use tearsheet::model::Page;

/// trafilatura, waiting for a page.
pub(crate) struct Rival {
    child: Child,
    pages: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// Its version.
    pub(crate) version: String,
}

impl Rival {
    /// Starts it with `$PYTHON`, or `python3`. `None` where that cannot import it.
    pub(crate) fn start() -> Option<Self> {
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/articles/extract.py");
        let mut command = Command::new(python);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let pages = child.stdin.take()?;
        let mut answers = BufReader::new(child.stdout.take()?).lines();
        let Some(Ok(version)) = answers.next() else {
            child.wait().ok();
            return None;
        };
        Some(Self { child, pages, answers, version })
    }

    /// The seconds of CPU that it takes to read a page.
    pub(crate) fn read(&mut self, page: &Page) -> f64 {
        let line = serde_json::json!({ "url": page.url.as_str(), "html": page.text });
        writeln!(self.pages, "{line}").unwrap();
        self.answers.next().unwrap().unwrap().parse().unwrap()
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Seconds of CPU that this process has used, as Linux counts them in hundredths (proc(5), fields 14 and 15).
pub(crate) fn cpu() -> f64 {
    let told = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = told.rsplit_once(')').unwrap();
    let ticks: f64 = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap()).sum();
    ticks / 100.0
}
