//! `Accept-Encoding` → the [`Coding`] to send (RFC 9110, section 12.5.3).
//!
//! Never 406: who accepts nothing that is offered gets the bytes as they are.

use http::{HeaderMap, header};

use crate::feed::Coding;

/// The coding that the client likes best; among equals the smallest, and the one made on demand last.
pub(super) fn choose(headers: &HeaderMap) -> Coding {
    let mut wishes = Wishes::default();
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        // A header that is no text says nothing.
        for part in value.to_str().unwrap_or_default().split(',') {
            wishes.add(part);
        }
    }
    let offers = [
        (Coding::Brotli, wishes.of(wishes.brotli)),
        (Coding::Gzip, wishes.of(wishes.gzip)),
        (Coding::Zstd, wishes.of(wishes.zstd)),
        (Coding::Identity, wishes.identity.unwrap_or(0)),
    ];
    let mut best = (Coding::Identity, 0);
    for (coding, weight) in offers {
        if weight > best.1 {
            best = (coding, weight);
        }
    }
    best.0
}

/// Weights in thousandths; absent where the client did not name the coding.
#[derive(Default)]
struct Wishes {
    brotli: Option<u16>,
    gzip: Option<u16>,
    zstd: Option<u16>,
    identity: Option<u16>,
    others: Option<u16>,
}

impl Wishes {
    fn add(&mut self, part: &str) {
        let mut pieces = part.split(';').map(str::trim);
        let name = pieces.next().unwrap_or_default();
        let Some(weight) = weight(pieces) else { return };
        let places = [
            ("gzip", &mut self.gzip),
            ("br", &mut self.brotli),
            ("zstd", &mut self.zstd),
            ("identity", &mut self.identity),
            ("*", &mut self.others),
        ];
        let named = if name.eq_ignore_ascii_case("x-gzip") { "gzip" } else { name };
        if let Some((_, place)) = places.into_iter().find(|(known, _)| named.eq_ignore_ascii_case(known)) {
            *place = Some(weight);
        }
    }

    /// The weight of a coding: its own, else that of `*`.
    fn of(&self, own: Option<u16>) -> u16 {
        own.or(self.others).unwrap_or(0)
    }
}

/// The `q` among a coding's parameters in thousandths, 1000 without one, nothing where it is no weight (section 12.4.2).
fn weight<'a>(parameters: impl Iterator<Item = &'a str>) -> Option<u16> {
    let mut weight = 1000;
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if !name.trim().eq_ignore_ascii_case("q") {
            continue;
        }
        let value = value.trim();
        let number: f32 = value.parse().ok().filter(|_| value.len() <= 5)?;
        if !(0.0..=1.0).contains(&number) || !value.starts_with(['0', '1']) {
            return None;
        }
        // Within 0..=1000 by the check above.
        weight = (number * 1000.0).round() as u16;
    }
    Some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_has_its_wish() {
        for (wish, coding) in [
            ("", Coding::Identity),
            ("gzip", Coding::Gzip),
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("GZIP, deflate", Coding::Gzip),
            ("x-gzip", Coding::Gzip),
            ("zstd", Coding::Zstd),
            ("*", Coding::Brotli),
            ("br;q=0, *", Coding::Gzip),
            ("br;q=0.5, gzip;q=0.8", Coding::Gzip),
            ("gzip;q=0", Coding::Identity),
            ("identity;q=0", Coding::Identity),
            ("*;q=0", Coding::Identity),
            ("identity, gzip;q=0.5", Coding::Identity),
            ("identity;q=0.4, gzip;q=0.5", Coding::Gzip),
            ("gzip;q=1.5", Coding::Identity),
            ("gzip;q=nan, br;q=-1", Coding::Identity),
            ("gzip ; q = 0.3", Coding::Gzip),
            (";;;,,q=1,\u{e9}", Coding::Identity),
            ("deflate, sdch, compress", Coding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, http::HeaderValue::from_bytes(wish.as_bytes()).unwrap());
            assert_eq!(choose(&headers), coding, "{wish}");
        }
        assert_eq!(choose(&HeaderMap::new()), Coding::Identity);
    }
}
