//! A disk that is full for a while, as the store itself sees it.

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{article, at, small, source, visit};
use crate::store::{
    How, Store,
    disk::{Disk, DiskFile, RealDisk},
};

/// A real disk that says how much is free as it is told.
#[derive(Debug)]
struct Tight(RealDisk, Arc<AtomicU64>);

impl Disk for Tight {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.0.create(path)
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.0.open(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }
    fn head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.0.head(path, len)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<(String, u64)>> {
        self.0.list(dir)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(path)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.0.sync_dir(dir)
    }
    fn free(&self, _: &Path) -> io::Result<u64> {
        Ok(self.1.load(Ordering::Relaxed))
    }
    fn syncs(&self) -> u64 {
        self.0.syncs()
    }
}

#[test]
fn a_full_disk_is_noticed_before_a_visit_and_so_is_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let free = Arc::new(AtomicU64::new(1 << 30));
    let disk = Arc::new(Tight(RealDisk::default(), free.clone()));
    let (store, _) = Store::open_on(disk, dir.path(), small(), at(0)).unwrap();
    store.record(visit("grid", 100, vec![article("grid", 1, 100)])).unwrap();
    assert_eq!(store.pulse().fault, None);

    free.store(100 << 10, Ordering::Relaxed);
    let fault = store.pulse().fault.unwrap();
    assert!(fault.cause.contains("MiB are free") && fault.cure.contains("go on by themselves"), "{fault:?}");
    let error = store.record(visit("grid", 200, vec![article("grid", 2, 200)])).unwrap_err();
    assert!(error.is_full(), "{error}");
    assert_eq!(store.count(&source("grid")), 1);

    // A little space is not enough, or visits would start and stop.
    free.store(600 << 10, Ordering::Relaxed);
    assert!(store.pulse().fault.is_some());
    free.store(1 << 30, Ordering::Relaxed);
    assert_eq!(store.pulse().fault, None);
    store.record(visit("grid", 300, vec![article("grid", 2, 200)])).unwrap();
    assert_eq!(store.count(&source("grid")), 2);
    assert_eq!(store.examine().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_store_opened_on_a_full_disk_writes_once_there_is_space() {
    let dir = tempfile::tempdir().unwrap();
    let free = Arc::new(AtomicU64::new(1 << 30));
    let open = || {
        let disk = Arc::new(Tight(RealDisk::default(), free.clone()));
        Store::open_on(disk, dir.path(), small(), at(0)).unwrap()
    };
    let (store, _) = open();
    store.record(visit("grid", 100, vec![article("grid", 1, 100)])).unwrap();
    store.close();
    free.store(0, Ordering::Relaxed);
    let (store, opened) = open();
    assert_eq!((opened.how, opened.articles), (How::ReadOnly, 1));
    assert!(store.history(&source("grid")).unwrap().is_some(), "what was remembered is there as well");
    assert!(store.pulse().fault.is_some());
    free.store(1 << 30, Ordering::Relaxed);
    assert_eq!(store.pulse().fault, None);
    store.record(visit("grid", 200, vec![article("grid", 2, 200)])).unwrap();
    assert_eq!(store.health().articles, 2);
}
