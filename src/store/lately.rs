//! What was written last, read out of the journal from its end: to ask the index for the newest of a million articles, and then for
//! each of them, would take a hundred times as long.

use std::{collections::HashSet, ops::ControlFlow};

use jiff::Timestamp;

use super::{
    Error, Store,
    journal::{self, End, Found},
    open::JOURNAL,
    schema::{Record, VisitRecord, open_article},
};
use crate::model::Article;

impl Store {
    /// Goes through the articles that were written since then, the last first, each once and as it was written last, until `look` has
    /// seen enough. What was removed since may be among them, and what is damaged is not.
    ///
    /// # Errors
    /// [`Error::Io`] where the journal cannot be read.
    pub fn written_since(
        &self,
        since: Timestamp,
        look: &mut dyn FnMut(Article) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let shared = &self.shared;
        // Until the end no file is replaced.
        let _still = shared.still();
        let folder = shared.dir.join(JOURNAL);
        let files = journal::segments(&*shared.disk, &folder, &mut Found::default())?;
        let mut known = HashSet::new();
        for (at, (number, _)) in files.iter().enumerate().rev() {
            let end = if at + 1 == files.len() { End::Open } else { End::Sealed };
            let mut visits: Vec<VisitRecord> = Vec::new();
            let mut each = |_, record| {
                if let Record::Visit(visit) = record {
                    visits.push(visit);
                }
                Ok(())
            };
            journal::read_file(&*shared.disk, &folder, (*number, end), 0, &mut each, &mut Found::default())?;
            for visit in visits.iter().rev() {
                if visit.at < since.as_second() {
                    return Ok(());
                }
                for entry in visit.articles.iter().filter(|entry| known.insert(entry.key)) {
                    let article = open_article(&entry.key, &entry.sealed.0);
                    if article.is_ok_and(|article| look(article).is_break()) {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }
}
