//! A language tag as a page gave it → one that feeds may carry, or none.

/// ISO 639-1: every primary subtag of two letters that is in use.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd \
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The tag in the usual case (RFC 5646, section 2.1.1), or nothing where it is not one that validators know.
pub fn tag(text: &str) -> Option<String> {
    let mut parts = text.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if !is_known(&primary) {
        return None;
    }
    let mut tag = primary;
    for part in parts {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        tag.push('-');
        match part.len() {
            2 => tag.push_str(&part.to_ascii_uppercase()),
            4 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
                let lower = part.to_ascii_lowercase();
                let mut letters = lower.chars();
                tag.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                tag.push_str(letters.as_str());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

/// Two letters that stand together in the list are a word of it: between words is a space.
fn is_known(primary: &str) -> bool {
    primary.len() == 2 && primary.bytes().all(|byte| byte.is_ascii_lowercase()) && TWO_LETTERS.contains(primary)
}

/// The language that all of `tags` which name one share.
pub(super) fn common<'a>(tags: impl Iterator<Item = Option<&'a str>>) -> Option<String> {
    let mut tags = tags.flatten().filter_map(tag);
    let first = tags.next()?;
    tags.all(|tag| tag == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_known_languages_in_the_usual_case() {
        for (given, expected) in [
            ("zh-cn", Some("zh-CN")),
            ("zh_hans_CN", Some("zh-Hans-CN")),
            (" EN ", Some("en")),
            ("es-419", Some("es-419")),
            ("xx", None),
            ("aab", None),
            ("a", None),
            ("utf-8", None),
            ("zh-", None),
            ("zh-<b>", None),
            ("", None),
        ] {
            assert_eq!(tag(given).as_deref(), expected, "{given}");
        }
    }
}
