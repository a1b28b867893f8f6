//! The address the browser comes back to: 127.0.0.1, a random port, one fixed path, one launch (RFC 8252, section 7.3).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Largest request head that is read.
const MAX_HEAD: usize = 16 * 1024;
/// Longest time for one caller to send it.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// A listener that waits for one launch to come back.
#[derive(Debug)]
pub(crate) struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// What the browser is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown {
    /// The launch goes on in the window.
    Done,
    /// The launch failed; the window says why.
    Failed,
}

impl Loopback {
    /// Opens a random port.
    pub(crate) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Waits for a request to the redirect that `accept` takes; everything else (other paths, other methods, a foreign
    /// `Host`, a query that is not of this launch) is answered with an error and does not end the wait.
    pub(crate) async fn wait<T>(&self, accept: impl Fn(&str) -> Option<T>) -> std::io::Result<(T, Caller)> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let mut caller = Caller { stream };
            let head = match tokio::time::timeout(HEAD_TIME, caller.head()).await {
                Ok(Ok(head)) => head,
                // A caller that is slow, gone or too long is not ours.
                Ok(Err(_)) | Err(_) => continue,
            };
            match self.query(&head).and_then(&accept) {
                Some(taken) => return Ok((taken, caller)),
                None => caller.refuse().await,
            }
        }
    }

    fn query<'a>(&self, head: &'a str) -> Option<&'a str> {
        let mut lines = head.split("\r\n");
        let mut request = lines.next()?.split(' ');
        if request.next()? != "GET" {
            return None;
        }
        let query = request.next()?.strip_prefix("/callback?")?;
        let host = lines.filter_map(|l| l.split_once(':')).find(|(n, _)| n.eq_ignore_ascii_case("host"))?.1.trim();
        (host == format!("127.0.0.1:{}", self.port)).then_some(query)
    }
}

/// The browser that came back.
#[derive(Debug)]
pub(crate) struct Caller {
    stream: TcpStream,
}

impl Caller {
    async fn head(&mut self) -> std::io::Result<String> {
        let mut head = Vec::with_capacity(1024);
        let mut buffer = [0; 2048];
        while !head.windows(4).any(|w| w == b"\r\n\r\n") {
            let read = self.stream.read(&mut buffer).await?;
            head.extend_from_slice(buffer.get(..read).unwrap_or_default());
            if read == 0 || head.len() > MAX_HEAD {
                return Err(std::io::Error::other("no whole request head"));
            }
        }
        String::from_utf8(head).map_err(std::io::Error::other)
    }

    /// Answers with a page that says to go back to the window, and closes. The page names nobody and nothing.
    pub(crate) async fn answer(self, shown: Shown) {
        let (title, text) = match shown {
            Shown::Done => ("You can close this page", "Satchel goes on in its own window."),
            Shown::Failed => ("This did not work", "Satchel says why in its own window. You can close this page."),
        };
        let page = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title} · Satchel</title>\
             <h1>{title}</h1><p>{text}</p></html>"
        );
        self.write("200 OK", &page).await;
    }

    async fn refuse(self) {
        self.write("404 Not Found", "").await;
    }

    async fn write(mut self, status: &str, page: &str) {
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
             content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nx-content-type-options: nosniff\r\n\
             referrer-policy: no-referrer\r\ncache-control: no-store\r\nconnection: close\r\n\r\n",
            page.len()
        );
        // The browser may be gone already; the launch does not depend on its page.
        let _ = self.stream.write_all(head.as_bytes()).await;
        let _ = self.stream.write_all(page.as_bytes()).await;
        let _ = self.stream.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn send(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn only_the_launch_that_is_waited_for_ends_the_wait() {
        let loopback = Loopback::open().await.unwrap();
        let port = loopback.port;
        let wait = tokio::spawn(async move {
            let (query, caller) = loopback.wait(|q| q.contains("state=mine").then(|| q.to_owned())).await.unwrap();
            caller.answer(Shown::Done).await;
            query
        });
        let host = format!("host: 127.0.0.1:{port}\r\n\r\n");
        for foreign in [
            format!("GET /favicon.ico HTTP/1.1\r\n{host}"),
            format!("GET /callback?code=1&state=other HTTP/1.1\r\n{host}"),
            format!("POST /callback?code=1&state=mine HTTP/1.1\r\n{host}"),
            "GET /callback?code=1&state=mine HTTP/1.1\r\nhost: evil.example\r\n\r\n".to_owned(),
        ] {
            assert!(send(port, &foreign).await.starts_with("HTTP/1.1 404"), "{foreign}");
        }
        let answer = send(port, &format!("GET /callback?code=1&state=mine HTTP/1.1\r\n{host}")).await;
        assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("code=1"));
        assert_eq!(wait.await.unwrap(), "code=1&state=mine");
    }

    #[tokio::test]
    async fn an_endless_head_is_cut_off() {
        let loopback = Loopback::open().await.unwrap();
        let port = loopback.port;
        let wait = tokio::spawn(async move { loopback.wait(|q| Some(q.to_owned())).await.unwrap().0 });
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let _ = stream.write_all(&vec![b'a'; MAX_HEAD * 4]).await;
        drop(stream);
        let host = format!("host: 127.0.0.1:{port}\r\n\r\n");
        tokio::spawn(async move { send(port, &format!("GET /callback?ok HTTP/1.1\r\n{host}")).await });
        assert_eq!(wait.await.unwrap(), "ok");
    }
}
