//! [`Post`]: one message of the hub: asking a callback whether it meant it, sending it a feed, telling another hub.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use ipnet::IpNet;
use sha2::Sha256;
use url::{Url, form_urlencoded};

use super::book::{self, Delivery, Ending};
use crate::feed::{Coding, Rendered};
use crate::fetch::{Error, Fetched, Fetcher, Purpose, Request};
use crate::model::{Credential, Manners};
use crate::serve::hub::{Mode, Wish};

/// How long a callback may take altogether.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a message about one feed is made of.
pub(super) struct Post {
    pub(super) fetcher: Arc<Fetcher>,
    /// Networks that may be reached besides public ones.
    pub(super) allowed: Vec<IpNet>,
    /// This hub's address.
    pub(super) hub: Arc<str>,
    /// The feed's address.
    pub(super) topic: String,
    pub(super) media_type: &'static str,
}

impl Post {
    /// Asks the callback whether it sent the wish (section 5.3).
    pub(super) async fn confirms(&self, wish: &Wish) -> bool {
        let challenge = challenge();
        let mut url = wish.callback.clone();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("hub.mode", wish.mode.word());
            query.append_pair("hub.topic", &wish.topic);
            query.append_pair("hub.challenge", &challenge);
            if wish.mode == Mode::Subscribe {
                query.append_pair("hub.lease_seconds", &book::lease(wish).as_secs().to_string());
            }
        }
        let answer = self.ask(&url, None, Vec::new()).await;
        let page = answer.as_ref().ok().and_then(Fetched::page);
        page.is_some_and(|page| page.bytes.trim_ascii() == challenge.as_bytes())
    }

    /// Sends the feed to a subscriber (section 7).
    pub(super) async fn delivers(&self, delivery: &Delivery, rendered: &Rendered) -> Ending {
        let Ok(url) = Url::parse(&delivery.place.2) else { return Ending::Gone };
        let bytes = &rendered.body(Coding::Identity).bytes;
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut headers = vec![
            ("content-type", self.media_type.to_owned()),
            ("link", format!("<{}>; rel=\"hub\", <{}>; rel=\"self\"", self.hub, self.topic)),
        ];
        if let Some(secret) = &delivery.secret
            && let Some(signature) = signature(secret, bytes)
        {
            headers.push(("x-hub-signature", signature));
        }
        ending(self.ask(&url, Some(text), headers).await)
    }

    /// Tells another hub that the feed changed.
    pub(super) async fn announces(&self, hub: &Url) -> Ending {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", "publish")
            .append_pair("hub.url", &self.topic)
            .append_pair("hub.topic", &self.topic)
            .finish();
        ending(self.ask(hub, Some(form), Vec::new()).await)
    }

    async fn ask(&self, url: &Url, post: Option<String>, headers: Vec<(&str, String)>) -> Result<Fetched, Error> {
        let posts = post.is_some();
        let manners = Manners {
            host_gap: Duration::ZERO,
            obey_robots: false,
            allow_private: self.allowed.clone(),
            headers: headers.into_iter().map(|(name, value)| (name.to_owned(), Credential::new(value))).collect(),
            proxy: None,
            post,
            insecure_tls: false,
            http1_only: false,
        };
        let late = || Error::Timeout { host: "a callback".to_owned(), what: "answer", limit: PATIENCE };
        let request = Request { purpose: Purpose::Hub, ..Request::new(url, &manners) };
        let fetched = tokio::time::timeout(PATIENCE, self.fetcher.get(&request)).await.map_err(|_| late())??;
        // On the way of a redirect the message may have been lost, and the specification wants none followed.
        if posts && fetched.hops > 0 { Err(late()) } else { Ok(fetched) }
    }
}

fn ending(answer: Result<Fetched, Error>) -> Ending {
    match answer {
        Ok(_) => Ending::Taken,
        // Section 7: 410 ends the subscription.
        Err(Error::Gone) => Ending::Gone,
        Err(_) => Ending::Failed,
    }
}

/// `X-Hub-Signature` (section 7.1).
fn signature(secret: &str, bytes: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(bytes);
    let digest = mac.finalize().into_bytes();
    Some(digest.iter().fold(String::from("sha256="), |text, byte| text + &format!("{byte:02x}")))
}

/// What only the callback can know: random bits of the system, by way of the keys that it gives to hash tables.
fn challenge() -> String {
    let bits = |n: u8| RandomState::new().hash_one(n);
    format!("{:016x}{:016x}", bits(0), bits(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_rfc_4231() {
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?").unwrap(),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_ne!(challenge(), challenge());
    }
}
