//! Thirty days in stepped time with sixty servers of different wishes, visited by a driver without any manners: whatever it
//! asks for, each server must see only what it wished.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use tearsheet::{
    fetch::{Answer, Clock, Fetcher, Request, Resolve, Settings},
    model::{Manners, Validators},
};

use crate::{
    stage::{self, Names, Server, Stepped, local},
    wishes::{Tally, Wishes},
};

const SERVERS: usize = 60;
const DAYS: u32 = 30;
/// Hours between two rounds of visits.
const ROUND: u32 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_rude_visits_reaches_no_server_rudely() {
    let _together = stage::TOGETHER.read().await;
    let clock = Arc::new(Stepped::default());
    let settings = Settings { contact: Some("https://operator.example/".into()), ..Settings::default() };
    let fetcher =
        Fetcher::with_resolver(settings, clock.clone(), Arc::new(Names::default()) as Arc<dyn Resolve>).unwrap();
    let sites: Vec<(Arc<Wishes>, Server)> = (0..SERVERS)
        .map(|n| {
            let wishes = Arc::new(Wishes::new(n, None));
            let (own, time) = (Arc::clone(&wishes), Arc::clone(&clock));
            let server = Server::new(move |stream, head| {
                let answer = own.answer(head, time.now());
                let _ = stream.write_all(answer.as_bytes());
            });
            (wishes, server)
        })
        .collect();
    let manners = Manners { obey_robots: true, ..local() };
    let (mut asked, mut came) = (0, 0);
    let known: Vec<Mutex<[Validators; 2]>> = sites.iter().map(|_| Mutex::default()).collect();
    for _ in 0..DAYS * 24 / ROUND {
        let visits = sites.iter().zip(&known).map(|((_, server), known)| {
            let (fetcher, manners) = (&fetcher, &manners);
            let two = [server.url("/news"), server.url("/papers")];
            async move {
                let mut came = 0;
                for (place, url) in two.iter().enumerate() {
                    let validators = known.lock().unwrap()[place].clone();
                    let request =
                        Request { validators: Some(&validators), validated: Some(url), ..Request::new(url, manners) };
                    let result = fetcher.get(&request).await;
                    came += usize::from(result.is_ok());
                    if let Ok(Answer::Page(page)) = result.map(|fetched| fetched.answer) {
                        known.lock().unwrap()[place] = page.validators;
                    }
                }
                let private = server.url("/private/x");
                let refused = fetcher.get(&Request::new(&private, manners)).await.is_err();
                assert!(refused);
                came
            }
        });
        came += futures_util::future::join_all(visits).await.into_iter().sum::<usize>();
        asked += SERVERS * 3;
        clock.step(Duration::from_secs(u64::from(ROUND) * 3600));
    }
    let mut tally = Tally::default();
    sites.iter().for_each(|(wishes, _)| tally.add(wishes.tally()));
    let Tally { requests: received, unchanged, violations, .. } = tally;
    println!(
        "manners: {SERVERS} servers, {DAYS} days, {asked} visits wanted, {received} requests received, {came} pages came ({unchanged} not modified), {} violations",
        violations.len()
    );
    assert!(violations.is_empty(), "{}", violations[..violations.len().min(10)].join("\n"));
    assert!(came > asked / 3 && unchanged > 100, "the servers' wishes cannot explain so few pages");
}
