//! Payloads that try to act in the reader's program: each is cleaned, read back by a parser, and nothing active may be left.

use ego_tree::iter::Edge;
use encoding_rs::UTF_8;
use scraper::{Html, Node};
use tearsheet::reading::clean::{clean, from_text, to_text};
use url::Url;

/// Elements that act, load, or are parsed by other rules than HTML's.
const ACTIVE: &[&str] = &[
    "script",
    "style",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "link",
    "meta",
    "base",
    "form",
    "input",
    "button",
    "select",
    "textarea",
    "svg",
    "math",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
    "portal",
    "marquee",
    "isindex",
    "keygen",
    "dialog",
    "image",
    "animate",
    "set",
    "foreignobject",
    "slot",
    "source",
    "track",
];

const HANDLERS: &[&str] = &[
    "onerror",
    "onload",
    "onclick",
    "onmouseover",
    "onfocus",
    "onblur",
    "onanimationstart",
    "onanimationend",
    "onbegin",
    "onbeforeinput",
    "oncopy",
    "oncut",
    "ondrag",
    "onended",
    "onfocusin",
    "onhashchange",
    "oninput",
    "onkeydown",
    "onloadstart",
    "onmessage",
    "onpageshow",
    "onpaste",
    "onpointerover",
    "onpointerrawupdate",
    "onpopstate",
    "onresize",
    "onscroll",
    "onscrollend",
    "onsearch",
    "onseeked",
    "onstart",
    "onsubmit",
    "ontoggle",
    "ontouchstart",
    "ontransitionend",
    "onunload",
    "onwheel",
    "onbeforetoggle",
    "oncontentvisibilityautostatechange",
    "ONERROR",
    "oNlOaD",
];

const HOLDERS: &[&str] = &[
    "img src=x",
    "a href=x",
    "b",
    "p",
    "details open",
    "video src=x",
    "audio src=x",
    "body",
    "svg",
    "div",
    "table",
    "x-y",
    "input autofocus",
    "marquee",
    "iframe",
    "object data=x",
    "img src=x alt=y",
    "font color=red",
    "span title=\"x\"",
];

/// Between an element's name and its attribute; what parsers take for white space or for none.
const JOINTS: &[&str] = &[" ", "/", "\n", "\t", "\x0c", "\r", " x=\"\"", "\u{A0}", " \u{0} "];

const SCRIPTS: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\r\nscript:alert(1)",
    "javascript\t:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "&#x0000006Aavascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#1;javascript:alert(1)",
    "\u{FEFF}javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "vbscript:msgbox(1)",
    "livescript:x",
    "mocha:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,<svg onload=x>",
    "DATA:text/html,x",
    "blob:https://example.org/1",
    "filesystem:https://example.org/x",
    "file:///etc/passwd",
    "view-source:javascript:alert(1)",
    "jar:javascript:alert(1)!/",
    "feed:javascript:alert(1)",
    "feed:data:text/html,x",
    "about:blank",
    "intent://x#Intent;end",
    "ms-appx:x",
    "x-javascript:alert(1)",
    "ｊavascript:alert(1)",
    "tel:1",
    "ftp://x/",
];

/// Where a URL may stand; `@` is the URL.
const PLACES: &[&str] = &[
    "<a href=\"@\">x</a>",
    "<a href='@'>x</a>",
    "<a href=@>x</a>",
    "<A HREF=\"@\">x</A>",
    "<img src=\"@\">",
    "<img data-src=\"@\">",
    "<img data-original='@' src=x>",
    "<img srcset=\"@ 2x\">",
    "<img src=x longdesc=\"@\" lowsrc=\"@\" dynsrc=\"@\">",
    "<video src=\"@\" poster=\"@\"></video>",
    "<video><source src=\"@\"></video>",
    "<audio src=\"@\"></audio>",
    "<picture><source srcset=\"@\"><img></picture>",
    "<blockquote cite=\"@\">x</blockquote>",
    "<q cite=\"@\">x</q>",
    "<del cite=\"@\">x</del>",
    "<iframe src=\"@\"></iframe>",
    "<embed src=\"@\">",
    "<object data=\"@\"></object>",
    "<form action=\"@\"><button formaction=\"@\">x</button></form>",
    "<input type=image src=\"@\" formaction=\"@\">",
    "<svg><a xlink:href=\"@\"><text>x</text></a></svg>",
    "<svg><a href=\"@\"><circle/></a></svg>",
    "<svg><use href=\"@\"/></svg>",
    "<svg><animate attributeName=href values=\"@\"/></svg>",
    "<math href=\"@\">x</math>",
    "<math><maction actiontype=statusline xlink:href=\"@\">x</maction></math>",
    "<base href=\"@\"><a href=x>y</a>",
    "<link rel=stylesheet href=\"@\">",
    "<meta http-equiv=refresh content=\"0;url=@\">",
    "<body background=\"@\">",
    "<table background=\"@\"><td background=\"@\">x",
    "<div style=\"background:url(@)\">x</div>",
    "<a ping=\"@\" href=/>x</a>",
    "<a href=/ target=\"@\">x</a>",
    "<isindex action=\"@\">",
    "<frameset><frame src=\"@\"></frameset>",
    "<image src=\"@\">",
    "<bgsound src=\"@\">",
    "<applet code=\"@\" archive=\"@\">",
    "<area href=\"@\">",
    "<ins cite=\"@\">x</ins>",
];

/// What acts; and wrappers of other parsing modes that may bring it back to life.
const ACTS: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<form><button formaction=javascript:alert(1)>x",
    "<style>@import 'x'</style>",
    "<base href=//x/>",
    "<meta http-equiv=refresh content=0>",
];
const WRAPPERS: &[&str] = &[
    "@",
    "<<@",
    "<scr<script>ipt>@",
    "<!--@-->",
    "<!--><@-->",
    "<!--x--!>@",
    "<!-->@",
    "<![CDATA[@]]>",
    "<?x @ ?>",
    "</x @>",
    "<math><mtext><table><mglyph><style><!--</style>@",
    "<math><mi><mglyph><svg><style>@</style>",
    "<svg><style>@</style></svg>",
    "<svg></p><style><a id=\"</style>@\">",
    "<svg><desc>@</desc></svg>",
    "<svg><title><style>@</style></title></svg>",
    "<svg><foreignObject>@</foreignObject></svg>",
    "<math><annotation-xml encoding=text/html>@</annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math>@",
    "<noscript><p title=\"</noscript>@\">",
    "<noembed>@</noembed>",
    "<noframes>@</noframes>",
    "<xmp>@</xmp>",
    "<xmp><p title=\"</xmp>@\">",
    "<textarea>@</textarea>",
    "<textarea><p title='</textarea>@'>",
    "<title>@</title>",
    "<title><a title='</title>@'>",
    "<iframe>@</iframe>",
    "<style><p title='</style>@'>",
    "<template>@</template>",
    "<select><template>@</template></select>",
    "<select>@</select>",
    "<select><style></select>@",
    "<plaintext>@",
    "<table><td>@",
    "<table>@<tr>",
    "<table><caption>@<td>",
    "<b><p>@</b>",
    "<p title=\"@\">",
    "<p title='\"><@'>",
    "<p title=`@`>",
    "<img alt=\"`onerror=alert(1)\" src=x>@",
    "&lt;@",
    "<a title='&quot;>@'>",
    "<option><svg><style>@",
    "<ruby><rt>@<rp>",
    "<dl><dt>@",
    "<frameset>@</frameset>",
    "<body><html>@",
    "<object>@</object>",
    "<video>@</video>",
    "<details open>@",
    "<mglyph>@",
    "<svg><p>@",
    "<svg><![CDATA[@]]></svg>",
    "<math><![CDATA[</math>@]]>",
];

#[test]
fn nothing_active_is_left() {
    let mut payloads: Vec<(&str, String)> = Vec::new();
    for (n, handler) in HANDLERS.iter().enumerate() {
        for (m, holder) in HOLDERS.iter().enumerate() {
            let joint = JOINTS[(n + m) % JOINTS.len()];
            payloads.push(("handlers", format!("<{holder}{joint}{handler}=alert(1)>x")));
        }
    }
    for script in SCRIPTS {
        payloads.extend(PLACES.iter().map(|place| ("urls", place.replace('@', script))));
    }
    for wrapper in WRAPPERS {
        payloads.extend(ACTS.iter().map(|act| ("wrapped", wrapper.replace('@', act))));
    }
    for outer in WRAPPERS {
        payloads
            .extend(WRAPPERS.iter().map(|inner| ("wrapped twice", outer.replace('@', &inner.replace('@', ACTS[0])))));
    }
    let base = Url::parse("https://example.org/news/1.html").unwrap();
    for class in ["handlers", "urls", "wrapped", "wrapped twice"] {
        let (mut cases, mut active_before) = (0, 0);
        for (_, payload) in payloads.iter().filter(|(of, _)| *of == class) {
            cases += 1;
            active_before += usize::from(active(payload).is_some());
            let once = clean(payload, &base, UTF_8).unwrap();
            assert_eq!(active(once.as_str()), None, "{payload:?} became {once:?}");
            assert_eq!(clean(once.as_str(), &base, UTF_8).unwrap(), once, "{payload:?} is not cleaned at once");
            let text = from_text(&to_text(&once));
            assert_eq!(active(text.as_str()), None, "{payload:?} became the text {text:?}");
        }
        println!("xss, {class}: {cases} payloads, {active_before} of them active as they are, 0 after cleaning");
        assert!(active_before * 3 > cases, "the check finds too little in {class} to be believed");
    }
    println!("xss: {} payloads", payloads.len());
    assert!(payloads.len() >= 1_700);
}

/// What may act in HTML, read both as a document and as a piece of one.
fn active(html: &str) -> Option<String> {
    [Html::parse_document(html), Html::parse_fragment(html)].iter().find_map(|tree| {
        let root = tree.tree.root();
        let wholly = |edge| match edge {
            Edge::Open(node) => Some(node),
            Edge::Close(_) => None,
        };
        root.traverse().filter_map(wholly).find_map(|node: ego_tree::NodeRef<'_, Node>| match node.value() {
            Node::Element(element) if ACTIVE.contains(&element.name()) => Some(format!("<{}>", element.name())),
            Node::Element(element) => element.attrs().find_map(|(name, value)| acts(name, value)),
            _ => None,
        })
    })
}

fn acts(name: &str, value: &str) -> Option<String> {
    const INERT: &[&str] = &[
        "href", "src", "cite", "poster", "alt", "title", "rel", "width", "height", "lang", "dir", "colspan", "rowspan",
        "controls", "open", "datetime", "start", "type", "reversed", "span", "scope", "value",
    ];
    let is_url = matches!(name, "href" | "src" | "cite" | "poster");
    let plain = ["https://", "http://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
    (!INERT.contains(&name) || (is_url && !plain)).then(|| format!("{name}={value}"))
}
