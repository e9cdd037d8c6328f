//! [`Resolve`]: name → addresses; [`System`] asks the machine's resolver. [`Pinned`]: what reqwest is given instead of a resolver.
//!
//! Invariant: reqwest never resolves a site's name. It is told the addresses that the guard cleared for the request at hand,
//! and without such a request the connection fails.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    pin::Pin,
    sync::Arc,
};

use tokio::sync::Semaphore;

use super::guard::Cleared;

/// An answer in the making.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a host name.
pub trait Resolve: Send + Sync {
    /// All addresses of `name`.
    fn resolve(&self, name: String) -> Resolving;
}

/// The machine's own resolver, on a few threads: a dead name server must not take them all.
pub(super) struct System {
    threads: Arc<Semaphore>,
}

impl Default for System {
    fn default() -> Self {
        Self { threads: Arc::new(Semaphore::new(32)) }
    }
}

impl Resolve for System {
    fn resolve(&self, name: String) -> Resolving {
        let threads = self.threads.clone();
        Box::pin(async move {
            let permit = threads.acquire_owned().await.map_err(io::Error::other)?;
            let look_up = move || {
                let answers = (name.as_str(), 0).to_socket_addrs().map(|all| all.map(|at| at.ip()).collect());
                // Kept until the thread is done, not only until the caller lost patience.
                drop(permit);
                answers
            };
            tokio::task::spawn_blocking(look_up).await.map_err(io::Error::other)?
        })
    }
}

tokio::task_local! {
    /// The request that is being sent.
    static CLEARED: Cleared;
}

/// Runs `send` so that connections made by it go to what was cleared.
pub(super) async fn pinned<T>(cleared: Cleared, send: impl Future<Output = T>) -> T {
    CLEARED.scope(cleared, send).await
}

/// reqwest's resolver hook for direct connections.
pub(super) struct Pinned;

impl reqwest::dns::Resolve for Pinned {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let found = CLEARED.try_with(|cleared| {
            let same = cleared.url().host_str().is_some_and(|host| host.eq_ignore_ascii_case(name.as_str()));
            same.then(|| cleared.addresses().to_vec())
        });
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = found.ok().flatten().unwrap_or_default();
            if addresses.is_empty() {
                return Err("the address was not checked".into());
            }
            Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fetch::guard::{Guard, Names, Policy};

    struct Public;

    impl Resolve for Public {
        fn resolve(&self, _: String) -> Resolving {
            Box::pin(async { Ok(vec![[93, 184, 215, 14].into()]) })
        }
    }

    #[tokio::test]
    async fn a_connection_gets_the_cleared_addresses_of_its_own_request_or_none() {
        let guard = Guard::new(Vec::new(), Vec::new(), Duration::from_secs(1));
        let policy = Policy { allowed: &[], named: &[], names: Names::Here };
        let cleared = guard.clear(&"http://news.example/".parse().unwrap(), &policy, &Public).await.unwrap();
        let ask = async |name: &str| {
            reqwest::dns::Resolve::resolve(&Pinned, name.parse().unwrap()).await.map(Iterator::count)
        };
        assert_eq!(pinned(cleared.clone(), ask("NEWS.example")).await.unwrap(), 1);
        assert!(pinned(cleared, ask("other.example")).await.is_err(), "another name");
        assert!(ask("news.example").await.is_err(), "no request");
    }
}
