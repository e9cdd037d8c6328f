//! Self-repair on pages of the test's own: redesigns are followed without a wrong item, and what is no redesign is not.
//!
//! `cargo bench --bench repair` does the same to every page of a corpus.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should fail")]

mod mutate;
mod pages;
mod trial;

use trial::Came;

#[test]
fn redesigned_pages_are_read_on() {
    let (mut right, mut all) = (0, 0);
    for (name, url, text) in pages::all() {
        let subject = trial::subject(trial::page(&url, &text), "2024-06-01T00:00:00Z".parse().unwrap(), &[]).unwrap();
        for (redesign, how) in mutate::REDESIGNS {
            let came = subject.after(how);
            println!("repair: {name}, {} articles by `{}`, {redesign}: {came:?}", subject.len(), subject.item());
            let is_bad = matches!(came, Came::Wrong(_) | Came::Lost(_));
            assert!(!is_bad, "{name}, {redesign}: {came:?}, {:#?}", subject.weighed(how));
            right += usize::from(matches!(came, Came::Kept | Came::Repaired));
            all += 1;
        }
    }
    println!("repair: {right} of {all} redesigned pages are read on");
    assert!(right * 100 >= all * 80);
}

#[test]
fn other_pages_in_the_lists_place_are_not_taken_for_it() {
    for (name, url, text) in pages::all() {
        let subject = trial::subject(trial::page(&url, &text), "2024-06-01T00:00:00Z".parse().unwrap(), &[]).unwrap();
        for (impostor, text) in subject.impostors() {
            let wrong = subject.fooled_by(&text);
            println!("repair: {name}, replaced by {impostor}: {} wrong articles", wrong.len());
            assert!(wrong.is_empty(), "{name}, {impostor}: {wrong:?}");
        }
    }
}
