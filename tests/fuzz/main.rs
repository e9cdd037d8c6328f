//! Inputs by chance for all that reads what strangers send: no panic, a bound of time for each, and laws that hold for any.
//!
//! `TEARSHEET_FUZZ_SECONDS` is the length of each target's run (2 unless set); see `engine` for the rest.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test that cannot go on should fail"
)]

mod engine;
mod headers;
mod pages;
mod store;

use engine::{Target, fuzz};
use tearsheet::model;

const HTML: &[&str] = &[
    "<li>",
    "</li>",
    "<ul>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<a href=\"",
    "\">",
    "</a>",
    "<span>",
    "<p>",
    "<div class=item>",
    "<font color=1>",
    "</b>",
    "<b>",
    "<i>",
    "<template>",
    "<svg>",
    "<math>",
    "<mtext>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<base href=\"//x/\">",
    "<meta charset=gbk>",
    "<meta http-equiv=refresh content=\"0;url=/x\">",
    "<select>",
    "<option>",
    "<form>",
    "<noscript>",
    "<textarea>",
    "<plaintext>",
    "<img src=x srcset='a 1x'>",
    " onclick=x ",
    "javascript:",
    "&#0;",
    "&#x202e;",
    "&lt;",
    "&amp",
    "&nbsp;",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\r",
    "\x1b[31m",
    "</div>",
    "<video src=x>",
    "<details open>",
    "2024-05-01",
    "昨天",
    "3 hours ago",
    "style=\"",
    "id=\"",
    "class=\"",
    "title=\"",
    "http://",
    "//",
    "mailto:",
    "data:text/html,",
    "%",
    "\u{a0}",
];
const XML: &[&str] = &[
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "</title>",
    "<link>",
    "</link>",
    "<link href=\"",
    "\"/>",
    "<guid>",
    "</guid>",
    "<pubDate>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x [<!ENTITY a \"aa\">]>",
    "&a;",
    "&lt;b&gt;",
    "&#x0;",
    "<content:encoded>",
    "xml:base=\"",
    "<?xml version='1.0' encoding='gbk'?>",
    "{\"items\":[",
    "]}",
    "{\"id\":1,\"url\":\"",
    "\"}",
    "<urlset>",
    "<url><loc>",
    "</loc></url>",
    "<media:thumbnail url='",
    "type=\"xhtml\"",
    "<div xmlns=\"http://www.w3.org/1999/xhtml\">",
    "Sun, 22 Nov 2026 10:00:00 GMT",
    "<rdf:RDF>",
    "<category term=\"",
    "<author><name>",
    "</channel></rss>",
    "javascript:alert(1)",
    "\u{feff}",
    "\0",
    "\\u0000",
];
const DATES: &[&str] = &[
    "2024",
    "-",
    "/",
    ".",
    ":",
    "年",
    "月",
    "日",
    "时",
    "分",
    "昨天",
    "前",
    "小时",
    "ago",
    "hours",
    "yesterday",
    "May",
    "March",
    "Montag",
    "T",
    "Z",
    "+08:00",
    "GMT",
    "EST",
    "am",
    "pm",
    "%Y",
    "%m",
    "%d",
    "%H:%M",
    "%B",
    "%z",
    "%%",
    "令和6年",
    "民國113年",
    "พ.ศ. 2567",
    "١٤٤٥",
    "۱۴۰۳",
    "１２",
    "&nbsp;",
    "1st",
    "'24",
    " de ",
    "il y a",
    "vor",
    "назад",
    "\u{200f}",
    "，",
];
const LINKS: &[&str] = &[
    "http://",
    "https://",
    "//",
    "/",
    "..",
    "/../",
    "?",
    "&",
    "=",
    "#",
    "#!/",
    "@",
    ":",
    ":80",
    ":443",
    ":0",
    ":65536",
    "[::1]",
    "[::ffff:7f00:1]",
    "127.0.0.1",
    "0x7f.1",
    "2130706433",
    "①②⑦.⓪.⓪.①",
    "localhost",
    "10.0.0.1",
    "169.254.169.254",
    "%2e",
    "%2F",
    "%",
    "%zz",
    "\\",
    "\t",
    "\n",
    " ",
    "utm_source=x",
    "电网",
    "xn--",
    "。",
    "javascript:",
    "data:",
    "file:///",
    "index.html",
    "ftp://",
    ".",
    "www.",
    "\u{ad}",
    "ß",
    "İ",
    "%00",
    ";jsessionid=1",
    "fbclid=",
    "+",
    "~",
    "*",
];
const TOML: &[&str] = &[
    "[[source]]\n",
    "[[feed]]\n",
    "[server]\n",
    "[defaults]\n",
    "[fetch]\n",
    "[store]\n",
    "id = \"",
    "url = \"http://a.example/\"\n",
    "every = \"",
    "30m\"\n",
    "cron = \"* * * * *\"\n",
    "item = \"li:has(> a)\"\n",
    "title = { select = \"a\", regex = \"(.*)\", replace = \"$1\" }\n",
    "link = \"a@href\"\n",
    "date = { select = \"span\", format = \"%Y\" }\n",
    "\"",
    "'''",
    "\"\"\"",
    "{",
    "}",
    "[",
    "]",
    "=",
    ",",
    "\n",
    "#",
    "\\u0000",
    "\\",
    "true",
    "-1",
    "9223372036854775808",
    "1e999",
    "nan",
    "1979-05-27",
    "allow_private = [\"10.0.0.0/8\"]\n",
    "headers = { x = { env = \"TOKEN\" } }\n",
    "token = { env = \"TOKEN\" }\n",
    "timezone = \"Mars/Base\"\n",
    "kind = \"json\"\n",
    "sources = [\"a\"]\n",
    "quiet_hours = \"22:00-06:00\"\n",
    "proxy = \"socks5://x\"\n",
    "电网",
    "\r",
    "\u{202e}",
    "\u{feff}",
    "a.b.c = 1\n",
    "identity = [\"title\"]\n",
    "private = true\n",
];
const HEADERS: &[&str] = &[
    "if-none-match: ",
    "if-match: ",
    "if-modified-since: ",
    "if-unmodified-since: ",
    "etag: ",
    "last-modified: ",
    "retry-after: ",
    "date: ",
    "cache-control: ",
    "max-age=",
    "age: ",
    "\"abc\"",
    "W/",
    "*",
    ",",
    "\"",
    " ",
    "\n",
    "\t",
    "Sun, 22 Nov 2026 10:00:00 GMT",
    "Sunday, 22-Nov-26 10:00:00 GMT",
    "Sun Nov 22 10:00:00 2026",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "120",
    "no-cache",
    "é",
    "\x7f",
];
const ROBOTS: &[&str] = &[
    "User-agent: *\n",
    "User-agent: tearsheet\n",
    "User-agent: other\n",
    "Disallow: ",
    "Allow: ",
    "Crawl-delay: ",
    "Sitemap: http://news.example/s.xml\n",
    "/",
    "*",
    "$",
    "?",
    "\n",
    "\r",
    "\r\n",
    "#",
    ":",
    " ",
    "%2F",
    "%",
    "/news/",
    "/private/",
    ".php",
    "\u{feff}",
    "\0",
    "电网",
    "user-agent:tearsheet/1.0\n",
    "disallow:/\n",
    "nan",
    "inf",
    "-1",
    "1e308",
];

#[test]
fn page() {
    let desk = pages::Desk::new();
    fuzz(&Target {
        name: "page",
        seeds: &[
            b"<!doctype html><title>News</title><ul><li><a href=/1.html>First story of the day</a><span>2024-05-01</span></li>\
              <li><a href=/2.html>Second story of the day</a><span>2024-05-02</span><p>What it <b>says</b></p><img src=a.png></li>\
              <li><a href=/3.html>Third story of the day</a><span>05-03</span></li></ul><a class=next href=?p=2>next</a>",
            b"<html><meta charset=gbk><body><table><tr><td>2024-05-01</td><td><a href='/a/1'>\xb5\xe7\xcd\xf8\xd0\xc2\xce\xc5</a></td></tr>\
              <tr><td>2024-05-02</td><td><a href='/a/2'>\xb5\xe7\xcd\xf8</a></td></tr></table>",
            b"<div class=item><h3><a href=\"https://other.example/x\">A heading here</a></h3><p>Text &amp; more</p></div><div class=item><a href=\"//x.example/y\">b</a></div>",
            b"",
        ],
        words: HTML,
        run: &|input| desk.page(input, "text/html"),
    });
}

#[test]
fn foreign_feed() {
    let desk = pages::Desk::new();
    fuzz(&Target {
        name: "foreign_feed",
        seeds: &[
            b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title><link>http://news.example/</link><item><title>One</title>\
              <link>http://news.example/1</link><guid>1</guid><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;x&lt;/p&gt;</description></item></channel></rss>",
            b"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title><id>urn:x</id><entry><title type=\"html\">a &amp;amp; b</title><id>urn:1</id>\
              <link href=\"/1\"/><updated>2026-11-22T09:00:00Z</updated><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">x</div></content></entry></feed>",
            b"<urlset><url><loc>http://news.example/1</loc\x1e<lastmod>2026-11-22</lastmod></url></urlset>",
            b"{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{\"id\":\"1\",\"url\":\"https://news.example/1\",\"title\":\"a\",\"content_html\":\"<p>x\",\"date_published\":\"2026-11-22T09:00:00Z\"}]}",
            b"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>http://news.example/1</loc><lastmod>2026-11-22</lastmod></url></urlset>",
            b"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><item rdf:about=\"http://news.example/1\"><title>a</title><link>http://news.example/1</link></item></rdf:RDF>",
        ],
        words: XML,
        run: &|input| desk.page(input, "application/xml"),
    });
}

#[test]
fn markup() {
    fuzz(&Target {
        name: "markup",
        seeds: &[
            b"<p>Text <b>bold</b> <a href=\"/x\" onclick=x>link</a><img src=\"a.png\" srcset=\"b.png 2x\"></p><table><tr><td>1</table>",
            b"<svg><style><img src=x onerror=y></style></svg><math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1&gt;\">",
            b"<ul><li>a<li>b<ol><li>c</ol></ul><pre>\n x</pre><blockquote cite=//x>q</blockquote><video src=v poster=p></video>",
        ],
        words: HTML,
        run: &pages::markup,
    });
}

#[test]
fn dates() {
    let seeds = [
        "\n2024-05-01 10:07:53",
        "x\n2021年12月30日 10:07",
        "xx\n3 hours ago",
        "xxx\n昨天 08:00",
        "%Y-%m-%d\n2024-05-01",
        "%d %B %Y\n1 May 2024",
        "x\nSun, 22 Nov 2026 10:00:00 GMT",
        "x\n03/04/2021",
        "\n22 novembre 2026 à 10 h 05",
        "xx\nvor 3 Tagen",
        "x\nالأحد 22 نوفمبر 2026",
        "xxxxx\n22 พ.ย. 2569",
        "\n令和6年5月1日",
        "\n/news/20240501/1.html",
        "x\n2026-11-22T10:00:00.123+08:00",
        "\n11月22日",
    ];
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| seed.as_bytes()).collect();
    fuzz(&Target { name: "dates", seeds: &seeds, words: DATES, run: &pages::dates });
}

#[test]
fn url() {
    let asker = pages::Asker::new();
    let seeds = [
        "http://a.example/\nhttp://../x",
        "http://news.example/a/b.html\n../c.html?x=1&y=2#z",
        "https://news.example/\n//other.example/1",
        "http://a.example/\nhttp://127.0.0.1/",
        "http://a.example/\nhttp://[::1]:80/x",
        "http://a.example/\nhttp://0x7f.1/",
        "http://a.example/\n?q=电网&utm_source=x",
        "http://a.example/\n#!/news/1",
        "http://a.example/\nhttp://user:pass@10.0.0.1:8080/%7Ea/./b//c;d",
        "http://a.example/\nHTTPS://WWW.NEWS.Example:443/%e7%94%b5?b=2&a=1",
    ];
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| seed.as_bytes()).collect();
    fuzz(&Target { name: "url", seeds: &seeds, words: LINKS, run: &|input| asker.url(input) });
}

#[test]
fn config() {
    fuzz(&Target {
        name: "config",
        seeds: &[
            b"[server]\nlisten = \"127.0.0.1:0\"\nbase_url = \"http://feeds.example\"\n\n[defaults]\ntimezone = \"Asia/Shanghai\"\nevery = \"30m\"\nallow_private = [\"10.0.0.0/8\"]\n\n\
              [[source]]\nid = \"a\"\nurl = \"http://a.example/\"\nitem = \"ul > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = { select = \"span\", format = \"%Y-%m-%d\" }\n\n\
              [[feed]]\nid = \"b\"\nname = \"B\"\nsources = [\"a\"]\n",
            b"[[source]]\nid = \"api\"\nurl = \"https://a.example/x.json\"\nkind = \"json\"\nitem = \"$.data[*]\"\ntitle = \"$.t\"\nlink = \"$.u\"\ncron = \"0 8 * * 1-5\"\nquiet_hours = \"22:00-06:00\"\n\
              headers = { x-token = { env = \"TOKEN\" } }\n",
            b"[[source]]\nid = \"x\"\nurl = \"nonsense\n",
        ],
        words: TOML,
        run: &pages::config,
    });
}

#[test]
fn codec() {
    let long = "the same words over and over, so that they are packed. ".repeat(30);
    fuzz(&Target {
        name: "codec",
        seeds: &[b"", b"short", long.as_bytes(), &[0; 300]],
        words: &["tearsjnl", "TSfr"],
        run: &store::codec,
    });
}

#[test]
fn journal() {
    fuzz(&Target {
        name: "journal",
        seeds: &[b"one\ntwo\nthree", b"", b"\n\n\n", b"TSfr\nTSfr0000\ntearsjnl"],
        words: &["TSfr", "tearsjnl", "\n", "\n\n\n\n", "\0\0\0\0\0\0\0\0"],
        run: &store::journal,
    });
}

#[test]
fn conditional_headers() {
    fuzz(&Target {
        name: "conditional_headers",
        seeds: &[
            b"if-none-match: \"abc\"",
            b"if-none-match: W/\"x\", \"abc\"\nif-modified-since: Sun, 22 Nov 2026 10:00:00 GMT",
            b"if-match: *\nif-unmodified-since: Sun, 22 Nov 2026 09:00:00 GMT",
            b"accept: */*",
        ],
        words: HEADERS,
        run: &headers::conditional,
    });
}

#[test]
fn answer_headers() {
    fuzz(&Target {
        name: "answer_headers",
        seeds: &[
            b"etag: \"abc\"\nlast-modified: Sun, 22 Nov 2026 10:00:00 GMT\nretry-after: 120",
            b"retry-after: Sun, 22 Nov 2026 12:00:00 GMT\ndate: Sun, 22 Nov 2026 10:00:00 GMT",
            b"cache-control: public, max-age=60\nage: 10",
        ],
        words: HEADERS,
        run: &headers::answers,
    });
}

#[test]
fn robots() {
    fuzz(&Target {
        name: "robots",
        seeds: &[
            b"User-agent: *\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 10\n",
            b"User-agent: tearsheet\nUser-agent: other\nDisallow: /*.php$\n\nUser-agent: *\nDisallow: /\n",
            b"\xef\xbb\xbfuser-agent:tearsheet\rdisallow:/news/\r",
            b"",
        ],
        words: ROBOTS,
        run: &headers::robots,
    });
}
