use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::connections::{Connections, Place};
use crate::house::{House, enter};
use crate::owner::Owner;
use crate::setting::{DoorSetting, Limits, Listen};
use crate::tls::{TlsError, acceptor};
use crate::written::Written;

/// How long requests under way may still take once the server is told to stop.
const LAST: Duration = Duration::from_secs(5);

/// Why the server did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken, or not ours.
    #[error("the address could not be listened at")]
    Listen(#[source] std::io::Error),
    /// The certificate and its key are of no use.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The public base URL is not `https://host[:port]`, or `http` beyond loopback.
    #[error("the public address is no origin that this server can be reached at")]
    Public,
}

/// A server that has its address and answers nobody yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    base: String,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

/// A started server. It stops when told, or when dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Under which URL it is reached: the issuer.
    pub base: String,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Takes the address. The base URL is known from then on ([`Server::base`]), for the issuer of the authorization
    /// server.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn bind(setting: DoorSetting) -> Result<Self, StartError> {
        let tls = match &setting.listen {
            Listen::Loopback { .. } => None,
            Listen::Network { tls, .. } => Some(acceptor(tls)?),
        };
        let listener = TcpListener::bind(setting.listen.address()).await.map_err(StartError::Listen)?;
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = setting.public.unwrap_or_else(|| format!("{scheme}://{address}"));
        if !is_origin(&base) {
            return Err(StartError::Public);
        }
        Ok(Self { listener, address, base, tls, limits: setting.limits })
    }

    /// Under which URL it will be reached, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes the address and answers for an owner who knows the base URL already.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start<O: Owner>(setting: DoorSetting, owner: Arc<O>) -> Result<Running, StartError> {
        Ok(Self::bind(setting).await?.serve(owner))
    }

    /// Answers for this owner from now on.
    pub fn serve<O: Owner>(self, owner: Arc<O>) -> Running {
        let (stop, told) = watch::channel(false);
        let (address, base) = (self.address, self.base.clone());
        let house = House::new(owner, &self.base, self.address, self.limits);
        let task = tokio::spawn(self.listen(Arc::new(house), told));
        tracing::info!(%address, "the server listens");
        Running { address, base, stop, task }
    }

    async fn listen<O: Owner>(self, house: Arc<House<O>>, mut told: watch::Receiver<bool>) {
        let connections = Arc::new(Connections::new(self.limits.connections));
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = told.changed() => break,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, most likely: some are free again in a moment.
                    tracing::warn!(kind = %error.kind(), "a connection could not be taken");
                    sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            // Full of requests under way: the newcomer is let go.
            let Some(place) = connections.enter(peer.ip()) else { continue };
            let task = Connection {
                house: Arc::clone(&house),
                tls: self.tls.clone(),
                limits: self.limits,
                told: told.clone(),
                place: Arc::new(place),
            };
            tokio::spawn(task.run(stream));
        }
        drop(self.listener);
        connections.emptied(LAST).await;
    }
}

impl Running {
    /// Takes no more connections, lets requests under way end, and returns when all is quiet.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if (&mut self.task).await.is_err() {
            tracing::error!("the server ended before it was told to");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

struct Connection<O> {
    house: Arc<House<O>>,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    told: watch::Receiver<bool>,
    place: Arc<Place>,
}

impl<O: Owner> Connection<O> {
    async fn run(self, stream: TcpStream) {
        let place = Arc::clone(&self.place);
        tokio::select! {
            () = self.speak(stream) => {}
            () = place.taken() => {}
        }
    }

    async fn speak(self, stream: TcpStream) {
        // Answers are written in one piece; waiting to fill a packet would only delay them.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        match &self.tls {
            None => self.answer(stream).await,
            Some(tls) => {
                if let Ok(Ok(stream)) = timeout(self.limits.head_time, tls.accept(stream)).await {
                    self.answer(stream).await;
                }
            }
        }
    }

    async fn answer(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { house, limits, mut told, place, .. } = self;
        let router: Router = Router::new().fallback(enter::<O>).layer(Extension(place)).with_state(house);
        let mut http = auto::Builder::new(TokioExecutor::new()).http1_only();
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head_time)
            .max_buf_size(limits.head_bytes.max(8_192))
            .max_headers(limits.headers)
            .half_close(false);
        let io = TokioIo::new(Written::new(stream, limits.write_time));
        let connection = http.serve_connection(io, TowerToHyperService::new(router));
        let mut connection = std::pin::pin!(connection);
        let over = tokio::select! {
            ended = connection.as_mut() => Some(ended),
            _ = told.changed() => None,
            () = sleep(limits.connection_time) => None,
        };
        let ended = match over {
            Some(ended) => ended,
            None => {
                connection.as_mut().graceful_shutdown();
                match timeout(limits.request_time, connection).await {
                    Ok(ended) => ended,
                    Err(_) => return,
                }
            }
        };
        if ended.is_err() {
            tracing::debug!("a connection broke off");
        }
    }
}

/// `https://host[:port]`, or `http` on loopback; nothing behind it.
fn is_origin(base: &str) -> bool {
    let Ok(url) = Url::parse(base) else { return false };
    let loopback = types::is_loopback(&url);
    (url.scheme() == "https" || url.scheme() == "http" && loopback) && url.origin().ascii_serialization() == base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_an_origin_and_beyond_loopback_encrypted() {
        for good in ["https://my.example", "https://my.example:8443", "http://127.0.0.1:8731", "http://localhost:1"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "http://my.example",
            "https://my.example/",
            "https://my.example/x",
            "https://a:b@my.example",
            "ftp://a",
            "",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
