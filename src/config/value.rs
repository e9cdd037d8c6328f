//! What one cell of feeds.toml holds: each function reads one shape, and tells the desk what is wrong with it.

use std::{collections::HashSet, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use ipnet::IpNet;
use jiff::{civil::Weekday, tz::TimeZone};
use toml::de::DeValue;
use url::Url;

use super::{
    Hub, Listen, Metrics,
    file::{Cell, Desk},
    nearest::nearest,
    shape::Shape,
    shown::quoted,
    unit::{self, BadUnit},
};
use crate::schedule::{BadCron, check_cron};

/// Text in one line.
pub(super) fn text<'t>(desk: &Desk<'_>, cell: &Cell<'t>) -> Option<&'t str> {
    let DeValue::String(text) = cell.value else {
        desk.fault(cell.mistyped());
        return None;
    };
    if text.chars().any(char::is_control) {
        desk.fault(cell.fault(format!("`{}` holds a control character", cell.key())).advise("write it in one line"));
        return None;
    }
    Some(text)
}

/// Text in one line that is not blank.
pub(super) fn some_text<'t>(desk: &Desk<'_>, cell: &Cell<'t>) -> Option<&'t str> {
    let text = text(desk, cell)?.trim();
    if text.is_empty() {
        desk.fault(
            cell.fault(format!("`{}` is empty", cell.key()))
                .advise(format!("write {}, or leave it out", cell.setting.shape.written())),
        );
        return None;
    }
    Some(text)
}

/// Text of any number of lines.
pub(super) fn body(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<String> {
    match cell.value {
        DeValue::String(text) => Some(text.to_string()),
        _ => {
            desk.fault(cell.mistyped());
            None
        }
    }
}

/// `true` or `false`.
pub(super) fn flag(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<bool> {
    match cell.value {
        DeValue::Boolean(flag) => Some(*flag),
        _ => {
            desk.fault(cell.mistyped());
            None
        }
    }
}

/// A whole number within the setting's bounds.
pub(super) fn count(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<u64> {
    let (DeValue::Integer(number), Shape::Count(least, most)) = (cell.value, cell.setting.shape) else {
        desk.fault(cell.mistyped());
        return None;
    };
    let number = i128::from_str_radix(number.as_str(), number.radix()).ok();
    let fits = number.and_then(|n| u64::try_from(n).ok()).filter(|n| (least..=most).contains(n));
    if fits.is_none() {
        desk.fault(cell.fault(format!("`{}` takes {}", cell.key(), cell.setting.shape.written())));
    }
    fits
}

/// One of the setting's words.
pub(super) fn word(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<&'static str> {
    let (Shape::Word(words) | Shape::Words(words)) = cell.setting.shape else { return None };
    let word = some_text(desk, cell)?;
    let known = words.iter().find(|w| **w == word).copied();
    if known.is_none() {
        let fault = cell.fault(format!("{} is no value of `{}`", quoted(word), cell.key()));
        desk.fault(match nearest(word, words.iter().copied()) {
            Some(near) => fault.advise(format!("did you mean \"{near}\"?")),
            None => fault.advise(format!("write {}", cell.setting.shape.written())),
        });
    }
    known
}

/// Each element of a list, read by `read`; those at fault are left out.
pub(super) fn list<'t, T>(
    desk: &Desk<'_>,
    cell: &Cell<'t>,
    read: fn(&Desk<'_>, &Cell<'t>) -> Option<T>,
) -> Option<Vec<(T, Cell<'t>)>> {
    let DeValue::Array(elements) = cell.value else {
        desk.fault(cell.mistyped());
        return None;
    };
    let cells = elements.iter().map(|e| cell.element(e));
    Some(cells.filter_map(|c| Some((read(desk, &c)?, c))).collect())
}

/// A list of words that the setting knows, each once.
pub(super) fn words(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Vec<&'static str>> {
    let words = list(desk, cell, word)?;
    let mut seen = HashSet::new();
    for (word, cell) in &words {
        if !seen.insert(*word) {
            desk.fault(cell.fault(format!("{} stands twice in `{}`", quoted(word), cell.key())));
        }
    }
    Some(words.into_iter().map(|(w, _)| w).collect())
}

/// A list of names that the user chose.
pub(super) fn names(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Vec<Arc<str>>> {
    Some(list(desk, cell, some_text)?.into_iter().map(|(name, _)| Arc::from(name)).collect())
}

fn in_unit<T>(desk: &Desk<'_>, cell: &Cell<'_>, read: fn(&str) -> Result<T, BadUnit>) -> Option<T> {
    let text = some_text(desk, cell)?;
    let wanted = cell.setting.shape.written();
    let fault = |why: &BadUnit| cell.fault(format!("{} is not {}: {why}", quoted(text), strip_example(&wanted)));
    let why = match read(text) {
        Ok(value) => return Some(value),
        Err(why) => why,
    };
    desk.fault(match (&why, cell.setting.shape) {
        (BadUnit::NoUnit, Shape::Duration) => {
            fault(&why).advise(format!("write \"{}s\", \"{0}m\", \"{0}h\" or \"{0}d\"", text.trim()))
        }
        (BadUnit::NoUnit, _) => fault(&why).advise(format!("write \"{}KiB\" or \"{0}MiB\"", text.trim())),
        (_, Shape::Duration) => fault(&why).advise("write whole numbers with s, m, h, d or w, as \"30m\" or \"1h30m\""),
        _ => fault(&why).advise("write a whole number with KiB, MiB or GiB, as \"10MiB\""),
    });
    None
}

fn strip_example(wanted: &str) -> &str {
    wanted.split(',').next().unwrap_or(wanted)
}

/// A span of time, a second at least.
pub(super) fn duration(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Duration> {
    let duration = in_unit(desk, cell, unit::duration)?;
    if duration < Duration::from_secs(1) {
        desk.fault(cell.fault(format!("`{}` is less than a second", cell.key())).advise("\"1s\" is the least"));
        return None;
    }
    Some(duration)
}

/// A span of time that may be zero.
pub(super) fn pause(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Duration> {
    in_unit(desk, cell, unit::duration)
}

/// A number of bytes, a KiB at least: less is a slip of the unit.
pub(super) fn size(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<u64> {
    let size = in_unit(desk, cell, unit::size)?;
    if size < 1024 {
        desk.fault(cell.fault(format!("`{}` is less than a KiB", cell.key())).advise("\"1KiB\" is the least"));
        return None;
    }
    Some(size)
}

/// Hours of a day.
pub(super) fn hours(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<(jiff::civil::Time, jiff::civil::Time)> {
    let text = some_text(desk, cell)?;
    let hours = unit::hours(text);
    if hours.is_none() {
        let fault = cell.fault(format!("{} are no hours of a day", quoted(text)));
        desk.fault(fault.advise("write two different times, as \"23:00-06:00\""));
    }
    hours
}

/// When a digest is due.
pub(super) fn digest(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<(Option<Weekday>, jiff::civil::Time)> {
    let text = some_text(desk, cell)?;
    let due = unit::digest(text);
    if due.is_none() {
        let fault = cell.fault(format!("{} is no time of a digest", quoted(text)));
        desk.fault(fault.advise("write \"daily 18:00\", or \"weekly mon 08:00\" with a day of the week"));
    }
    due
}

/// A zone of the tz database.
pub(super) fn zone(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<TimeZone> {
    let name = some_text(desk, cell)?;
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let fault = cell.fault(format!("{} is no zone of the tz database", quoted(name)));
    let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
    // A city alone is what people remember of a zone.
    let tails = known.iter().filter_map(|n| Some((n.rsplit('/').next()?, n.as_str())));
    let city = |word: &str| tails.clone().find(|(tail, _)| tail.eq_ignore_ascii_case(word)).map(|(_, name)| name);
    let near = nearest(name, known.iter().map(String::as_str)).or_else(|| city(name.rsplit('/').next()?));
    desk.fault(match near {
        Some(near) => fault.advise(format!("did you mean \"{near}\"?")),
        None if known.is_empty() => fault.advise("no tz database was found here: install tzdata"),
        None => fault.advise("write a name as \"Asia/Shanghai\" or \"Europe/Berlin\""),
    });
    None
}

/// A language tag, shaped as RFC 5646 has it.
pub(super) fn language(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<String> {
    let tag = some_text(desk, cell)?;
    let mut parts = tag.split('-');
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest {
        return Some(tag.to_owned());
    }
    let fault = cell.fault(format!("{} is no language tag", quoted(tag)));
    desk.fault(if tag.contains('_') && tag.is_ascii() {
        fault.advise(format!("did you mean {}?", quoted(&tag.replace('_', "-"))))
    } else {
        fault.advise("write one as \"zh-CN\", \"en\" or \"de\"")
    });
    None
}

/// The address to serve on.
pub(super) fn listen(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Listen> {
    let (reason, advice) = match listening(some_text(desk, cell)?) {
        Ok(listen) => return Some(listen),
        Err(why) => why,
    };
    desk.fault(cell.fault(reason).advise(advice));
    None
}

/// Where to listen, as `listen` writes it: `IP:PORT` or `unix:PATH`.
///
/// # Errors
/// What is wrong, and what to write.
pub fn listening(text: &str) -> Result<Listen, (String, &'static str)> {
    if let Some(path) = text.strip_prefix("unix:") {
        return match path.is_empty() {
            true => Err(("`unix:` has no path".to_owned(), "write \"unix:/run/tearsheet/tearsheet.sock\"")),
            false => Ok(Listen::Unix(PathBuf::from(path))),
        };
    }
    if let Ok(address) = SocketAddr::from_str(text) {
        return Ok(Listen::Address(address));
    }
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);
    let advice = if std::net::IpAddr::from_str(text).is_ok() {
        "a port is missing: write IP:PORT, as \"127.0.0.1:7878\" or \"[::1]:7878\""
    } else if host == "localhost" {
        "names are not looked up: write 127.0.0.1 or [::1] in its place, as \"127.0.0.1:7878\""
    } else {
        "write IP:PORT, as \"127.0.0.1:7878\" or \"[::]:7878\", or \"unix:/run/tearsheet/tearsheet.sock\""
    };
    Err((format!("{} is no address to listen on", quoted(text)), advice))
}

/// One http or https URL without credentials.
pub(super) fn url(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Url> {
    let text = some_text(desk, cell)?;
    // The text is not repeated: it may hold a password.
    let key = cell.key();
    let fault = match Url::parse(text) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => cell
            .fault(format!("`{key}` has the scheme {}", quoted(url.scheme())))
            .advise("only http and https are visited"),
        Ok(url) if !url.username().is_empty() || url.password().is_some() => cell
            .fault(format!("`{key}` holds credentials"))
            .advise("take them out of the URL and write auth = { user = \"…\", password = { env = \"NAME\" } }"),
        Ok(url) if url.host_str().is_none_or(str::is_empty) => cell.fault(format!("`{key}` names no host")),
        Ok(url) => return Some(url),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            let fault = cell.fault(format!("`{key}` is no absolute URL"));
            if text.contains('.') && !text.starts_with(['/', '.']) && !text.contains('@') {
                fault.advise(format!("did you mean {}?", quoted(&format!("https://{text}"))))
            } else {
                fault.advise("write it with http:// or https:// and the host")
            }
        }
        Err(_) if text.contains(char::is_whitespace) => cell
            .fault(format!("`{key}` is no URL: it holds a blank"))
            .advise("write %20 for a blank in a path; a host has none"),
        Err(why) => cell
            .fault(format!("`{key}` is no URL: {why}"))
            .advise("write it as a browser shows it, as \"https://example.org/news/\""),
    };
    desk.fault(fault);
    None
}

/// Whether figures are shown, and where.
pub(super) fn metrics(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Metrics> {
    match cell.value {
        DeValue::Boolean(true) => Some(Metrics::Path),
        DeValue::Boolean(false) => Some(Metrics::None),
        DeValue::String(path) if path.starts_with('/') => {
            let fault = cell.fault("the path of figures is always /metrics");
            desk.fault(fault.advise("write `true`, or an address of their own, as \"127.0.0.1:9184\""));
            None
        }
        DeValue::String(_) => listen(desk, cell).map(Metrics::Apart),
        _ => {
            desk.fault(cell.mistyped());
            None
        }
    }
}

/// Whether news is sent out, and by which hub.
pub(super) fn hub(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Hub> {
    match cell.value {
        DeValue::Boolean(true) => Some(Hub::Own),
        DeValue::Boolean(false) => Some(Hub::None),
        DeValue::String(_) => url(desk, cell).map(Hub::Other),
        _ => {
            desk.fault(cell.mistyped());
            None
        }
    }
}

/// One such URL, or several, each once.
pub(super) fn urls(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Vec<Url>> {
    if let DeValue::String(_) = cell.value {
        return url(desk, cell).map(|u| vec![u]);
    }
    let found = list(desk, cell, url)?;
    if let (DeValue::Array(elements), true) = (cell.value, found.is_empty()) {
        if elements.is_empty() {
            desk.fault(
                cell.fault("`url` lists no URL").advise("write the address of the page that lists the articles"),
            );
        }
        return None;
    }
    let mut urls: Vec<Url> = Vec::new();
    for (url, cell) in found {
        if urls.contains(&url) {
            desk.fault(cell.fault("the same URL stands twice").advise("leave one out"));
        }
        urls.push(url);
    }
    Some(urls)
}

/// A list of networks.
pub(super) fn networks(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Vec<IpNet>> {
    Some(list(desk, cell, network)?.into_iter().map(|(network, _)| network).collect())
}

fn network(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<IpNet> {
    let text = some_text(desk, cell)?;
    if let Ok(network) = IpNet::from_str(text) {
        return Some(network.trunc());
    }
    let fault = cell.fault(format!("{} is no network", quoted(text)));
    desk.fault(match std::net::IpAddr::from_str(text) {
        Ok(address) => fault.advise(format!("did you mean \"{}\"?", IpNet::from(address))),
        Err(_) => fault.advise("write address and prefix length, as \"10.1.0.0/16\" or \"fd00::/8\""),
    });
    None
}

/// A cron pattern of five fields that comes round.
pub(super) fn cron(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Arc<str>> {
    let text = some_text(desk, cell)?;
    let advice = "write minute, hour, day, month and weekday, as \"*/20 8-18 * * 1-5\"";
    let named = text.starts_with('@');
    let fields = text.split_whitespace().count();
    if !named && fields != 5 {
        let fault = cell.fault(format!("{} has {fields} fields, not the five of a cron pattern", quoted(text)));
        desk.fault(fault.advise(advice));
        return None;
    }
    match check_cron(text) {
        Ok(()) => Some(Arc::from(text)),
        Err(BadCron::Never) => {
            desk.fault(
                cell.fault(format!("{} never comes round", quoted(text))).advise("there is no such day in any year"),
            );
            None
        }
        Err(BadCron::Syntax(_)) => {
            let why = "a number, name or sign in it is out of place";
            desk.fault(cell.fault(format!("{} is no cron pattern: {why}", quoted(text))).advise(advice));
            None
        }
    }
}
