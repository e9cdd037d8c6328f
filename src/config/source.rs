//! `[defaults]` and `[[source]]` into [`Source`]s.
//!
//! - [`Shared`]: the settings that both tables have, as one table writes them.
//! - [`Written`]: a source with what later checks need.

use std::{ops::Range, sync::Arc, time::Duration};

use ipnet::IpNet;
use jiff::tz::TimeZone;

use super::{
    file::{Cell, Desk, Section},
    filter,
    rule::{self, Tongue},
    secret,
    shown::{quoted, shown},
    value,
};
use crate::extract::Recipe;
use crate::model::{
    Credential, FieldRule, Kind, Manners, Part, Plan, QuietHours, Repair, Rhythm, Rules, Source, SourceId, StoryRule,
};

const EVERY: Duration = Duration::from_secs(30 * 60);
const EVERY_MIN: Duration = Duration::from_secs(5 * 60);
const EVERY_MAX: Duration = Duration::from_secs(24 * 3_600);
const HOST_GAP: Duration = Duration::from_secs(1);

/// The settings that `[defaults]` and `[[source]]` have both, as one table writes them.
#[derive(Default)]
pub(super) struct Shared {
    timezone: Option<TimeZone>,
    language: Option<String>,
    rhythm: Option<Rhythm>,
    adaptive: Option<bool>,
    every_min: Option<Bound>,
    every_max: Option<Bound>,
    quiet: Option<QuietHours>,
    host_gap: Option<Duration>,
    obey_robots: Option<bool>,
    allow_private: Vec<IpNet>,
    full_text: Option<bool>,
    content: Option<String>,
    strip: Option<String>,
    private: Option<bool>,
    headers: Vec<(String, Credential)>,
    proxy: Option<Credential>,
    post: Option<bool>,
    body: Option<String>,
    insecure_tls: Option<bool>,
    http1_only: Option<bool>,
    identity: Option<Vec<Part>>,
    tells_edits: Option<bool>,
    repair: Option<Repair>,
    tags: Option<Vec<Arc<str>>>,
    filter: filter::Written,
}

/// A bound of the adaptive interval, and where it is written.
#[derive(Clone)]
struct Bound {
    time: Duration,
    span: Range<usize>,
}

impl Shared {
    /// Reads them from one table.
    pub(super) fn read(desk: &Desk<'_>, section: &Section<'_>) -> Self {
        let shared = Self {
            timezone: section.get(desk, "timezone", value::zone),
            language: section.get(desk, "language", value::language),
            rhythm: rhythm(desk, section),
            adaptive: section.get(desk, "adaptive", value::flag),
            every_min: bound(desk, section, "every_min"),
            every_max: bound(desk, section, "every_max"),
            quiet: section.get(desk, "quiet_hours", value::hours).map(|(from, until)| QuietHours { from, until }),
            host_gap: section.get(desk, "host_gap", value::pause),
            obey_robots: section.get(desk, "robots", value::word).map(|word| word != "ignore"),
            allow_private: section.get(desk, "allow_private", value::networks).unwrap_or_default(),
            full_text: section.get(desk, "full_text", value::flag),
            content: section.get(desk, "content", css),
            strip: section.get(desk, "strip", css),
            private: section.get(desk, "private", value::flag),
            headers: headers(desk, section),
            proxy: section.get(desk, "proxy", secret::proxy),
            post: section.get(desk, "method", value::word).map(|word| word == "POST"),
            body: section.get(desk, "body", value::body),
            insecure_tls: section.get(desk, "insecure_tls", value::flag),
            http1_only: section.get(desk, "http1_only", value::flag),
            identity: section.get(desk, "identity", value::words).map(|words| words.into_iter().map(part).collect()),
            tells_edits: section.get(desk, "edits", value::word).map(|word| word != "silent"),
            repair: section.get(desk, "repair", value::word).map(repair),
            tags: section.get(desk, "tags", value::names),
            filter: filter::read(desk, section),
        };
        if let (Some(cell), Some(Rhythm::Cron(_)), Some(true)) =
            (section.cell("adaptive"), &shared.rhythm, shared.adaptive)
        {
            desk.fault(cell.fault("`adaptive` moves no visits that `cron` fixes").advise("leave out one of the two"));
        }
        shared
    }

    /// These settings, and where they are silent those of `defaults`; headers and networks add up.
    fn over(self, defaults: &Self) -> Self {
        let mut headers = self.headers;
        for (name, value) in &defaults.headers {
            if !headers.iter().any(|(own, _)| own == name) {
                headers.push((name.clone(), value.clone()));
            }
        }
        let mut allow_private = self.allow_private;
        allow_private.extend(&defaults.allow_private);
        allow_private.dedup();
        // A source with a pattern of its own is not made adaptive by the defaults.
        let inherits_adaptive = !matches!(self.rhythm, Some(Rhythm::Cron(_)));
        // Nor do the bounds of the defaults hold against an interval of its own.
        let own_every = if let Some(Rhythm::Every(every)) = self.rhythm { Some(every) } else { None };
        let low = defaults.every_min.clone().filter(|b| own_every.is_none_or(|every| b.time <= every));
        let high = defaults.every_max.clone().filter(|b| own_every.is_none_or(|every| b.time >= every));
        Self {
            timezone: self.timezone.or_else(|| defaults.timezone.clone()),
            language: self.language.or_else(|| defaults.language.clone()),
            rhythm: self.rhythm.or_else(|| defaults.rhythm.clone()),
            adaptive: self.adaptive.or(defaults.adaptive.filter(|_| inherits_adaptive)),
            every_min: self.every_min.or(low),
            every_max: self.every_max.or(high),
            quiet: self.quiet.or(defaults.quiet),
            host_gap: self.host_gap.or(defaults.host_gap),
            obey_robots: self.obey_robots.or(defaults.obey_robots),
            allow_private,
            full_text: self.full_text.or(defaults.full_text),
            content: self.content.or_else(|| defaults.content.clone()),
            strip: self.strip.or_else(|| defaults.strip.clone()),
            private: self.private.or(defaults.private),
            headers,
            proxy: self.proxy.or_else(|| defaults.proxy.clone()),
            post: self.post.or(defaults.post),
            body: self.body.or_else(|| defaults.body.clone()),
            insecure_tls: self.insecure_tls.or(defaults.insecure_tls),
            http1_only: self.http1_only.or(defaults.http1_only),
            identity: self.identity.or_else(|| defaults.identity.clone()),
            tells_edits: self.tells_edits.or(defaults.tells_edits),
            repair: self.repair.or(defaults.repair),
            tags: self.tags.or_else(|| defaults.tags.clone()),
            filter: filter::Written::from(self.filter.over(&defaults.filter)),
        }
    }

    /// When the source is visited. A bound that nobody wrote bends round the interval; one that was written is held against it.
    fn plan(&self, desk: &Desk<'_>) -> Plan {
        let rhythm = self.rhythm.clone().unwrap_or(Rhythm::Every(EVERY));
        let every = if let Rhythm::Every(every) = rhythm { every } else { EVERY };
        let least = self.every_min.as_ref().map_or(EVERY_MIN.min(every), |b| b.time);
        let most = self.every_max.as_ref().map_or(EVERY_MAX.max(every), |b| b.time);
        match (&self.every_min, &self.every_max) {
            (Some(low), Some(high)) if low.time > high.time => {
                let fault = super::Fault::new(high.span.clone(), "`every_max` is less than `every_min`");
                desk.fault(fault.beside(low.span.clone(), "`every_min`").advise("swap them, or leave out one"));
            }
            (Some(low), _) if low.time > every => {
                let fault = super::Fault::new(low.span.clone(), "`every_min` is more than `every`");
                desk.fault(fault.advise("visits would never be as often as `every` asks: lower it"));
            }
            (_, Some(high)) if high.time < every => {
                let fault = super::Fault::new(high.span.clone(), "`every_max` is less than `every`");
                desk.fault(fault.advise("visits would never be as rare as `every` asks: raise it"));
            }
            _ => {}
        }
        Plan {
            rhythm,
            adaptive: self.adaptive.unwrap_or(false),
            every_min: least,
            every_max: most.max(least),
            quiet: self.quiet,
        }
    }
}

fn bound(desk: &Desk<'_>, section: &Section<'_>, key: &str) -> Option<Bound> {
    let cell = section.cell(key)?;
    Some(Bound { time: value::duration(desk, &cell)?, span: cell.span })
}

fn rhythm(desk: &Desk<'_>, section: &Section<'_>) -> Option<Rhythm> {
    let (every, cron) = (section.cell("every"), section.cell("cron"));
    if let (Some(every), Some(cron)) = (&every, &cron) {
        let fault = cron.fault("visits follow either `cron` or `every`").beside(every.span.clone(), "`every`");
        desk.fault(fault.advise("leave out one of the two"));
    }
    let every = every.and_then(|cell| value::duration(desk, &cell)).map(Rhythm::Every);
    let cron = cron.and_then(|cell| value::cron(desk, &cell)).map(Rhythm::Cron);
    every.or(cron)
}

/// All headers of one table: `headers`, and those that `cookie` and `auth` make.
fn headers(desk: &Desk<'_>, section: &Section<'_>) -> Vec<(String, Credential)> {
    let mut headers = section.get(desk, "headers", secret::headers).unwrap_or_default();
    let mut made = |key, name: &str, read: fn(&Desk<'_>, &Cell<'_>) -> Option<Credential>| {
        let Some(cell) = section.cell(key) else { return };
        if headers.iter().any(|(known, _)| known == name) {
            desk.fault(
                cell.fault(format!("`{key}` and `headers` both set the header `{name}`"))
                    .advise("leave out one of the two"),
            );
        }
        headers.extend(read(desk, &cell).map(|value| (name.to_owned(), value)));
    };
    made("cookie", "cookie", secret::header_value);
    made("auth", "authorization", secret::auth);
    headers
}

/// A CSS selector, tried.
fn css(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<String> {
    rule::item(desk, cell, Tongue::Css)
}

fn part(word: &str) -> Part {
    match word {
        "date" => Part::Date,
        "summary" => Part::Summary,
        "image" => Part::Image,
        "author" => Part::Author,
        "category" => Part::Category,
        _ => Part::Title,
    }
}

fn repair(word: &str) -> Repair {
    match word {
        "auto" => Repair::Auto,
        "off" => Repair::Off,
        _ => Repair::Propose,
    }
}

fn kind(word: &str) -> Kind {
    match word {
        "json" => Kind::Json,
        "feed" => Kind::Feed,
        "sitemap" => Kind::Sitemap,
        _ => Kind::Html,
    }
}

/// A source with what later checks need.
pub(super) struct Written {
    /// Its id.
    pub(super) id: SourceId,
    /// Where its id stands.
    pub(super) id_span: Range<usize>,
    /// The source, unless it has no URL that could be used.
    pub(super) source: Option<Arc<Source>>,
}

/// Reads one `[[source]]`; absent if its id is not to be had.
pub(super) fn read(
    desk: &Desk<'_>,
    section: &Section<'_>,
    defaults: &Shared,
    proxy: Option<&Credential>,
) -> Option<Written> {
    let id = section.cell("id");
    if id.is_none() {
        let fault = super::Fault::new(section.span.clone(), "this source has no `id`");
        desk.lack(fault.advise("write one, as id = \"grid-news\": it names the source's feed and never changes"));
    }
    let url = section.cell("url");
    if url.is_none() {
        let fault = super::Fault::new(section.span.clone(), "this source has no `url`");
        desk.lack(fault.advise("write the address of the page that lists the articles"));
    }
    let id_span = id.as_ref().map_or_else(|| section.span.clone(), |cell| cell.span.clone());
    let id = id.and_then(|cell| identifier::<SourceId>(desk, &cell));
    let urls = url.and_then(|cell| value::urls(desk, &cell));
    let told = desk.count();
    let (kind, rules) = rules(desk, section);
    let sound = desk.count() == told;
    let shared = Shared::read(desk, section).over(defaults);
    let plan = shared.plan(desk);
    let post = post(desk, section, &shared);
    if shared.identity.as_ref().is_some_and(Vec::is_empty)
        && let Some(cell) = section.cell("identity")
    {
        desk.fault(
            cell.fault("`identity` names no field").advise("write some, as [\"title\", \"date\"], or leave it out"),
        );
    }
    let name = section.get(desk, "name", value::some_text).map(str::to_owned);
    let id = id?;
    let source = urls.map(|urls| Source {
        id: id.clone(),
        name,
        urls,
        kind,
        // What a person wrote stays until the person says otherwise.
        repair: shared.repair.unwrap_or(if rules.is_some() { Repair::Propose } else { Repair::Auto }),
        rules: rules.map(|rules| {
            desk.share(rules, |rules| {
                if sound {
                    whole(desk, section, rules, kind);
                }
            })
        }),
        plan: desk.alike.plans.share(plan),
        timezone: shared.timezone.unwrap_or_else(|| desk.surroundings.system_zone.clone()),
        language: shared.language,
        manners: desk.alike.manners.share(Manners {
            host_gap: shared.host_gap.unwrap_or(HOST_GAP),
            obey_robots: shared.obey_robots.unwrap_or(true),
            allow_private: shared.allow_private,
            headers: shared.headers,
            proxy: shared.proxy.or_else(|| proxy.cloned()),
            post,
            insecure_tls: shared.insecure_tls.unwrap_or(false),
            http1_only: shared.http1_only.unwrap_or(false),
        }),
        identity: shared.identity.unwrap_or_default(),
        tags: shared.tags.unwrap_or_default(),
        full_text: shared.full_text.unwrap_or_default(),
        story: desk.alike.stories.share(StoryRule { content: shared.content, strip: shared.strip }),
        tells_edits: shared.tells_edits.unwrap_or(true),
        private: shared.private.unwrap_or(false),
        filter: desk.alike.filters.share(shared.filter.over(&filter::Written::default())),
    });
    Some(Written { id, id_span, source: source.map(Arc::new) })
}

/// An id of the file's own.
pub(super) fn identifier<T: std::str::FromStr<Err = crate::model::BadId>>(
    desk: &Desk<'_>,
    cell: &Cell<'_>,
) -> Option<T> {
    let text = value::text(desk, cell)?;
    match text.parse() {
        Ok(id) => Some(id),
        Err(why) => {
            let fault = cell.fault(format!("{} is no id: {why}", quoted(text)));
            let plain: String = text.to_ascii_lowercase().replace([' ', '.', '/'], "-");
            let better = plain.trim_matches(['-', '_']).to_owned();
            desk.fault(match better.parse::<SourceId>() {
                Ok(better) => fault.advise(format!("did you mean \"{better}\"?")),
                Err(_) => fault.advise("write one as \"grid-news\"; `name` is where a title goes"),
            });
            None
        }
    }
}

/// What POST sends, where the page is asked for by POST.
fn post(desk: &Desk<'_>, section: &Section<'_>, shared: &Shared) -> Option<String> {
    if let (Some(cell), false) = (section.cell("body"), shared.post.unwrap_or(false)) {
        desk.lack(cell.fault("GET sends no body").advise("write method = \"POST\", or leave out `body`"));
    }
    shared.post.unwrap_or(false).then(|| shared.body.clone().unwrap_or_default())
}

/// Tries rules whose parts are sound as a whole; what only shows together is told of the source.
fn whole(desk: &Desk<'_>, section: &Section<'_>, rules: &Rules, kind: Option<Kind>) {
    if let Err(bad) = Recipe::compile(rules, kind.unwrap_or(Kind::Html)) {
        let fault = super::Fault::new(section.span.clone(), format!("`{}`: {}", bad.field, shown(&bad.reason, 200)));
        desk.fault(fault.advise(shown(&bad.advice, 200)));
    }
}

/// The kind and the reading rules. A rule that starts with `$` is JSONPath, and so is the page JSON.
fn rules(desk: &Desk<'_>, section: &Section<'_>) -> (Option<Kind>, Option<Rules>) {
    let item = section.cell("item");
    let stated = section.get(desk, "kind", value::word).map(kind);
    let dollar =
        item.as_ref().and_then(|cell| cell.value.as_str()).is_some_and(|text| text.trim_start().starts_with('$'));
    let kind = stated.or(dollar.then_some(Kind::Json));
    let tongue = if kind == Some(Kind::Json) { Tongue::JsonPath } else { Tongue::Css };

    let field = |key: &str| -> Option<FieldRule> { rule::field(desk, &section.cell(key)?, tongue) };
    let fields = ["title", "link", "date", "summary", "image", "author", "category"];
    let fixed = matches!(kind, Some(Kind::Feed | Kind::Sitemap));
    if fixed {
        for cell in fields.iter().chain(&["item", "next"]).filter_map(|key| section.cell(key)) {
            let word = kind.map_or("", Kind::word);
            let fault = super::Fault::new(cell.key_span.clone(), format!("a {word} is not read by `{}`", cell.key()));
            desk.fault(fault.advise("its fields are known: leave this out, or take another `kind`"));
        }
    } else if item.is_none() {
        for cell in fields.iter().chain(&["next"]).filter_map(|key| section.cell(key)) {
            let fault =
                super::Fault::new(cell.key_span.clone(), format!("`{}` needs `item`, which is missing", cell.key()));
            desk.lack(
                fault.advise("write `item`, the selector of one row; or leave out all rules, and they are found"),
            );
        }
    }
    let rules = Rules {
        item: item.as_ref().and_then(|cell| rule::item(desk, cell, tongue)).unwrap_or_default(),
        title: field("title"),
        link: field("link"),
        date: field("date"),
        summary: field("summary"),
        image: field("image"),
        author: field("author"),
        category: field("category"),
        next: field("next"),
    };
    (kind, item.map(|_| rules))
}
