//! What strangers publish: pages, feeds, markup, dates, links; and what people write: feeds.toml.

use std::{collections::HashSet, sync::Arc, time::Duration};

use encoding_rs::UTF_8;
use html5ever::tendril::StrTendril;
use jiff::{Timestamp, tz::TimeZone};
use scraper::Html;
use tearsheet::{
    config::{self, Config, Faults, NoSecret, Paint, Purpose, Reference, Surroundings},
    daemon::Clock,
    dedup,
    extract::{self, Recipe},
    feed::{self, Format},
    fetch::{self, Fetcher, Request, Resolve, Resolving, Settings},
    harvest::Watched,
    model::{Draft, Kind, Manners, Origin, Page, SourceId, Validators, Verdict},
    reading::{
        clean,
        date::{self, Context, Written},
        text, url as address,
    },
    refine,
};
use url::{Host, Url};

use crate::engine::{Outcome, about, shape};

/// The instant at which all is read.
fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

const SITE: &str = "https://news.example/list/";

/// The configuration under which pages are read: one source with a rule, one without.
const SOURCES: &str = "[[source]]\nid = \"ruled\"\nurl = \"https://news.example/list/\"\nitem = \"li, tr, .item\"\n\
    title = \"a\"\nlink = \"a@href\"\ndate = \"span, td\"\nsummary = \"p\"\nimage = \"img@src\"\nnext = \"a.next@href\"\n\n\
    [[source]]\nid = \"bare\"\nurl = \"https://news.example/list/\"\n";

/// What reads pages: made once.
pub(crate) struct Desk {
    config: Config,
    watched: Vec<(Watched, Option<Recipe>)>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let config = read(SOURCES).unwrap();
        let watched = config
            .sources
            .iter()
            .map(|source| {
                let rules = source.rules.clone();
                let recipe = rules.map(|rules| Recipe::of(rules, source.kind.unwrap_or(Kind::Html)).unwrap());
                (Watched::new(source.clone()).unwrap(), recipe)
            })
            .collect();
        Self { config, watched }
    }

    /// A page from bytes to the three feeds of it, read by the rule and without one.
    pub(crate) fn page(&self, input: &[u8], media_type: &str) -> Outcome {
        let url = Url::parse(SITE).unwrap();
        let decoded = fetch::decode(input, None, &url);
        let page = Page {
            asked: url.clone(),
            url,
            media_type: media_type.to_owned(),
            bytes: input.to_vec(),
            text: decoded.text,
            encoding: decoded.encoding,
            language: None,
            validators: Validators::default(),
        };
        let mut seen = Vec::new();
        for (watched, recipe) in &self.watched {
            let kind = (media_type == "text/html").then_some(Kind::Html);
            let listing = extract::read(&page, recipe.as_ref(), kind);
            let refined = refine::refine(&watched.source, &page, &listing, now());
            let mut articles = Vec::new();
            for draft in &refined.drafts {
                sound(draft)?;
                let Verdict::New(article) = dedup::judge(draft, dedup::Known::Nothing, now(), &|_| true) else {
                    continue;
                };
                if article.published.at > now() {
                    return Err(format!(
                        "{:?} was published at {}, after it was seen",
                        article.title, article.published.at
                    ));
                }
                let article = Arc::new(article);
                let again = dedup::judge(draft, dedup::Known::Article(article.clone()), now(), &|_: &SourceId| true);
                if !matches!(again, Verdict::Seen(_)) {
                    return Err(format!("the same draft again is {again:?}"));
                }
                articles.push(article);
            }
            for problem in listing.problems.iter().chain(&refined.problems) {
                if problem.reason.chars().any(char::is_control) {
                    return Err(format!("a problem with a control character: {:?}", problem.reason));
                }
            }
            self.written(&watched.source.id, articles)?;
            let dated = refined.drafts.iter().filter(|draft| draft.published.is_some()).count();
            seen.push((
                listing.outcome.word(),
                about(listing.items.len()),
                about(refined.drafts.len()),
                about(dated),
                listing.problems.len().min(5),
            ));
        }
        Ok(shape((seen, page.encoding.name())))
    }

    /// All three forms are whole and hold every article.
    fn written(&self, id: &SourceId, articles: Vec<Arc<tearsheet::model::Article>>) -> Result<(), String> {
        let feeds = self.config.feeds();
        let spec = feeds.iter().find(|feed| feed.id.as_str() == id.as_str()).ok_or("no feed")?;
        let entries = feed::select(spec, vec![articles]);
        let document = feed::document(spec, "Title", "http://feeds.example", entries);
        for format in [Format::Rss, Format::Atom, Format::Json] {
            let bytes = format.write(&document);
            if bytes != format.write(&document) {
                return Err(format!("{format:?} is not the same twice"));
            }
            let body = std::str::from_utf8(&bytes).map_err(|error| error.to_string())?;
            let count = match format {
                Format::Json => {
                    let value: serde_json::Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
                    value["items"].as_array().map_or(0, Vec::len)
                }
                _ => entries_of(body)?,
            };
            if count != document.entries.len() {
                return Err(format!("{format:?} holds {count} of {} entries", document.entries.len()));
            }
        }
        Ok(())
    }
}

/// Whether every character may stand in XML 1.0 (section 2.2), and the tags match; counts the entries.
fn entries_of(xml: &str) -> Result<usize, String> {
    use quick_xml::events::Event;
    let forbidden = |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if let Some(c) = xml.chars().find(|c| forbidden(*c)) {
        return Err(format!("XML with {c:?}"));
    }
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut count, mut depth) = (0, 0_usize);
    loop {
        match reader.read_event().map_err(|error| format!("no XML: {error}"))? {
            Event::Start(tag) => {
                depth += 1;
                count += usize::from(matches!(tag.name().as_ref(), b"item" | b"entry"));
            }
            Event::End(_) => depth -= 1,
            Event::Eof if depth == 0 => return Ok(count),
            Event::Eof => return Err("XML that is cut".to_owned()),
            _ => {}
        }
    }
}

/// What holds of every draft, whatever the page was.
fn sound(draft: &Draft) -> Result<(), String> {
    visitable(&draft.url)?;
    if let Some(image) = &draft.image {
        visitable(image)?;
    }
    let lines = [Some(&draft.title), draft.outlet.as_ref()];
    for line in lines.into_iter().flatten().chain(&draft.authors).chain(&draft.categories) {
        if line.chars().any(|c| c.is_control()) || text::line(line) != *line {
            return Err(format!("not one clean line: {line:?}"));
        }
    }
    if draft.title.chars().count() > 501 {
        return Err(format!("a title of {} characters", draft.title.chars().count()));
    }
    for html in [&draft.summary, &draft.content].into_iter().flatten() {
        inert(html.as_str())?;
    }
    if let Some(moment) = &draft.published
        && moment.offset.abs() > 26 * 3600
    {
        return Err(format!("an offset of {} seconds", moment.offset));
    }
    Ok(())
}

fn visitable(url: &Url) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(format!("{url} cannot be visited"));
    }
    let once = address::canonical(url);
    let reread = Url::parse(once.as_str()).map_err(|error| format!("canonical {:?}: {error}", once.as_str()))?;
    let twice = address::canonical(&reread);
    if once != twice {
        return Err(format!("canonical of {url} is {:?}, then {:?}", once.as_str(), twice.as_str()));
    }
    Ok(())
}

/// Whether nothing in it acts: no element or attribute that runs, frames or loads by itself, and no scheme but the three.
fn inert(html: &str) -> Result<(), String> {
    const ACTIVE: [&str; 12] =
        ["script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "link", "meta", "base"];
    for element in Html::parse_fragment(html).tree.values().filter_map(scraper::Node::as_element) {
        if ACTIVE.contains(&element.name()) {
            return Err(format!("<{}> in {html:?}", element.name()));
        }
        for (name, value) in element.attrs() {
            let leads = matches!(name, "href" | "src" | "cite" | "srcset" | "poster");
            let known = ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
            if name.starts_with("on") || matches!(name, "style" | "srcdoc" | "formaction") || leads && !known {
                return Err(format!("{name}={value:?} in {html:?}"));
            }
        }
    }
    Ok(())
}

/// Markup: what is left does nothing, and cleaning it again changes nothing.
pub(crate) fn markup(input: &[u8]) -> Outcome {
    let html = String::from_utf8_lossy(input);
    let base = Url::parse(SITE).unwrap();
    let Ok(once) = clean::clean(&html, &base, UTF_8) else { return Ok(0) };
    inert(once.as_str())?;
    let twice =
        clean::clean(once.as_str(), &base, UTF_8).map_err(|error| format!("clean HTML was refused: {error}"))?;
    if once != twice {
        return Err(format!("cleaned again, {:?} became {:?}", once.as_str(), twice.as_str()));
    }
    inert(clean::from_text(&html).as_str())?;
    let tags: HashSet<_> = once.as_str().split('<').skip(1).filter_map(|rest| rest.split([' ', '>']).next()).collect();
    let plain: StrTendril = clean::to_text(&once).as_str().into();
    Ok(shape((tags.len(), about(once.as_str().len()), about(plain.len()))))
}

/// Dates: where one is found stands in the text, it is read the same way again, and what it writes is read as the same.
pub(crate) fn dates(input: &[u8]) -> Outcome {
    let whole = String::from_utf8_lossy(input);
    let (first, rest) = whole.split_once('\n').unwrap_or(("", &whole));
    let zone = TimeZone::get(["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia"][first.len() % 4]).unwrap();
    let language = [None, Some("de"), Some("en-US"), Some("zh"), Some("ar"), Some("th")][first.len() % 6];
    let context = Context { now: now(), zone: &zone, language };
    let found = date::find(rest, Origin::List, &context);
    if found != date::find(rest, Origin::List, &context) {
        return Err("read otherwise the second time".to_owned());
    }
    let _ =
        date::from_url(&Url::parse(SITE).unwrap().join(rest).unwrap_or_else(|_| Url::parse(SITE).unwrap()), &context);
    let as_pattern = date::read_as(rest, first, Origin::List, &context).is_ok();
    let Some(found) = found else { return Ok(shape(("none", as_pattern, about(rest.len())))) };
    if found.range.is_empty() || rest.get(found.range.clone()).is_none() {
        return Err(format!("found at {:?} of {} bytes", found.range, rest.len()));
    }
    let moment = found.moment;
    if found.written == Written::Yearless && moment.at > now() + Duration::from_secs(2 * 86_400) {
        return Err(format!("a year was inferred that lies ahead: {}", moment.at));
    }
    let written = moment.written();
    let again = date::read(&written, Origin::List, &Context { language: None, ..context });
    // So many years ago may lie before the years that are read as written.
    let is_told = matches!(found.written, Written::Relative | Written::Bare);
    let is_before = is_told && moment.at < Timestamp::UNIX_EPOCH;
    if !is_before && again.as_ref().map(|again| again.written()) != Some(written.clone()) {
        return Err(format!("{:?} is written {written}, and that is read as {again:?}", &rest[found.range]));
    }
    Ok(shape((
        format!("{:?}{:?}", found.written, moment.precision),
        as_pattern,
        moment.offset,
        about(found.range.len()),
    )))
}

/// Answers every name with this machine, so that each is forbidden.
struct Here;

impl Resolve for Here {
    fn resolve(&self, _: String) -> Resolving {
        Box::pin(async { Ok(vec![[127, 0, 0, 1].into()]) })
    }
}

/// What asks for addresses that must not be asked.
pub(crate) struct Asker {
    fetcher: Fetcher,
    manners: Manners,
    runtime: tokio::runtime::Runtime,
}

impl Asker {
    pub(crate) fn new() -> Self {
        let manners = read(SOURCES).unwrap().sources[0].manners.clone();
        let manners = Manners { obey_robots: false, host_gap: Duration::ZERO, ..(*manners).clone() };
        let (clock, _) = Clock::stepped(now());
        let fetcher = Fetcher::with_resolver(Settings::default(), Arc::new(clock), Arc::new(Here)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { fetcher, manners, runtime }
    }

    /// Links: what is joined can be visited and is joined to itself; what leads into this machine or its network is refused.
    pub(crate) fn url(&self, input: &[u8]) -> Outcome {
        let whole = String::from_utf8_lossy(input);
        let (first, link) = whole.split_once('\n').unwrap_or((SITE, &whole));
        let Some(base) = Url::parse(first).ok().filter(Url::has_host) else { return Ok(1) };
        let encoding = [UTF_8, encoding_rs::GBK, encoding_rs::SHIFT_JIS, encoding_rs::WINDOWS_1252][link.len() % 4];
        let joined = match address::join(&base, link, encoding) {
            Ok(joined) => joined,
            Err(error) if error.to_string().chars().any(char::is_control) => return Err(format!("{error:?}")),
            Err(error) => return Ok(shape(std::mem::discriminant(&error))),
        };
        visitable(&joined)?;
        if address::join(&base, joined.as_str(), encoding).as_ref() != Ok(&joined) {
            return Err(format!("{joined} is joined to something else"));
        }
        // Public addresses are left in peace: they would be asked.
        let forbidden = match joined.host() {
            Some(Host::Ipv4(v4)) => v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
            Some(Host::Ipv6(v6)) => v6.is_loopback() || v6.is_unspecified() || (v6.segments()[0] & 0xfe00) == 0xfc00,
            Some(Host::Domain(_)) => true,
            None => false,
        };
        if forbidden {
            let request = Request { named: std::slice::from_ref(&joined), ..Request::new(&joined, &self.manners) };
            let Err(error) = self.runtime.block_on(self.fetcher.get(&request)) else {
                return Err(format!("{joined} was asked"));
            };
            if !matches!(error, fetch::Error::Private { .. } | fetch::Error::Refused { .. }) {
                return Err(format!("{joined} got as far as {error:?}"));
            }
        }
        let parts =
            (joined.query().is_some(), joined.fragment().is_some(), joined.port().is_some(), joined.has_authority());
        let canonical = address::canonical(&joined);
        let kind = joined.host().map(|host| std::mem::discriminant(&host));
        Ok(shape((
            parts,
            kind,
            about(joined.path().len()),
            about(joined.as_str().len() - canonical.as_str().len().min(joined.as_str().len())),
        )))
    }
}

fn read(text: &str) -> Result<Config, Faults> {
    let secrets = |reference: &Reference| match reference {
        Reference::Env(name) if name == "TOKEN" => Ok("open sesame".to_owned()),
        Reference::Env(_) => Err(NoSecret::NoVariable),
        Reference::Credential(_) => Err(NoSecret::NoFolder),
    };
    config::read(
        text,
        &Surroundings { file: "feeds.toml", system_zone: TimeZone::UTC, secrets: &secrets, purpose: Purpose::Serving },
    )
}

/// feeds.toml: every fault stands in the file and can be drawn; what is taken can be run.
pub(crate) fn config(input: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(input);
    match read(&text) {
        Ok(config) => {
            for source in &config.sources {
                if source.urls.is_empty() || !source.urls.iter().all(|url| matches!(url.scheme(), "http" | "https")) {
                    return Err(format!("source {} has the addresses {:?}", source.id, source.urls));
                }
                if let Some(rules) = source.rules.clone()
                    && let Err(bad) = Recipe::of(rules, source.kind.unwrap_or(Kind::Html))
                {
                    return Err(format!("`config` let pass what no recipe is made of: {bad}"));
                }
                // What `config` lets pass and does not compile here is a fault of its own kind, and told.
                let _ = Watched::new(source.clone());
            }
            drawn(&config.hints, &text)?;
            Ok(shape((config.sources.len(), config.count_feeds(), config.hints.list().len())))
        }
        Err(faults) if faults.list().is_empty() => Err("refused without a fault".to_owned()),
        Err(faults) => {
            drawn(&faults, &text)?;
            // Words of the reasons, without what they quote: a new one is a new way to be wrong.
            let words = |reason: &str| reason.split(['`', '"', '\'']).step_by(2).map(str::to_owned).collect::<Vec<_>>();
            let reasons: std::collections::BTreeSet<_> =
                faults.list().iter().map(|fault| words(&fault.reason)).collect();
            Ok(shape(reasons))
        }
    }
}

fn drawn(faults: &Faults, text: &str) -> Result<(), String> {
    for fault in faults.list() {
        if text.get(fault.span.clone()).is_none() {
            return Err(format!("a fault at {:?} of {} bytes: {}", fault.span, text.len(), fault.reason));
        }
    }
    let drawing = faults.draw(Paint::Plain);
    if drawing.chars().any(|c| c.is_control() && c != '\n') || faults.first_line().contains(char::is_control) {
        return Err(format!("drawn with control characters: {drawing:?}"));
    }
    if drawing.contains("open sesame") && !text.contains("open sesame") {
        return Err(format!("a secret is shown: {drawing}"));
    }
    Ok(())
}
