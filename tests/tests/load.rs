//! Under load: a grant that ends while many ask, connections that say nothing, bodies without end, registrations without
//! end. The server is the shipped program in a process of its own, so that its memory can be read; the owner works beside
//! it in another process, as the window does beside `satchel serve`.
//!
//! Short with all other tests; `SATCHEL_LONG=1` asks for longer.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "tests say plainly what they expect; the helpers are shared with other tests"
)]

#[path = "common/app.rs"]
mod app;
#[path = "common/program.rs"]
mod program;
#[path = "common/stage.rs"]
mod stage;

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::App;
use program::Served;
use reqwest::{Client, StatusCode};
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};
use wallet::Approval;

/// One after the other: each wants the machine for itself.
static ALONE: Mutex<()> = Mutex::const_new(());

const CLIENTS: u8 = 20;
const A_SECOND: u64 = 200;
const SCOPE: &str = "launch/patient patient/*.rs offline_access";

/// How much memory the server may take beyond what it had, in KiB.
const MORE_MEMORY: u64 = 256 * 1024;

fn long() -> bool {
    std::env::var("SATCHEL_LONG").is_ok_and(|long| long == "1")
}

/// A client that comes from an address of its own on this machine.
fn from_address(number: u8) -> Client {
    let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 10 + number));
    let client = Client::builder().no_proxy().local_address(address).timeout(Duration::from_secs(30));
    client.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// What became of the requests.
#[derive(Default)]
struct Tally {
    data: AtomicUsize,
    refused: AtomicUsize,
    busy: AtomicUsize,
    lost: AtomicUsize,
    /// Begun after the end was confirmed, and answered with data all the same.
    after: AtomicUsize,
    /// Begun after the end was confirmed.
    begun_after: AtomicUsize,
    /// Micros of the slowest answer with data.
    slowest: AtomicU64,
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_of_a_grant_is_confirmed_not_one_answer_of_many_has_data() {
    let _alone = ALONE.lock().await;
    let served = Served::start().await;
    let app = App::register(&served.base, SCOPE).await;
    let waiting = app.ask(SCOPE).await;
    let request = served.waiting_of(&app.id).await;
    let share = served.stage.wallet.approve(&request, Approval::default()).await.unwrap();
    let token = app.redeem(&waiting.code().await).await;
    let patient = token.body["patient"].as_str().unwrap().to_owned();

    let tally = Arc::new(Tally::default());
    let ended: Arc<std::sync::OnceLock<Instant>> = Arc::default();
    let seconds = if long() { 30 } else { 6 };
    let stop = Instant::now() + Duration::from_secs(seconds);
    let mut askers = Vec::new();
    for number in 0..CLIENTS {
        let (tally, ended) = (Arc::clone(&tally), Arc::clone(&ended));
        let (http, access) = (from_address(number), token.access.clone());
        let url = match number % 2 {
            0 => format!("{}/Patient/{patient}", served.base),
            _ => format!("{}/Observation?_count=5", served.base),
        };
        askers.push(tokio::spawn(async move {
            let mut tick = interval(Duration::from_millis(1000 * u64::from(CLIENTS) / A_SECOND));
            tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let mut under_way = tokio::task::JoinSet::new();
            while Instant::now() < stop {
                tick.tick().await;
                let (tally, ended) = (Arc::clone(&tally), Arc::clone(&ended));
                let request = http.get(&url).bearer_auth(&access);
                under_way.spawn(async move {
                    let begun = Instant::now();
                    let after = ended.get().is_some_and(|ended| *ended < begun);
                    let count = |to: &AtomicUsize| {
                        to.fetch_add(1, Ordering::Relaxed);
                    };
                    if after {
                        count(&tally.begun_after);
                    }
                    let Ok(answer) = request.send().await else { return count(&tally.lost) };
                    let status = answer.status();
                    let Ok(body) = answer.bytes().await else { return count(&tally.lost) };
                    match status {
                        StatusCode::OK => {
                            count(&tally.data);
                            let took = u64::try_from(begun.elapsed().as_micros()).unwrap();
                            tally.slowest.fetch_max(took, Ordering::Relaxed);
                            if after {
                                count(&tally.after);
                            }
                        }
                        StatusCode::UNAUTHORIZED => {
                            assert!(
                                !String::from_utf8_lossy(&body).contains("\"Observation\""),
                                "a refusal has no data"
                            );
                            count(&tally.refused);
                        }
                        _ => count(&tally.busy),
                    }
                });
            }
            while under_way.join_next().await.is_some() {}
        }));
    }
    // The owner's own view of things goes on meanwhile.
    let mut looks = Vec::new();
    let half = Instant::now() + Duration::from_secs(seconds / 2);
    while Instant::now() < half {
        let begun = Instant::now();
        served.stage.wallet.home().await.unwrap();
        looks.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let begun = Instant::now();
    served.stage.wallet.end_grant(&share.id).await.unwrap();
    ended.set(Instant::now()).unwrap();
    let end_took = begun.elapsed();
    for asker in askers {
        asker.await.unwrap();
    }

    let read = |from: &AtomicUsize| from.load(Ordering::Relaxed);
    looks.sort();
    println!(
        "{} with data, {} refused, {} put off, {} lost; {} begun after the end, {} of them with data; the end took {:?}, \
         the slowest answer {} ms, the owner's own look {:?} in the middle, {:?} at most",
        read(&tally.data),
        read(&tally.refused),
        read(&tally.busy),
        read(&tally.lost),
        read(&tally.begun_after),
        read(&tally.after),
        end_took,
        tally.slowest.load(Ordering::Relaxed) / 1000,
        looks[looks.len() / 2],
        looks[looks.len() - 1],
    );
    assert!(read(&tally.data) > 100, "it was under load");
    assert!(read(&tally.begun_after) > 100, "and stayed so");
    assert_eq!(read(&tally.after), 0, "ended is ended");
    assert!(looks[looks.len() / 2] < Duration::from_millis(500), "the owner waits for nobody");
    let trail = served.stage.wallet.verify_trail().await.unwrap();
    assert!(trail.broken_at.is_none(), "{trail:?}");
    // Each answer with data has its entry.
    let told = program::answered(&served.stage.wallet, &share.id).await;
    assert_eq!(told, read(&tally.data), "no answer without its entry, and none told that was not given");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_idle_connections_and_bodies_without_end_leave_the_server_up_and_small() {
    let _alone = ALONE.lock().await;
    let served = Served::start().await;
    let before = served.program.memory();
    let address = served.base.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    let mut idle = Vec::new();
    for number in 0..1000 {
        match TcpStream::connect(&address) {
            // Half of them say a little and then no more.
            Ok(mut stream) => {
                if number % 2 == 0 {
                    let _ = stream.write_all(b"GET /fhir/metadata HTTP/1.1\r\nHost: ");
                }
                idle.push(stream);
            }
            Err(error) => panic!("{number}: {error}"),
        }
    }
    let full = served.program.memory();
    // Idle ones are shown out; whoever asks is answered again.
    let http = from_address(1);
    let metadata = format!("{}/metadata", served.base);
    let begun = Instant::now();
    loop {
        if http.get(&metadata).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "idle connections keep everybody out");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let again = begun.elapsed();
    let mut gone = 0;
    for stream in &mut idle {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        gone += usize::from(stream.read_to_end(&mut Vec::new()).is_ok());
    }
    assert_eq!(gone, 1000, "each was shown out");

    // A hundred megabytes: told how long, and not told.
    let (told, untold) =
        tokio::task::spawn_blocking(move || (pour(&address, true), pour(&address, false))).await.unwrap();
    let after = served.program.memory();
    println!(
        "memory in MiB: {} at first, {} with 1000 idle connections, {} at most; answered again after {again:?}; of a \
         body of 100 MiB {told} KiB were taken, of one in chunks {untold} KiB",
        before.now / 1024,
        full.now / 1024,
        after.most / 1024
    );
    assert!(told < 16 * 1024 && untold < 16 * 1024, "what is too long is not read to its end");
    assert!(after.most < before.most + MORE_MEMORY, "{after:?}");
    assert_eq!(http.get(&metadata).send().await.unwrap().status(), StatusCode::OK);
}

/// Sends a body of 100 MiB as long as it is taken; gives how many KiB were.
fn pour(address: &str, told: bool) -> usize {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let length = if told { "Content-Length: 104857600" } else { "Transfer-Encoding: chunked" };
    let head =
        format!("POST /register HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = vec![b' '; 1024];
    for sent in 0..100 * 1024 {
        let written = if told {
            stream.write_all(&chunk)
        } else {
            stream
                .write_all(b"400\r\n")
                .and_then(|()| stream.write_all(&chunk))
                .and_then(|()| stream.write_all(b"\r\n"))
        };
        if written.is_err() {
            return sent;
        }
    }
    100 * 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_registrations_fill_neither_memory_nor_the_owners_window() {
    let _alone = ALONE.lock().await;
    let served = Served::start().await;
    let before = served.program.memory();
    let issuer = served.base.strip_suffix("/fhir").unwrap().to_owned();
    let all = 10_000;
    let begun = Instant::now();
    let mut askers = Vec::new();
    for number in 0..CLIENTS {
        let (http, issuer) = (from_address(number), issuer.clone());
        askers.push(tokio::spawn(async move {
            let (mut made, mut put_off) = (0, 0);
            for _ in 0..all / usize::from(CLIENTS) {
                match App::registration(&http, &issuer, SCOPE).await.unwrap().status() {
                    StatusCode::CREATED => made += 1,
                    StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_REQUEST => {
                        put_off += 1
                    }
                    other => panic!("{other}"),
                }
            }
            (made, put_off)
        }));
    }
    let (mut made, mut put_off) = (0, 0);
    for asker in askers {
        let (one, other) = asker.await.unwrap();
        made += one;
        put_off += other;
    }
    let after = served.program.memory();
    println!(
        "{all} registrations in {:?}: {made} made, {put_off} put off; memory in MiB: {} at first, {} at most",
        begun.elapsed(),
        before.now / 1024,
        after.most / 1024
    );
    assert_eq!(made + put_off, all);
    assert!(put_off > 0, "there is a limit");
    assert_eq!(served.stage.wallet.clients().await.unwrap().len(), made);
    assert!(served.stage.wallet.requests().await.unwrap().is_empty(), "registering asks the owner nothing");
    assert!(after.most < before.most + MORE_MEMORY, "{after:?}");
}
