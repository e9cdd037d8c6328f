//! [`form`]: an address without what differs between the articles of one list.

use url::Url;

/// Months as paths write them.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The address without digits, months and its last part: articles of one list often have the same.
pub fn form(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let mut form = host.strip_prefix("www.").unwrap_or(host).to_owned();
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    // What a folder's own document is called says nothing of the article.
    let is_index = |part: &&str| part.rsplit_once('.').is_some_and(|(stem, _)| stem.eq_ignore_ascii_case("index"));
    let folders = parts.len() - usize::from(parts.len() > 1 && parts.last().is_some_and(is_index));
    let parts = parts.get(..folders).unwrap_or_default();
    let (last, outer) = parts.split_last().map_or(("", &[][..]), |(last, outer)| (*last, outer));
    for part in outer {
        form.push('/');
        if MONTHS.iter().any(|month| part.eq_ignore_ascii_case(month)) {
            form.push('0');
            continue;
        }
        let mut digits = false;
        for sign in part.chars() {
            if !sign.is_ascii_digit() {
                form.push(sign);
            } else if !digits {
                form.push('0');
            }
            digits = sign.is_ascii_digit();
        }
    }
    form.push_str(last.rsplit_once('.').map_or("", |(_, end)| end));
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_of_one_list_have_one_form() {
        let form = |url: &str| form(&url.parse().unwrap());
        assert_eq!(form("http://www.a.example/2024/05/one.html"), form("https://a.example/2025/6/another-one.html"));
        assert_eq!(form("http://a.example/2024/May/23/one"), form("http://a.example/2025/jun/4/another"));
        assert_eq!(form("http://a.example/2024/one/index.html"), form("http://a.example/2025/another/index.html"));
        assert_ne!(form("http://a.example/news/1.html"), form("http://a.example/tags/1.html"));
        assert_ne!(form("http://a.example/news/1.pdf"), form("http://a.example/news/1.zip"));
    }
}
