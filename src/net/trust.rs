//! Whose certificates are believed: the system's, and the owner's extra file for a server of their own. There is no
//! switch to believe everything; a name or chain that does not fit ends the connection.
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("the certificate file {} cannot be read ({why}): `tls_ca` must name a PEM file", .path.display())]
    File { path: PathBuf, why: String },
    #[error("no trusted certificates were found on this system: install the package ca-certificates, or set `tls_ca`")]
    NoRoots,
    #[error("TLS could not be set up: {0}")]
    Setup(String),
}

/// TLS 1.2 and 1.3 by ring, the system's roots and those of `extra`.
pub fn client_config(extra: Option<&Path>) -> Result<Arc<ClientConfig>, TrustError> {
    let mut roots = RootCertStore::empty();
    // A broken certificate among the system's many is not the owner's affair; only a wholly empty store is.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = extra {
        add_file(&mut roots, path)?;
    }
    if roots.is_empty() {
        return Err(TrustError::NoRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|e| TrustError::Setup(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), TrustError> {
    let bad = |why: String| TrustError::File { path: path.to_owned(), why };
    let mut any = false;
    for cert in CertificateDer::pem_file_iter(path).map_err(|e| bad(e.to_string()))? {
        let cert = cert.map_err(|e| bad(e.to_string()))?;
        roots.add(cert).map_err(|e| bad(e.to_string()))?;
        any = true;
    }
    if any { Ok(()) } else { Err(bad("it holds no certificate".to_owned())) }
}
