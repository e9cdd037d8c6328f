//! Lists of cases at law, whose titles are the parties: [`note`] finds what courts write behind them.
//!
//! Who cites a case leaves out that there are more parties (The Bluebook, rule 10.2.1) and what a court notes in brackets: which
//! kind of decision it is, where it is printed, what became of it.

use std::sync::LazyLock;

use regex::Regex;

/// How names of cases without an opponent begin.
const ALONE: &[&str] =
    &["in re ", "in re: ", "in the matter of ", "in the interest of ", "ex parte ", "matter of ", "estate of "];

/// `A v. B`, `In re A`.
fn is_case(text: &str) -> bool {
    let starts = |with: &&str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let is_against = |word: &str| ["v", "v.", "vs", "vs."].iter().any(|sign| word.eq_ignore_ascii_case(sign));
    ALONE.iter().any(starts) || text.split_whitespace().skip(1).any(is_against)
}

/// Words by which parties are told from teams that meet in a game.
static PARTY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let parties =
        "in re|ex parte|matter of|estate of|et al|inc|llc|ltd|corp|state|states|commonwealth|people|county|department";
    Regex::new(&format!(r"(?i)\b(?:{parties})\b")).ok()
});

/// `, et al.`: there are more parties.
const MORE: &str = r"(?:,?\s+(?i:et al)\b\.?)?";

/// `[recommended for publication]`: who writes in square brackets speaks of what stands before them.
const ADDED: &str = r"(?:\s*\[[^\]]*\])*";

/// `(affirmed). Consolidated with No. 4`: round brackets that end the name, and sentences behind them.
const NOTED: &str = r"(?:(?:\s*\([^)]*\))+(?:\.\s.*|\.)?)?";

/// The expression of what stands behind the parties, where four titles of five name a case and one at least goes on so. Round
/// brackets are a note where four of five have them; where few have, they tell who a party is, as in `In re A.B. (Ann B.)`.
pub(super) fn note(shown: &[&str]) -> Option<String> {
    let names = shown.iter().filter(|text| is_case(text)).count();
    if shown.len() < 3 || names * 5 < shown.len() * 4 {
        return None;
    }
    let party = PARTY.as_ref()?;
    if shown.iter().filter(|text| party.is_match(text)).count() * 5 < shown.len() {
        return None;
    }
    let ending = |note: &str| {
        let regex = Regex::new(&format!("^.+?({note})$")).ok()?;
        let ends =
            |text: &&&str| regex.captures(text).and_then(|found| found.get(1)).is_some_and(|note| !note.is_empty());
        Some(shown.iter().filter(ends).count())
    };
    let noted = if ending(NOTED)? * 5 >= shown.len() * 4 { NOTED } else { "" };
    let note = format!("{MORE}{ADDED}{noted}");
    (ending(&note)? > 0).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(shown: &[&str]) -> Vec<String> {
        let regex = Regex::new(&format!("^(.+?){}$", note(shown).unwrap())).unwrap();
        shown.iter().map(|text| regex.captures(text).unwrap().get(1).unwrap().as_str().to_owned()).collect()
    }

    #[test]
    fn what_courts_write_behind_the_parties_is_no_title() {
        let shown = [
            "State v. Yokota (s.d.o., affirmed).",
            "Ward v. County of A (s.d.o., affirmed). Consolidated with No. 4.",
            "UNITED STATES V DUCKER (MERITS)",
            "Andre v. Mayor, et al. (AC 23-P-744) (rescript)",
            "Paper (Jiangsu) Co. v. United States",
        ];
        let names = ["State v. Yokota", "Ward v. County of A", "UNITED STATES V DUCKER", "Andre v. Mayor", shown[4]];
        assert_eq!(named(&shown), names);
    }

    #[test]
    fn brackets_of_few_names_tell_who_a_party_is() {
        let shown = [
            "Matter of Z.R. (E.R.)",
            "People v. Nunez (Edwin)",
            "In re C.D. [Recommended for Publication]",
            "Station 300, LLC et al. v. Blondell et al",
            "Mullinax v. McKeithen, et al.",
            "Hay v. Board",
        ];
        let names = [
            shown[0],
            shown[1],
            "In re C.D.",
            "Station 300, LLC et al. v. Blondell",
            "Mullinax v. McKeithen",
            shown[5],
        ];
        assert_eq!(named(&shown), names);
    }

    #[test]
    fn other_titles_keep_their_brackets() {
        assert_eq!(note(&["Arsenal v Chelsea (2:1)", "Leeds v Everton (0:0)", "Hull v Derby (1:0)"]), None);
        assert_eq!(note(&["Budget of 2024 (PDF)", "State of the union (video)", "Estate tax (new)"]), None);
        assert_eq!(note(&["State v. A", "State v. B", "In re C"]), None);
    }
}
