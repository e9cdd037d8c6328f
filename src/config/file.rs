//! feeds.toml as written: its tables, with the place in the file of every key and value.
//!
//! - [`Desk`]: where faults are gathered while the file is read.
//! - [`Section`]: one table whose keys are known; opening it finds the unknown ones.
//! - [`Cell`]: one key and its value.
//!
//! The tables are walked rather than handed to serde, which stops at the first fault; a person wants them all.

use std::{cell::RefCell, collections::HashSet, ops::Range, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Surroundings,
    alike::Alike,
    fault::Fault,
    nearest::nearest,
    settings::{self, Setting},
    shape::{Place, Shape},
    shown::quoted,
};
use crate::model::Rules;

/// Settings of one table that fit into an advice.
const MANY: usize = 15;

/// Where faults are gathered while the file is read.
pub(super) struct Desk<'a> {
    /// What the file alone does not say.
    pub(super) surroundings: &'a Surroundings<'a>,
    faults: RefCell<Vec<Fault>>,
    whole: bool,
    /// Selectors of items and fields that were tried and are sound: many sources have the same.
    sound: RefCell<HashSet<String>>,
    /// Rules that were read, so that sources with the same share them.
    rules: RefCell<HashSet<Arc<Rules>>>,
    /// What else sources share.
    pub(super) alike: Alike,
}

impl<'a> Desk<'a> {
    /// An empty desk for a file that is `whole`, or whose broken lines may hold what it seems to lack.
    pub(super) fn new(surroundings: &'a Surroundings<'a>, whole: bool) -> Self {
        Self {
            surroundings,
            whole,
            faults: RefCell::default(),
            sound: RefCell::default(),
            rules: RefCell::default(),
            alike: Alike::default(),
        }
    }

    /// Takes a fault of what is written.
    pub(super) fn fault(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    /// Takes a fault of what is not written, which nobody can tell while a line is broken.
    pub(super) fn lack(&self, fault: Fault) {
        if self.whole {
            self.fault(fault);
        }
    }

    /// How many faults were gathered.
    pub(super) fn count(&self) -> usize {
        self.faults.borrow().len()
    }

    /// Whether `text` is sound, as `trial` says, which is asked once for each text.
    pub(super) fn is_sound<E>(&self, text: &str, trial: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        if !self.sound.borrow().contains(text) {
            trial()?;
            self.sound.borrow_mut().insert(text.to_owned());
        }
        Ok(())
    }

    /// The rules, shared with the sources that have the same; `first` is called with what is met for the first time.
    pub(super) fn share(&self, rules: Rules, first: impl FnOnce(&Rules)) -> Arc<Rules> {
        let mut known = self.rules.borrow_mut();
        if let Some(known) = known.get(&rules) {
            return known.clone();
        }
        first(&rules);
        let rules = Arc::new(rules);
        known.insert(rules.clone());
        rules
    }

    /// The faults that were gathered.
    pub(super) fn faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }
}

/// One key and its value.
#[derive(Clone)]
pub(super) struct Cell<'t> {
    /// What the list of settings says of it.
    pub(super) setting: &'static Setting,
    /// Its value.
    pub(super) value: &'t DeValue<'t>,
    /// Where the value stands.
    pub(super) span: Range<usize>,
    /// Where the key stands.
    pub(super) key_span: Range<usize>,
}

impl<'t> Cell<'t> {
    /// The key.
    pub(super) fn key(&self) -> &'static str {
        self.setting.key
    }

    /// A fault at the value.
    pub(super) fn fault(&self, reason: impl Into<String>) -> Fault {
        Fault::new(self.span.clone(), reason)
    }

    /// The fault of a value of another type than the setting takes.
    pub(super) fn mistyped(&self) -> Fault {
        self.mistyped_at(self.value, self.span.clone())
    }

    /// The same of one element of a list.
    pub(super) fn mistyped_at(&self, value: &DeValue<'_>, span: Range<usize>) -> Fault {
        Fault::new(span, format!("`{}` takes {}, not {}", self.key(), self.setting.shape.written(), kind_of(value)))
    }

    /// The same setting with one element of its list as the value.
    pub(super) fn element(&self, element: &'t Spanned<DeValue<'t>>) -> Self {
        Self { value: element.get_ref(), span: element.span(), ..self.clone() }
    }
}

/// What a value is, for a person.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// One table whose keys are known.
pub(super) struct Section<'t> {
    /// What kind of table it is.
    pub(super) place: Place,
    /// Where it stands: its header, or the braces.
    pub(super) span: Range<usize>,
    /// Whether each of its keys is known. A slip in one explains why another is missing.
    pub(super) known: bool,
    table: &'t DeTable<'t>,
    /// What is written in it and known. A table has few keys of the many that it may have, and each of those is asked for.
    cells: Vec<Cell<'t>>,
}

impl<'t> Section<'t> {
    /// Opens a table and tells of every key that it does not have.
    pub(super) fn open(desk: &Desk<'_>, place: Place, table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        let mut known = true;
        let mut cells = Vec::with_capacity(table.len());
        for (key, value) in table {
            if let Some(setting) = settings::named(place, key.get_ref()) {
                let (span, key_span) = (value.span(), key.span());
                cells.push(Cell { setting, value: value.get_ref(), span, key_span });
                continue;
            }
            known = false;
            // A broken header leaves its settings to the file itself, where each would be unknown.
            if place == Place::Top && elsewhere(key.get_ref()).is_some() {
                desk.lack(unknown(place, key));
            } else {
                desk.fault(unknown(place, key));
            }
        }
        Self { place, span, table, known, cells }
    }

    /// The cell of `key`, where it is written.
    pub(super) fn cell(&self, key: &str) -> Option<Cell<'t>> {
        debug_assert!(
            settings::named(self.place, key).is_some(),
            "{key} is not in the list of settings for {:?}",
            self.place
        );
        self.cells.iter().find(|cell| cell.key() == key).cloned()
    }

    /// Whether nothing is written in it.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// What `read` makes of `key`, where it is written and without fault.
    pub(super) fn get<T>(&self, desk: &Desk<'_>, key: &str, read: fn(&Desk<'_>, &Cell<'t>) -> Option<T>) -> Option<T> {
        read(desk, &self.cell(key)?)
    }
}

/// The fault of a key that `place` does not have: it belongs elsewhere, is a slip, or nobody knows it.
fn unknown(place: Place, key: &Spanned<std::borrow::Cow<'_, str>>) -> Fault {
    let word = key.get_ref().as_ref();
    let fault = Fault::new(key.span(), format!("{} is no setting of {}", quoted(word), place.written()));
    let known = || settings::of(place).map(|s| s.key);
    if let Some(near) = nearest(word, known()) {
        let table = settings::of(place).find(|s| s.key == near).and_then(|s| match s.shape {
            Shape::Table(place) | Shape::Tables(place) => Some(place),
            _ => None,
        });
        return match table {
            Some(table) => fault.advise(format!("did you mean {}?", table.written())),
            None => fault.advise(format!("did you mean `{near}`?")),
        };
    }
    if let Some(advice) = elsewhere(word) {
        return fault.advise(advice);
    }
    let all: Vec<&str> = known().collect();
    if all.len() > MANY {
        return fault.advise(format!(
            "README lists the settings of {}, and `tearsheet schema` tells them to an editor",
            place.written()
        ));
    }
    fault.advise(format!("its settings are {}", all.join(", ")))
}

/// Where a key that is unknown here belongs.
fn elsewhere(word: &str) -> Option<String> {
    let found = settings::settings().iter().find(|s| s.key == word && s.places.iter().all(|p| p.has_header()))?;
    let places: Vec<&str> = found.places.iter().map(|p| p.written()).collect();
    Some(format!("it belongs in {}", places.join(" or ")))
}
