//! What each language calls months, days, units of time and what it says of the past: one table a language.
//!
//! A field holds phrases parted by `|`. Case, accents and apostrophes do not matter; spaces in a phrase also match
//! hyphens. Where two languages use a word differently the context's language settles it, else the earlier in [`ALL`].

pub(super) use super::lexicon::{Era, Unit};

/// A language's table.
#[derive(Debug)]
pub(super) struct Language {
    /// BCP 47 primary subtag.
    pub(super) code: &'static str,
    /// January to December.
    pub(super) months: [&'static str; 12],
    /// Farvardin to Esfand, where the Solar Hijri calendar is in use.
    pub(super) solar_months: [&'static str; 12],
    /// Monday to Sunday.
    pub(super) weekdays: [&'static str; 7],
    /// Second, minute, hour, day, week, month, year, decade, in every form that follows a number.
    pub(super) units: [&'static str; 8],
    /// The same order: words written directly after a number in dates and clocks.
    pub(super) parts: [&'static str; 8],
    /// Amounts of a unit in one word, in halves.
    pub(super) amounts: &'static [(i64, Unit, &'static str)],
    /// Names of days, by how many days before today.
    pub(super) days: &'static [(i32, &'static str)],
    /// Numbers in words, in halves.
    pub(super) numbers: &'static [(i64, &'static str)],
    /// Names of calendars before a year.
    pub(super) eras: &'static [(Era, &'static str)],
    /// Words before or after an amount that put it in the past.
    pub(super) ago: &'static str,
    /// Words before an amount that put it in the future.
    pub(super) ahead: &'static str,
    /// The one before this.
    pub(super) last: &'static str,
    /// This instant.
    pub(super) now: &'static str,
    /// Before noon.
    pub(super) am: &'static str,
    /// After noon.
    pub(super) pm: &'static str,
    /// 12:00.
    pub(super) noon: &'static str,
    /// 00:00.
    pub(super) midnight: &'static str,
    /// Words between the parts of a date that say nothing.
    pub(super) fill: &'static str,
    /// Words that stand beside a time of day.
    pub(super) clock: &'static str,
    /// Words that name a date of publication.
    pub(super) labels: &'static str,
}

/// A table without words, which each language fills.
pub(super) const EMPTY: Language = Language {
    code: "",
    months: [""; 12],
    solar_months: [""; 12],
    weekdays: [""; 7],
    units: [""; 8],
    parts: [""; 8],
    amounts: &[],
    days: &[],
    numbers: &[],
    eras: &[],
    ago: "",
    ahead: "",
    last: "",
    now: "",
    am: "",
    pm: "",
    noon: "",
    midnight: "",
    fill: "",
    clock: "",
    labels: "",
};

mod af;
mod am;
mod ar;
mod az;
mod be;
mod bg;
mod bn;
mod br;
mod ca;
mod ce;
mod cs;
mod cy;
mod da;
mod de;
mod el;
mod en;
mod es;
mod et;
mod eu;
mod fa;
mod fi;
mod fil;
mod fr;
mod fur;
mod fy;
mod ga;
mod gl;
mod gu;
mod he;
mod hi;
mod hr;
mod hsb;
mod hu;
mod hy;
mod id;
mod is;
mod it;
mod ja;
mod ka;
mod kk;
mod km;
mod kn;
mod ko;
mod ky;
mod lb;
mod lo;
mod lt;
mod lv;
mod mk;
mod ml;
mod mn;
mod mr;
mod ms;
mod my;
mod nb;
mod ne;
mod nl;
mod os;
mod pa;
mod pl;
mod pt;
mod ro;
mod ru;
mod sah;
mod se;
mod si;
mod sk;
mod sl;
mod sq;
mod sr;
mod sv;
mod sw;
mod ta;
mod te;
mod th;
mod tr;
mod uk;
mod ur;
mod uz;
mod vi;
mod zh;
mod zu;

/// Every table, the language of more pages first.
pub(super) const ALL: &[&Language] = &[
    &en::TABLE,
    &zh::TABLE,
    &ja::TABLE,
    &ko::TABLE,
    &de::TABLE,
    &fr::TABLE,
    &es::TABLE,
    &ru::TABLE,
    &pt::TABLE,
    &it::TABLE,
    &ar::TABLE,
    &fa::TABLE,
    &tr::TABLE,
    &pl::TABLE,
    &nl::TABLE,
    &cs::TABLE,
    &uk::TABLE,
    &sv::TABLE,
    &da::TABLE,
    &nb::TABLE,
    &fi::TABLE,
    &vi::TABLE,
    &th::TABLE,
    &hi::TABLE,
    &id::TABLE,
    &el::TABLE,
    &he::TABLE,
    &ro::TABLE,
    &hu::TABLE,
    &bg::TABLE,
    &sk::TABLE,
    &hr::TABLE,
    &sr::TABLE,
    &sl::TABLE,
    &af::TABLE,
    &ca::TABLE,
    &gl::TABLE,
    &az::TABLE,
    &zu::TABLE,
    &ms::TABLE,
    &fil::TABLE,
    &sw::TABLE,
    &et::TABLE,
    &lv::TABLE,
    &lt::TABLE,
    &sq::TABLE,
    &is::TABLE,
    &ga::TABLE,
    &cy::TABLE,
    &br::TABLE,
    &eu::TABLE,
    &lb::TABLE,
    &fur::TABLE,
    &fy::TABLE,
    &hsb::TABLE,
    &se::TABLE,
    &be::TABLE,
    &mk::TABLE,
    &kk::TABLE,
    &ky::TABLE,
    &uz::TABLE,
    &mn::TABLE,
    &ce::TABLE,
    &os::TABLE,
    &sah::TABLE,
    &hy::TABLE,
    &ka::TABLE,
    &ur::TABLE,
    &mr::TABLE,
    &ne::TABLE,
    &bn::TABLE,
    &pa::TABLE,
    &gu::TABLE,
    &ta::TABLE,
    &te::TABLE,
    &kn::TABLE,
    &ml::TABLE,
    &si::TABLE,
    &am::TABLE,
    &lo::TABLE,
    &km::TABLE,
    &my::TABLE,
];

/// The place in [`ALL`] of the language that a BCP 47 tag names.
pub(super) fn place(tag: &str) -> Option<u8> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    ALL.iter().position(|table| table.code.eq_ignore_ascii_case(primary)).and_then(|place| u8::try_from(place).ok())
}

/// The tag of the language at that place in [`ALL`].
pub(super) fn code(place: u8) -> &'static str {
    ALL.get(usize::from(place)).map_or("", |table| table.code)
}
