//! [`form`]: an address without what differs between the articles of one list.

use url::Url;

/// The address without digits and without its last part: articles of one list often have the same.
pub fn form(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let mut form = host.strip_prefix("www.").unwrap_or(host).to_owned();
    let parts: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let (last, outer) = parts.split_last().map_or(("", &[][..]), |(last, outer)| (*last, outer));
    for part in outer {
        form.push('/');
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
        assert_ne!(form("http://a.example/news/1.html"), form("http://a.example/tags/1.html"));
        assert_ne!(form("http://a.example/news/1.pdf"), form("http://a.example/news/1.zip"));
    }
}
