//! What is wrong with feeds.toml, drawn under its line.
//!
//! - [`Fault`]: one thing that is wrong: where, why, and what to do.
//! - [`Faults`]: all of them, with the text they point into, in the order of the file.
//! - [`Paint`]: whether a drawing has colours.
//!
//! Invariant: no control or direction character of the file reaches a drawing or a line of log.

use std::{fmt::Write as _, ops::Range, sync::Arc};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::shown::visible;

/// Faults drawn at most; a file with more is told how many there are besides.
const DRAWN: usize = 100;
/// Lines of one fault drawn at most.
const LINES: usize = 4;
/// Characters of a line drawn at most, before and after the first one at fault.
const AROUND: usize = 400;

/// Whether a fault keeps the file from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The file cannot be used.
    Error,
    /// It can, and means what was perhaps not meant.
    Hint,
}

/// Whether a drawing has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// For a terminal.
    Colours,
    /// For a file, a log, a test.
    Plain,
}

/// Bytes that may lie between two places of one drawing.
const TOGETHER: usize = 20_000;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the file that are at fault.
    pub span: Range<usize>,
    /// What is wrong, in lower case and without a final stop.
    pub reason: String,
    /// What to do.
    pub advice: Option<String>,
    /// Another place that matters, and why.
    pub beside: Option<(Range<usize>, &'static str)>,
    /// How bad it is.
    pub weight: Weight,
}

impl Fault {
    /// A fault at `span`. What `reason` quotes of the file has been made visible.
    pub fn new(span: Range<usize>, reason: impl Into<String>) -> Self {
        Self { span, reason: reason.into(), advice: None, beside: None, weight: Weight::Error }
    }

    /// The same with what to do about it.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// The same with a second place.
    pub fn beside(mut self, span: Range<usize>, label: &'static str) -> Self {
        self.beside = Some((span, label));
        self
    }

    /// The same as a hint.
    pub fn hint(mut self) -> Self {
        self.weight = Weight::Hint;
        self
    }
}

/// Faults with the text that they point into, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    file: Arc<str>,
    text: Arc<str>,
    list: Vec<Fault>,
}

impl Faults {
    /// The faults of `text`, which was read from `file`.
    pub fn new(file: &str, text: &str, mut list: Vec<Fault>) -> Self {
        list.sort_by(|a, b| (a.span.start, &a.reason).cmp(&(b.span.start, &b.reason)));
        list.dedup();
        // Where there is no fault, nothing is to be drawn, and a file may be long.
        let text = if list.is_empty() { "" } else { text };
        Self { file: visible(file).into(), text: text.into(), list }
    }

    /// The faults, in the order of the file.
    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    /// All faults as rustc draws them, each with its line, the place in it, and advice.
    pub fn draw(&self, paint: Paint) -> String {
        let renderer = match paint {
            Paint::Colours => Renderer::styled(),
            Paint::Plain => Renderer::plain(),
        };
        let mut drawing = String::new();
        for fault in self.list.iter().take(DRAWN) {
            drawing.push_str(&self.draw_one(fault, &renderer));
            drawing.push_str("\n\n");
        }
        if let Some(more @ 1..) = self.list.len().checked_sub(DRAWN) {
            let _ = writeln!(drawing, "and {more} more\n");
        }
        drawing
    }

    /// The first fault in one line, `feeds.toml:3:5: reason`, for a log or a status page.
    pub fn first_line(&self) -> String {
        self.list.first().map_or_else(String::new, |fault| self.line(fault))
    }

    /// A fault in one line.
    pub fn line(&self, fault: &Fault) -> String {
        let (line, column) = self.place(fault.span.start);
        format!("{}:{line}:{column}: {}", self.file, fault.reason)
    }

    /// Line and column, both from 1; the column counts characters.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.before(at);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        (line, column)
    }

    /// The text up to byte `at`, or up to the start of the character in which it falls.
    fn before(&self, at: usize) -> &str {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.text.get(..at).unwrap_or_default()
    }

    fn draw_one(&self, fault: &Fault, renderer: &Renderer) -> String {
        let level = match fault.weight {
            Weight::Error => Level::ERROR,
            Weight::Hint => Level::NOTE,
        };
        let both = fault.beside.as_ref().and_then(|(span, label)| Some((self.joint(&fault.span, span)?, *label)));
        let snippet = match both {
            Some(((window, beside), label)) => {
                let context = AnnotationKind::Context.span(beside).label(label);
                self.snippet(&window).annotation(AnnotationKind::Primary.span(window.span)).annotation(context)
            }
            None => {
                let window = self.window(&fault.span);
                self.snippet(&window).annotation(AnnotationKind::Primary.span(window.span))
            }
        };
        let mut group = Group::with_title(level.primary_title(fault.reason.as_str())).element(snippet);
        if let Some(advice) = &fault.advice {
            group = group.element(Level::HELP.message(advice.as_str()));
        }
        renderer.render(&[group])
    }

    fn snippet<'a, T: Clone>(&'a self, window: &Window) -> Snippet<'a, T> {
        Snippet::source(window.source.clone()).line_start(window.first_line).path(&*self.file)
    }

    /// The lines of `span` made visible, with the span moved along.
    fn window(&self, span: &Range<usize>) -> Window {
        let before = self.before(span.start);
        let head = before.rsplit('\n').next().unwrap_or_default();
        // Only the end of a very long line's beginning is shown: nobody reads the rest.
        let cut = head.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
        let head = head.get(cut..).unwrap_or_default();
        let inside = self.before(span.end.max(before.len())).get(before.len()..).unwrap_or_default();
        let inside = inside.split_inclusive('\n').take(LINES).collect::<String>();
        let inside: String = inside.chars().take(AROUND).collect();
        let rest = self.text.get(before.len() + inside.len()..).filter(|_| !inside.ends_with('\n')).unwrap_or_default();
        let tail: String = rest.lines().next().unwrap_or_default().chars().take(AROUND).collect();
        let (head, inside, tail) = (visible(head), visible(inside.trim_end()), visible(&tail));
        let span = head.len()..head.len() + inside.len();
        let first_line = before.matches('\n').count() + 1;
        Window { source: format!("{head}{inside}{tail}"), span, first_line }
    }

    /// All lines from one span to another, with both moved along; absent where that is too much to show.
    fn joint(&self, one: &Range<usize>, other: &Range<usize>) -> Option<(Window, Range<usize>)> {
        let (first, last) = (one.start.min(other.start), one.end.max(other.end));
        let before = self.before(first);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = self.text.get(last..)?.find('\n').map_or(self.text.len(), |at| last + at);
        let lines = self.text.get(start..end).filter(|lines| lines.len() <= TOGETHER)?;
        let moved = |at: usize| Some(visible(self.text.get(start..at)?).len());
        let window = Window {
            source: visible(lines),
            span: moved(one.start)?..moved(one.end)?,
            first_line: before.matches('\n').count() + 1,
        };
        Some((window, moved(other.start)?..moved(other.end)?))
    }
}

/// Some lines of the file, fit to be shown.
struct Window {
    source: String,
    span: Range<usize>,
    first_line: usize,
}
