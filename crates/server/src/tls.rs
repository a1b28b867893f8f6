use std::sync::Arc;

use thiserror::Error;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::setting::Tls;

/// Why a certificate and its key are of no use.
#[derive(Debug, Error)]
pub enum TlsError {
    /// One of them is not PEM of the right kind.
    #[error("the certificate or its key does not read")]
    Pem(#[source] pem::Error),
    /// They do not belong together, or are of a kind that is not spoken.
    #[error("the certificate and its key cannot be used")]
    Pair(#[source] tokio_rustls::rustls::Error),
}

/// TLS 1.2 and 1.3 with the usual suites; HTTP/1.1 alone is offered.
pub(crate) fn acceptor(tls: &Tls) -> Result<TlsAcceptor, TlsError> {
    let chain = CertificateDer::pem_slice_iter(tls.certificate_pem.as_bytes()).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(TlsError::Pem)?;
    let key = PrivateKeyDer::from_pem_slice(tls.key_pem.expose().as_bytes()).map_err(TlsError::Pem)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::Pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
