//! A certificate authority of one test, and the server's certificate signed by it.
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::{Path, PathBuf};

/// PEM files in a folder.
pub struct Certificates {
    pub ca: PathBuf,
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Certificates {
    /// For `localhost` and `127.0.0.1`.
    pub fn make(dir: &Path) -> Self {
        Self::make_for(dir, &["localhost", "127.0.0.1"])
    }

    pub fn make_for(dir: &Path, names: &[&str]) -> Self {
        let ca_key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.distinguished_name.push(DnType::CommonName, "A test's authority");
        let ca_cert = ca.self_signed(&ca_key).unwrap();
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        let cert = CertificateParams::new(names).unwrap().signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
        let file = |name: &str, text: String| {
            let path = dir.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        Certificates {
            ca: file("ca.pem", ca_cert.pem()),
            cert: file("cert.pem", cert.pem()),
            key: file("key.pem", key.serialize_pem()),
        }
    }
}
