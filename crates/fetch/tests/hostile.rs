//! Servers that misbehave, over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say plainly what they expect"
)]

use std::future::Future;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fetch::{Accept, Fetch, FetchError, Limits, Policy, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use types::Secret;
use url::Url;

/// Answers each connection with `act`, after the request's head was read; gives the address.
async fn serve<F, W>(act: F) -> Url
where
    F: Fn(TcpStream, String) -> W + Send + Sync + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let act = Arc::new(act);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let act = Arc::clone(&act);
            tokio::spawn(async move {
                let head = head(&mut socket).await;
                act(socket, head).await;
            });
        }
    });
    Url::parse(&format!("http://127.0.0.1:{port}/fhir")).expect("a url")
}

async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match socket.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(n) => head.extend_from_slice(&piece[..n]),
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn say(mut socket: TcpStream, answer: impl AsRef<[u8]>) {
    let _ = socket.write_all(answer.as_ref()).await;
    let _ = socket.shutdown().await;
}

fn client() -> Fetch {
    Fetch::new(Policy::new("test"))
}

fn limits() -> Limits {
    Limits { bytes: 64 << 10, total: Duration::from_millis(1500), idle: Duration::from_millis(400) }
}

async fn get(url: &Url) -> Result<Response, FetchError> {
    client().get(url, Accept::Json, None, limits()).await
}

#[tokio::test]
async fn an_answer_comes_back_whole_with_what_matters_of_its_head() {
    let url = serve(|socket, head| async move {
        assert!(head.contains("user-agent: Satchel/test\r\n"), "{head}");
        assert!(head.contains("accept: application/fhir+json, application/json;q=0.9\r\n"), "{head}");
        assert!(head.contains("authorization: Bearer t0ken\r\n"), "{head}");
        assert!(!head.to_lowercase().contains("cookie") && !head.to_lowercase().contains("referer"), "{head}");
        say(
            socket,
            "HTTP/1.1 503 Busy\r\nContent-Type: Application/FHIR+json; charset=utf-8\r\nRetry-After: 7\r\n\
             Set-Cookie: a=b\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 2\r\n\r\n{}",
        )
        .await;
    })
    .await;
    let token = Secret::new(String::from("t0ken"));
    for _ in 0..2 {
        let answer = client().get(&url, Accept::FhirJson, Some(&token), limits()).await.expect("an answer");
        assert_eq!(answer.status, 503);
        assert_eq!(answer.content_type.as_deref(), Some("application/fhir+json"));
        assert_eq!(answer.retry_after.as_deref(), Some("7"));
        assert_eq!(answer.date, "1994-11-06T08:49:37Z".parse().ok());
        assert_eq!(answer.body, b"{}");
    }
}

#[tokio::test]
async fn html_instead_of_json_is_an_answer_that_says_what_it_is() {
    let url = serve(|socket, _| say(socket, "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>")).await;
    let answer = get(&url).await.expect("an answer");
    assert_eq!(answer.content_type.as_deref(), Some("text/html"));
}

#[tokio::test]
async fn a_body_without_end_is_too_large() {
    let url = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while socket.write_all(&[b' '; 8192]).await.is_ok() {}
    })
    .await;
    assert!(matches!(get(&url).await, Err(FetchError::TooLarge { limit: 65_536 })));
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let url = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    })
    .await;
    let began = Instant::now();
    assert!(matches!(get(&url).await, Err(FetchError::TooLarge { .. })));
    assert!(began.elapsed() < Duration::from_millis(300));
}

#[tokio::test]
async fn a_slow_drip_ends_at_the_deadline_though_it_is_never_silent() {
    let url = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while socket.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let began = Instant::now();
    assert!(matches!(get(&url).await, Err(FetchError::Timeout)));
    assert!(began.elapsed() >= Duration::from_millis(1400) && began.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_head_dripped_for_ever_ends_at_the_deadline() {
    let url = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while socket.write_all(b"x: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    assert!(matches!(get(&url).await, Err(FetchError::Timeout)));
}

#[tokio::test]
async fn silence_within_a_body_ends_sooner_than_the_deadline() {
    let url = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{").await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    })
    .await;
    let began = Instant::now();
    assert!(matches!(get(&url).await, Err(FetchError::Timeout)));
    assert!(began.elapsed() < Duration::from_millis(1200));
}

#[tokio::test]
async fn a_server_that_never_answers_ends_at_the_deadline() {
    let url = serve(|socket, _| async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(socket);
    })
    .await;
    assert!(matches!(get(&url).await, Err(FetchError::Timeout)));
}

#[tokio::test]
async fn a_flood_of_headers_is_broken_off() {
    let many = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while socket.write_all(b"x-flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n").await.is_ok() {}
    })
    .await;
    assert!(matches!(get(&many).await, Err(FetchError::Broken(_))));
    let one = serve(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nx-flood: ").await;
        while socket.write_all(&[b'a'; 8192]).await.is_ok() {}
    })
    .await;
    assert!(matches!(get(&one).await, Err(FetchError::Broken(_))));
}

#[tokio::test]
async fn a_gzip_bomb_counts_by_what_it_becomes() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..512 {
        bomb.write_all(&[0; 1 << 16]).expect("in memory");
    }
    let bomb = bomb.finish().expect("in memory");
    assert!(bomb.len() < limits().bytes, "32 MiB fold into {} bytes", bomb.len());
    let url = serve(move |mut socket, head| {
        let bomb = bomb.clone();
        async move {
            assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
            let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len());
            let _ = socket.write_all(head.as_bytes()).await;
            let _ = socket.write_all(&bomb).await;
        }
    })
    .await;
    assert!(matches!(get(&url).await, Err(FetchError::TooLarge { .. })));
}

#[tokio::test]
async fn a_truncated_body_is_broken_and_never_passed_on() {
    let url = serve(|socket, _| say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\":")).await;
    assert!(matches!(get(&url).await, Err(FetchError::Broken(_))));
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n";
    let url = serve(move |socket, _| say(socket, chunked)).await;
    assert!(matches!(get(&url).await, Err(FetchError::Broken(_))));
    let gzip = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope";
    let url = serve(move |socket, _| say(socket, gzip)).await;
    assert!(matches!(get(&url).await, Err(FetchError::Broken(_))));
}

#[tokio::test]
async fn a_connection_reset_or_not_http_at_all_is_broken() {
    let url = serve(|socket, _| async move {
        socket.set_zero_linger().expect("a socket");
        drop(socket);
    })
    .await;
    assert!(matches!(get(&url).await, Err(FetchError::Broken(_))));
    let url = serve(|socket, _| say(socket, "SSH-2.0-OpenSSH_9.2\r\n")).await;
    assert!(matches!(get(&url).await, Err(FetchError::Broken(_))));
}

#[tokio::test]
async fn nobody_there_is_a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("a url");
    drop(listener);
    assert!(matches!(get(&url).await, Err(FetchError::Connect(_))));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_says_where_it_leads() {
    let url = serve(|socket, _| {
        say(socket, "HTTP/1.1 307 Moved\r\nlocation: https://evil.example/token\r\ncontent-length: 0\r\n\r\n")
    })
    .await;
    for answer in [get(&url).await, client().post_form(&url, b"code=secret".to_vec(), limits()).await] {
        let Err(FetchError::Redirected { to_host }) = answer else { panic!("followed") };
        assert_eq!(to_host.as_deref(), Some("evil.example"));
    }
}

#[tokio::test]
async fn following_checks_every_hop_and_leaves_the_token_at_its_origin() {
    let other = serve(|socket, head| async move {
        assert!(!head.contains("authorization"), "{head}");
        say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere").await;
    })
    .await;
    let target = other.clone();
    let url = serve(move |socket, head| {
        let target = target.clone();
        async move {
            assert!(head.contains("authorization: Bearer t0ken"), "{head}");
            say(socket, format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n")).await;
        }
    })
    .await;
    let token = Secret::new(String::from("t0ken"));
    let answer = client().get_following(&url, Accept::Json, Some(&token), limits(), 3).await.expect("an answer");
    assert_eq!(answer.body, b"here");

    for (to, code) in [
        ("http://ehr.example.org/", "fetch.notHttps"),
        ("https://10.0.0.1/", "fetch.privateAddress"),
        ("file:///etc/passwd", "fetch.address"),
        ("/fhir", "fetch.tooManyRedirects"),
    ] {
        let url = serve(move |socket, _| {
            say(socket, format!("HTTP/1.1 301 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
        })
        .await;
        let error = client().get_following(&url, Accept::Json, None, limits(), 3).await.expect_err(to);
        assert_eq!(error.code(), code, "{to}");
    }
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("a url");
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                while !head(&mut socket).await.is_empty() {
                    let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
                }
            });
        }
    });
    let fetch = client();
    for _ in 0..50 {
        fetch.get(&url, Accept::FhirJson, None, limits()).await.expect("an answer");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_with_a_line_break_is_not_sent() {
    let token = Secret::new(String::from("a\r\nx-injected: b"));
    let url = serve(|_socket, _| async { panic!("something was sent") }).await;
    let error = client().get(&url, Accept::Json, Some(&token), limits()).await.expect_err("not sendable");
    assert_eq!(error.code(), "fetch.unsendable");
}

#[tokio::test]
async fn a_request_made_elsewhere_is_sent_as_it_is() {
    let url = serve(|mut socket, head| async move {
        assert!(head.starts_with("POST /fhir HTTP/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
        let _ = socket
            .write_all(b"HTTP/1.1 400 Bad\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
            .await;
    })
    .await;
    let request = http::Request::post(url.as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(b"grant_type=refresh_token".to_vec())
        .expect("a request");
    let answer = client().send(request, limits()).await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (400, b"{}".as_slice()));
    assert_eq!(answer.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn plain_http_beyond_this_computer_is_refused_before_a_name_is_asked_for() {
    for (url, code) in [
        ("http://ehr.example.org/", "fetch.notHttps"),
        ("http://10.0.0.1/", "fetch.notHttps"),
        ("https://192.168.0.1/", "fetch.privateAddress"),
        ("https://169.254.169.254/latest/meta-data", "fetch.privateAddress"),
    ] {
        let url = Url::parse(url).expect("a url");
        assert_eq!(get(&url).await.expect_err("refused").code(), code);
    }
}
