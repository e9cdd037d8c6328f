use super::{is_normal, squeezed};
use crate::extract::article::tests::{read, with_between};

/// The text of a story with something before its last paragraph.
fn text_with(between: &str) -> String {
    read(&with_between(between)).text
}

const PROSE: &str = "It was told in words enough for a paragraph, of which some were long, and others were not.";

#[test]
fn what_a_site_says_of_itself_is_short_and_what_a_story_says_of_it_is_not() {
    for (line, stays) in [
        ("Advertisement", false),
        ("© Example Agency", false),
        ("Photo: © Example Agency", false),
        ("Read our privacy policy before you go on.", false),
        ("Please use a different browser to see this page.", false),
        ("Sign up for our newsletter to read more of this.", false),
        ("Suscríbete aquí a nuestra newsletter, gratis.", false),
        ("Click here for the whole plan.", false),
        ("The service keeps advertisements away from every machine of the house.", true),
        ("An agreed line on copyright, as the law asks for.", true),
        ("This is no manifesto™© of ours, and we have told what we learnt.", true),
        ("For a newsletter with as few readers as that, these were strong figures, they said.", true),
        ("The one I built is told of in another place, and you can click here for all of it.", true),
    ] {
        assert_eq!(text_with(&format!("<p>{line}</p>")).contains(line), stays, "{line}");
    }
    let long = format!("© Example Agency {PROSE} {PROSE} {PROSE}");
    assert!(text_with(&format!("<p>{long}</p>")).contains(&long));
}

#[test]
fn notes_at_the_foot_are_of_the_story_and_the_foot_of_the_page_is_not() {
    for (name, stays) in [("footnotes", true), ("footer", false), ("foot-links", false), ("footbar", false)] {
        let part = format!("<div class={name}><p>{PROSE}</p></div>");
        assert_eq!(text_with(&part).contains(PROSE), stays, "{name}");
    }
}

#[test]
fn names_of_how_a_page_is_set_are_no_names_of_frames() {
    for (part, stays) in [
        (format!("<div class='part sidebar-open--false'><p>{PROSE}</p></div>"), true),
        (format!("<div class='part sidebar'><p>{PROSE}</p></div>"), false),
        (format!("<div class=rank-2><p>{PROSE}</p></div>"), true),
        (format!("<div class=ranking-list><p>{PROSE}</p></div>"), false),
        (format!("<h2 class=toc>The second part</h2><p>{PROSE}</p>"), true),
    ] {
        assert_eq!(text_with(&part).contains(PROSE), stays, "{part}");
    }
    assert!(text_with(&format!("<h2 class=toc>The second part</h2><p>{PROSE}</p>")).contains("The second part"));
}

#[test]
fn who_wrote_it_and_what_is_to_be_clicked_stand_apart() {
    for (name, stays) in
        [("post-author", false), ("disclaimer", false), ("box cta", false), ("player", false), ("authority", true)]
    {
        let part = format!("<div class='{name}'><p>{PROSE}</p></div>");
        assert_eq!(text_with(&part).contains(PROSE), stays, "{name}");
    }
    let quote = format!("<blockquote><p>{PROSE}</p><p class=author>Ann Bell, engineer of the works</p></blockquote>");
    assert!(text_with(&quote).contains("Ann Bell, engineer"));
}

#[test]
fn a_story_of_lists_is_more_than_its_opening() {
    let section = |n: u32| {
        let entries = "<li><a href=/y>The year</a></li><li>A work of it</li><li>Another</li>".repeat(12);
        format!("<h2>Works of kind {n}</h2><ul>{entries}</ul>")
    };
    let sections = (1..5).map(section).collect::<String>();
    let text = read(&format!("<title>Ann Bell</title><h1>Ann Bell</h1><div><p>{PROSE}</p>{sections}</div>")).text;
    assert!(text.contains(PROSE) && text.contains("Works of kind 4") && text.contains("A work of it"), "{text}");
}

#[test]
fn what_is_called_a_storys_text_holds_all_of_it() {
    let inner = format!("<p>{PROSE}</p>").repeat(8);
    let opening = "Before all that, a word of thanks to those who came and saw it, and to those who did not.";
    let others = "<ul><li><a href=/a>A</a></li><li><a href=/b>B</a></li></ul>".repeat(20);
    let page = |name: &str| {
        let story = format!("<div class={name}><p>{opening}</p>{others}<div class=group>{inner}</div></div>");
        read(&format!("<title>T</title><h1>How it was seen</h1>{story}")).text
    };
    assert!(page("entry-content").contains(opening));
}

#[test]
fn headings_and_entries_may_be_links() {
    let heading = format!("<h2><a href=/first>The first of the works</a></h2><p>{PROSE}</p>");
    assert!(text_with(&heading).contains("The first of the works"));
    let list = "<ul><li><a href=/a>A first link of some</a></li><li><a href=/b>A second link of them</a></li></ul>";
    assert!(text_with(&format!("<h3>What it is made of</h3>{list}")).contains("A second link of them"));
    // A list below a paragraph leads to other stories.
    assert!(!text_with(&format!("<p>{PROSE}</p>{list}")).contains("A second link of them"));
}

#[test]
fn a_story_may_end_with_a_list() {
    let page = with_between("").replace("</div>", "<ul><li>Group A: tenth time</li><li>Group B: first</li></ul></div>");
    assert!(read(&page).text.ends_with("Group B: first"));
}

#[test]
fn a_heading_of_other_things_ends_a_story_that_does_not_go_on() {
    let more = format!("<p>{PROSE}</p>").repeat(2);
    let text = |head: &str, after: &str| {
        let end = format!("<h3>{head}</h3>{after}</div>");
        read(&with_between("").replace("</div>", &end)).text
    };
    assert!(text("More on the works", &more).contains(PROSE));
    assert!(!text("More on the works", &more).contains("More on"));
    assert!(!text("3 comments", &more).contains(PROSE));
    let linked = more.replace("words", "<a href=/w>words</a>");
    assert!(!text("More on the works", &linked).contains(PROSE));
    let table = "<table><tr><td><p>Field</p></td><td><p>Comments</p></td></tr><tr><td>Length</td><td>In metres</td></tr></table>";
    let page = read(&with_between("").replace("</div>", &format!("{table}</div>"))).text;
    assert!(page.ends_with("In metres"), "{page}");
    assert!(text("Copyright license", &more).contains("Copyright license"));
}

#[test]
fn short_lines_of_a_talk_are_paragraphs_as_the_long_ones() {
    let line = |text: &str| format!("<div>{text}</div>");
    let talk = ["“Ann?”", "“What is it now?”", "“The works.”"].map(line).concat();
    let other = format!("<section><p>{PROSE}</p></section>");
    let prose = line(PROSE).repeat(4);
    let html = format!("<title>T</title><h1>A talk</h1><div class=text>{prose}{other}{talk}{other}{prose}</div>");
    let text = read(&html).text;
    assert!(text.contains("“Ann?”") && text.contains("“What is it now?”"), "{text}");
}

#[test]
fn paragraphs_may_stand_in_elements_of_their_own() {
    let line = |text: &str| format!("<div><div><span>{text}</span></div></div>");
    let talk = ["“Ann?”", "“What is it now?”", "“The works.”"].map(line).concat();
    let prose = line(PROSE).repeat(4);
    let text = read(&format!("<title>T</title><h1>A talk</h1><div class=text>{prose}{talk}{prose}</div>")).text;
    assert!(text.contains("“Ann?”") && text.contains("“What is it now?”"), "{text}");
}

#[test]
fn a_line_is_one_whatever_stands_in_it() {
    let marked =
        "<p>It was <span itemscope><meta itemprop=name content=Bell>Bell</span> who told it, and he told it well.</p>";
    assert!(text_with(marked).contains("It was Bell who told it"));
    let begun = format!("<p><a class=recommend-link href=/w>The works</a> were told of. {PROSE}</p>");
    assert!(text_with(&begun).contains("The works were told of."));
    assert!(!text_with("<p><a class=recommend-link href=/w>The works</a></p>").contains("The works"));
}

#[test]
fn a_page_may_say_more_beside_its_story_than_in_it() {
    let prose = format!("<p>{PROSE}</p>");
    let page = |beside: &str| {
        let story = format!("<div class=entry>{}</div>", prose.replace("told", "written").repeat(4));
        read(&format!("<title>T</title><div><h1>How it was seen</h1>{story}</div>{beside}")).text
    };
    let aside = format!("<aside class=sidebar><div>{}</div></aside>", prose.repeat(8));
    assert!(!page(&aside).contains(PROSE) && page(&aside).contains("It was written"));
    let gallery = format!("<div class=photo-gallery><ul>{}</ul></div>", format!("<li>{prose}</li>").repeat(60));
    let story = format!("<p>{}</p>", PROSE.replace("told", "written")).repeat(25);
    let text = read(&format!("<title>T</title><h1>How it was seen</h1><div class=entry>{story}{gallery}</div>")).text;
    assert!(!text.contains(PROSE) && text.contains("It was written"));
}

#[test]
fn sections_may_have_headings_as_great_as_the_pages() {
    let text = text_with(&format!("<h1>The second part of it</h1><p>{PROSE}</p>"));
    assert!(text.contains("The second part of it") && !text.contains("The line\n"), "{text}");
}

#[test]
fn what_leads_elsewhere_is_told_in_cells_and_inner_lists_too() {
    let row = "<tr><th><a href=/a>The first of the works</a></th><td>Built in 1998</td></tr>";
    assert!(text_with(&format!("<table>{row}</table>")).contains("The first of the works"));
    let links = "<li><a href=/a>A first link of some</a></li><li><a href=/b>A second link of them</a></li>";
    let list = format!("<ul><li>In work:<ul>{links}</ul></li></ul>");
    assert!(text_with(&list).contains("A first link of some\n\nA second link of them"));
    let last = "<ul><li>The works at <a href=/a>Bell</a>, the first of them</li></ul></div>";
    assert!(read(&with_between("").replace("</div>", last)).text.ends_with("The works at Bell, the first of them"));
}

#[test]
fn what_is_normal_needs_no_normalizing() {
    use unicode_normalization::UnicodeNormalization as _;
    let of = |text: &str| text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    for c in ('\0'..=char::MAX).filter(|c| is_normal(*c)) {
        assert_eq!(squeezed(&c.to_string()), of(&c.to_string()), "{c:?}");
    }
    for text in
        ["Ｇrid １２", "e\u{301}te\u{301} É", "電网－建設：第１期", "ﬁrst ½", "Привет, й и\u{306}", "か\u{3099} が"]
    {
        assert_eq!(squeezed(text), of(text), "{text}");
    }
}
