//! The feeds.toml of the demo, with comments for people who meet one for the first time.

use std::net::SocketAddr;

use url::Url;

/// A feeds.toml for the demo site at `site`, with the daemon at `listen`.
pub(crate) fn config(site: &Url, listen: SocketAddr) -> String {
    let site = site.as_str().trim_end_matches('/');
    format!(
        r##"# The configuration of the demo. Copy it, change the addresses, and it is yours.

[server]
listen = "{listen}"
base_url = "http://{listen}"

[defaults]
timezone = "Asia/Shanghai"                  # of dates that name no zone
every = "5s"                                # a real site is visited every half hour or so; this one changes every few seconds
host_gap = "0s"                             # the site is this machine's own; leave it at 1s for all others
allow_private = ["127.0.0.0/8", "::1/128"]  # without this, sources on this machine are refused

# A page that lists articles. Its feed is /feeds/grid.rss, .atom and .json.
# The same articles stand in five blocks of this page: with a summary, with a picture, with the category glued to the
# date, with a title cut short. `.piece` matches them all, and each article is kept once.
[[source]]
id = "grid"
name = "电网要闻"
url = "{site}/dianwang/"
item = ".piece"                             # one article in the list: a CSS selector
title = "a.name"                            # the rest is looked for within the item
link = "a.name@href"                        # @ takes an attribute instead of the text
date = ".when"                              # 2021-12-29, or 电网建设2021-12-29
summary = ".brief"
image = "img@src"
next = "a.next@href"                        # the list goes on there
full_text = true                            # reads each article too: its text, outlet and authors

# An English page. Where the form of a date is known, it can be given.
[[source]]
id = "english"
name = "Power news in English"
url = "{site}/english/"
language = "en"
item = "ul.rows > li"
title = "a"
link = "a@href"
date = {{ select = "span.when", format = "%Y-%m-%d" }}

# A page in GBK, an encoding of older Chinese sites. Nothing has to be said about it.
[[source]]
id = "craft"
name = "技术交流"
url = "{site}/jishu/"
every = "15s"                               # a source's own setting comes before that of [defaults]
item = "ul.rows > li"
title = "a"
link = "a@href"
date = "span.when"

# Several sources in one feed: /feeds/power.rss and so on.
[[feed]]
id = "power"
name = "电力要闻"
sources = ["grid", "craft"]
"##
    )
}
