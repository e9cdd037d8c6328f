//! The shapes: each makes a page of about so many bytes.

use std::fmt::Write;

pub(crate) type Shape = fn(usize) -> String;

pub(crate) const ALL: &[(&str, Shape)] = &[
    // depth
    ("divs", |n| fill("", n, |_| "<div>".into())),
    ("spans", |n| fill("", n, |_| "<span>".into())),
    ("bold", |n| fill("", n, |_| "<b>".into())),
    ("lists", |n| fill("", n, |_| "<ul><li>".into())),
    ("tables", |n| fill("", n, |_| "<table><tr><td>".into())),
    ("quotes", |n| fill("", n, |_| "<blockquote><p>".into())),
    ("objects", |n| fill("", n, |_| "<object><font>".into())),
    ("svg", |n| fill("", n, |_| "<svg><g>".into())),
    ("svg and html in turn", |n| fill("", n, |_| "<svg><foreignObject><div>".into())),
    ("math", |n| fill("", n, |_| "<math><annotation-xml encoding=text/html><p>".into())),
    ("templates", |n| fill("", n, |_| "<template>".into())),
    ("buttons", |n| fill("", n, |_| "<button><p>".into())),
    ("ruby", |n| fill("", n, |_| "<ruby><rb>a<rt>b".into())),
    ("unknown elements", |n| fill("", n, |i| format!("<x{i}>"))),
    // formatting elements that are made again
    ("fonts made again", |n| {
        let fonts = fill("<p>", n * 3 / 4, |i| format!("<font color={i}>"));
        fill(&fonts, n, |_| "<p>x".into())
    }),
    ("hundred fonts, many paragraphs", |n| {
        fill(&fill("", 1_500, |i| format!("<font color={i}>")), n, |_| "<p>x".into())
    }),
    ("fonts with attributes made again", |n| {
        let many = fill("", 5_000, |i| format!(" a{i}"));
        fill(&fill("<p>", n / 2, |i| format!("<font color={i}{many}>")), n, |_| "<p>x".into())
    }),
    ("links in links", |n| fill("", n, |i| format!("<a href={i}><p>"))),
    ("nobr", |n| fill("", n, |_| "<nobr><div>".into())),
    ("tangle of a, b and p", |n| fill("", n, |_| "<a><b><p></a></b>x".into())),
    ("tangle that is closed from outside", |n| {
        let open = fill("", n.min(6_000), |i| format!("<b id={i}>"));
        fill(&(open + "<p>"), n, |_| "x</b><i>".into())
    }),
    ("formatting in cells", |n| fill("<table>", n, |i| format!("<td><font color={i}>x"))),
    // tables put things elsewhere
    ("text before a table", |n| fill("<table>", n, |_| "x<tr>".into())),
    ("bold before a table", |n| fill("<table>", n, |_| "<b>x<tr>".into())),
    ("tables in bold in tables", |n| fill("", n, |_| "<table><b><i>".into())),
    ("forms in tables", |n| fill("", n, |_| "<table><form><input><div>".into())),
    ("captions", |n| fill("<table>", n, |_| "<caption><colgroup><col><p>".into())),
    // attributes
    ("attributes of one tag", |n| fill("<p", n, |i| format!(" a{i}"))),
    ("attributes behind quotes", |n| fill("<p x=\">\" y='<a' z = \"'\"", n, |i| format!(" a{i}"))),
    ("attributes with values of tags", |n| fill("<p", n, |i| format!(" a{i}=\"<b>\""))),
    ("attributes of an end tag", |n| fill("<p></p", n, |i| format!(" a{i}"))),
    ("many tags with many attributes", |n| {
        let many = fill("<i", 4_000, |i| format!(" a{i}"));
        fill("", n, |_| many.clone() + "></i>")
    }),
    ("attributes for html and body", |n| fill("<body>", n, |i| format!("<html a{i}=1><body b{i}=2>"))),
    ("long value", |n| fill("<p title='", n, |_| "a <b> &amp; \" ".into()) + "'>x"),
    ("long value that grows when written", |n| fill("<p title='", n, |_| "\"&".into()) + "'>x"),
    ("sizes of an image", |n| fill("<img srcset='", n, |i| format!("/i/{i}.jpg {i}w, ")) + "'>"),
    // width
    ("line breaks", |n| fill("", n, |_| "<br>".into())),
    ("paragraphs", |n| fill("", n, |_| "<p>x".into())),
    ("ends of nothing", |n| fill("", n, |_| "</p></br></x>".into())),
    ("comments", |n| fill("", n, |_| "<!---->".into())),
    ("doctypes", |n| fill("", n, |_| "<!doctype html>".into())),
    ("deep and wide", |n| fill(&"<div>".repeat(500), n, |_| "<p>x</p>".into())),
    ("deep in bold and wide", |n| fill(&"<b>".repeat(480), n, |_| "</p>".into())),
    ("deep ends of nothing", |n| fill(&"<span>".repeat(500), n, |_| "</div></h1></li>".into())),
    ("options", |n| fill("<select>", n, |_| "<option>x<optgroup>".into())),
    ("headings", |n| fill("", n, |_| "<h1><h2>".into())),
    ("definitions", |n| fill("<dl>", n, |_| "<dt><p><dd>".into())),
    ("frames", |n| fill("", n, |_| "<frameset><frame>".into())),
    ("links", |n| fill("", n, |i| format!("<a href='/{i}?q=é'>x</a>"))),
    ("rows to be searched", |n| fill("<ul>", n, |_| "<li><a href=x>y</a><p>z</p></li>".into())),
    // text
    ("nothing but NUL", |n| "\0".repeat(n)),
    ("ampersands", |n| "&".repeat(n)),
    ("less-thans", |n| "<".repeat(n)),
    ("entities", |n| fill("", n, |_| "&CounterClockwiseContourIntegral;&#x41;&notit;".into())),
    ("carriage returns", |n| "\r".repeat(n)),
    ("script without end", |n| fill("<script>", n, |_| "<!--<script>".into())),
    ("textarea without end", |n| fill("<textarea>", n, |_| "</textare <b> ".into())),
    ("comment without end", |n| fill("<!--", n, |_| "-- > a b c".into())),
    ("cdata in svg", |n| fill("<svg>", n, |_| "<![CDATA[x]]><!--y-->".into())),
    ("escaped text that grows", |n| fill("<p>", n, |_| "&lt;".into())),
    ("noscript", |n| fill("", n, |_| "<noscript><img src=x>".into())),
];

/// `start`, and pieces until the page has `size` bytes.
fn fill(start: &str, size: usize, piece: impl Fn(usize) -> String) -> String {
    let mut html = String::with_capacity(size + 64);
    html.push_str(start);
    for n in 0.. {
        if html.len() >= size {
            break;
        }
        write!(html, "{}", piece(n)).unwrap();
    }
    html
}
