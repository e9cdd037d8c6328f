//! The engines: each stores articles durably, finds them by key, and is opened again.
//!
//! Those that are bare key-value stores keep an article as postcard bytes under its key; all give back the whole article.

use std::{error::Error, fs::File, path::Path, sync::Arc};

use redb::ReadableDatabase;
use rusqlite::{Connection, OptionalExtension};
use tearsheet::{
    model::{Article, ArticleKey},
    store::{Known, Options, Store},
};

use crate::articles::{VISIT, article, at, visit};

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// What is measured.
pub(crate) trait Engine {
    /// Stores visit `v`; returns once it is on the disk.
    fn record(&mut self, v: u64, articles: Vec<Article>) -> Done;
    /// How many of these are there; each is read whole.
    fn find(&self, keys: &[ArticleKey]) -> Done<usize>;
    /// Ends.
    fn close(self: Box<Self>) -> Done;
}

/// Opens an engine by name.
pub(crate) fn open(name: &str, dir: &Path) -> Done<Box<dyn Engine>> {
    std::fs::create_dir_all(dir)?;
    Ok(match name {
        "tearsheet" => {
            let options = Options { max_items: usize::MAX, max_size: u64::MAX, ..Options::default() };
            Box::new(Own(Store::open(dir, options, at(0))?.0))
        }
        "sled" => Box::new(Sled(sled::open(dir)?, dir.join("db"))),
        "redb" => Box::new(Redb(redb::Database::create(dir.join("redb"))?)),
        "sqlite" => {
            let db = Connection::open(dir.join("sqlite"))?;
            db.pragma_update(None, "journal_mode", "wal")?;
            db.pragma_update(None, "synchronous", "full")?;
            db.execute("create table if not exists article (key blob primary key, value blob) without rowid", [])?;
            Box::new(Sqlite(db))
        }
        other => return Err(format!("no engine {other:?}").into()),
    })
}

/// The articles of visit `v`.
pub(crate) fn brought(v: u64) -> Vec<Article> {
    (v * VISIT..(v + 1) * VISIT).map(article).collect()
}

fn read(bytes: &[u8]) -> Done<Article> {
    Ok(postcard::from_bytes(bytes)?)
}

struct Own(Store);

impl Engine for Own {
    fn record(&mut self, v: u64, articles: Vec<Article>) -> Done {
        let mut visit = visit(v);
        visit.written = articles;
        Ok(self.0.record(visit)?)
    }

    fn find(&self, keys: &[ArticleKey]) -> Done<usize> {
        let known = self.0.known(keys)?;
        Ok(known
            .iter()
            .filter(|known| matches!(known, Some(Known::Article(article)) if Arc::strong_count(article) > 0))
            .count())
    }

    fn close(self: Box<Self>) -> Done {
        self.0.close();
        Ok(())
    }
}

struct Sled(sled::Db, std::path::PathBuf);

impl Engine for Sled {
    fn record(&mut self, _: u64, articles: Vec<Article>) -> Done {
        let mut batch = sled::Batch::default();
        for article in &articles {
            batch.insert(&article.key.bytes()[..], postcard::to_allocvec(article)?);
        }
        self.0.apply_batch(batch)?;
        self.0.flush()?;
        // Its flush starts the writing, and does not wait for the disk.
        Ok(File::open(&self.1)?.sync_data()?)
    }

    fn find(&self, keys: &[ArticleKey]) -> Done<usize> {
        let mut found = 0;
        for key in keys {
            if let Some(bytes) = self.0.get(key.bytes())? {
                found += usize::from(read(&bytes)?.key == *key);
            }
        }
        Ok(found)
    }

    fn close(self: Box<Self>) -> Done {
        self.0.flush()?;
        Ok(())
    }
}

const TABLE: redb::TableDefinition<'_, &[u8], &[u8]> = redb::TableDefinition::new("article");

struct Redb(redb::Database);

impl Engine for Redb {
    fn record(&mut self, _: u64, articles: Vec<Article>) -> Done {
        let change = self.0.begin_write()?;
        {
            let mut table = change.open_table(TABLE)?;
            for article in &articles {
                table.insert(&article.key.bytes()[..], &postcard::to_allocvec(article)?[..])?;
            }
        }
        Ok(change.commit()?)
    }

    fn find(&self, keys: &[ArticleKey]) -> Done<usize> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let mut found = 0;
        for key in keys {
            if let Some(bytes) = table.get(&key.bytes()[..])? {
                found += usize::from(read(bytes.value())?.key == *key);
            }
        }
        Ok(found)
    }

    fn close(self: Box<Self>) -> Done {
        Ok(())
    }
}

struct Sqlite(Connection);

impl Engine for Sqlite {
    fn record(&mut self, _: u64, articles: Vec<Article>) -> Done {
        let change = self.0.transaction()?;
        {
            let mut insert = change.prepare_cached("insert or replace into article values (?, ?)")?;
            for article in &articles {
                insert.execute((&article.key.bytes()[..], postcard::to_allocvec(article)?))?;
            }
        }
        Ok(change.commit()?)
    }

    fn find(&self, keys: &[ArticleKey]) -> Done<usize> {
        let mut select = self.0.prepare_cached("select value from article where key = ?")?;
        let mut found = 0;
        for key in keys {
            let bytes = select.query_row([&key.bytes()[..]], |row| row.get::<_, Vec<u8>>(0)).optional()?;
            if let Some(bytes) = bytes {
                found += usize::from(read(&bytes)?.key == *key);
            }
        }
        Ok(found)
    }

    fn close(self: Box<Self>) -> Done {
        self.0.close().map_err(|(_, error)| error.into())
    }
}
