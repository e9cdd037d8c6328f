//! What each of the made-up sites is: how it answers, how often it has news, and the page that lists them. All of it follows
//! from the site's number and a version that counts its news, so nothing is kept.

use std::fmt::Write as _;

/// The rows of a page, as a rule of feeds.toml.
pub(crate) const RULE: &str = "item = \"ul.rows > li\"\ntitle = \"h3 a\"\nlink = \"h3 a@href\"\ndate = \"span.on\"\n\
                               summary = \"p.lead\"\n";

/// How a site answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// 304 while nothing is new.
    Conditional,
    /// The same bytes while nothing is new.
    Plain,
    /// Other bytes at each request, whether anything is new or not.
    Ticking,
    /// As `Conditional`, after two seconds.
    Slow,
    /// 503, 404, or no answer at all.
    Failing(u16),
}

/// A site.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site(pub(crate) usize);

impl Site {
    /// 65 of a hundred know conditional requests, 20 do not, 10 say something else each time, 3 are slow and 2 fail.
    pub(crate) fn manner(self) -> Manner {
        match mix(self.0, 1) % 100 {
            0 => Manner::Failing(if mix(self.0, 5).is_multiple_of(2) { 503 } else { 404 }),
            1 => Manner::Failing(0),
            2..5 => Manner::Slow,
            5..15 => Manner::Ticking,
            15..35 => Manner::Plain,
            _ => Manner::Conditional,
        }
    }

    /// After how many visits it has news: one site in ten each time, two in ten each fourth time, the others seldom.
    pub(crate) fn rarity(self) -> f64 {
        match mix(self.0, 2) % 10 {
            0 => 1.0,
            1 | 2 => 4.0,
            _ => 50.0,
        }
    }

    /// A number from 0 to 1, so that not all sites have news at once.
    pub(crate) fn phase(self) -> f64 {
        (mix(self.0, 3) % 1000) as f64 / 1000.0
    }

    /// How many articles its page lists.
    pub(crate) fn rows(self) -> u32 {
        6 + (mix(self.0, 4) % 15) as u32
    }

    /// Whether it has a robots.txt.
    pub(crate) fn has_robots(self) -> bool {
        mix(self.0, 6).is_multiple_of(3)
    }

    /// The page with all news up to `version`. `tick` is other bytes in it that no reader sees.
    pub(crate) fn page(self, version: u32, tick: Option<u64>) -> String {
        let Self(number) = self;
        let mut page = format!("<!DOCTYPE html><html lang=\"en\"><head><title>Site {number}</title></head><body>");
        for menu in 0..20 + mix(number, 7) % 100 {
            let _ = write!(
                page,
                "<div class=\"menu\"><a href=\"/column/{menu}/\" title=\"Column {menu}\">Column {menu}</a></div>"
            );
        }
        page.push_str("<div class=\"main\"><ul class=\"rows\">");
        for article in (version..version + self.rows()).rev() {
            let seed = mix(number, 1000 + u64::from(article));
            let (day, minute) = (1 + article % 28, article % 60);
            let _ = write!(page, "<li><h3><a href=\"/a/{article}.html\">");
            words(&mut page, seed, 9);
            page.push_str("</a></h3><p class=\"lead\">");
            words(&mut page, seed ^ 0x5555, 40);
            let _ = write!(page, "</p><span class=\"on\">2026-03-{day:02} 10:{minute:02}</span></li>");
        }
        page.push_str("</ul></div><div class=\"foot\">");
        for link in 0..40 {
            let _ = write!(page, "<span><a href=\"https://partner{link}.example/\">Partner {link}</a></span>");
        }
        if let Some(tick) = tick {
            let _ = write!(page, "<!-- made in {tick} -->");
        }
        page.push_str("</div></body></html>");
        page
    }
}

/// Words of four thousand, others for each seed.
fn words(into: &mut String, seed: u64, count: usize) {
    const BEGIN: [&str; 16] =
        ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va"];
    const END: [&str; 16] = ["n", "rt", "st", "lk", "m", "ck", "nd", "ss", "l", "r", "t", "p", "d", "sh", "ng", "x"];
    let mut state = seed | 1;
    for word in 0..count {
        // An xorshift: any spread of words will do.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if word > 0 {
            into.push(' ');
        }
        for (part, shift) in [(&BEGIN, 8), (&BEGIN, 16), (&END, 24)] {
            into.push_str(part.get((state >> shift) as usize % 16).copied().unwrap_or_default());
        }
    }
}

/// A number of its own for each site and purpose (splitmix64).
fn mix(number: usize, purpose: u64) -> u64 {
    let mut z =
        (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(purpose.wrapping_mul(0xd1b5_4a32_d192_ed03));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
