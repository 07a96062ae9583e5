//! The encryption of a connection: TLS whose certificate is checked against the authorities of the system, or those of a file, and
//! against the name of the server. There is no way to leave the check out.

use super::Address;
use crate::error::ServerCause;
use postgres::{CancelToken, Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// The way to speak to a server.
#[derive(Clone)]
pub(super) enum Connector {
    /// Without encryption, on this machine.
    Plain,
    /// With it.
    Encrypted(MakeRustlsConnect),
}

impl Connector {
    /// The way to the server of an address. `authorities` is the file of those that are trusted, where it is not the system's.
    ///
    /// # Errors
    /// The address asks for no encryption where it needs one; the authorities can't be read.
    pub(super) fn new(address: &Address, authorities: Option<&Path>) -> Result<Self, ServerCause> {
        match address.is_encrypted() {
            None => Err(ServerCause::Unencrypted),
            Some(false) => Ok(Self::Plain),
            Some(true) => {
                let roots = roots(address.authorities.as_deref().or(authorities))?;
                let provider = Arc::new(rustls::crypto::ring::default_provider());
                let config = ClientConfig::builder_with_provider(provider)
                    .with_safe_default_protocol_versions()
                    .map_err(|error| ServerCause::Untrusted(error.to_string()))?
                    .with_root_certificates(roots)
                    .with_no_client_auth();
                Ok(Self::Encrypted(MakeRustlsConnect::new(config)))
            }
        }
    }

    /// Connects.
    pub(super) fn connect(&self, config: &Config) -> Result<Client, postgres::Error> {
        match self {
            Self::Plain => config.connect(NoTls),
            Self::Encrypted(tls) => config.connect(tls.clone()),
        }
    }

    /// Ends the statement that a connection runs.
    pub(super) fn cancel(&self, token: &CancelToken) -> Result<(), postgres::Error> {
        match self {
            Self::Plain => token.cancel_query(NoTls),
            Self::Encrypted(tls) => token.cancel_query(tls.clone()),
        }
    }
}

/// The authorities that are trusted.
fn roots(file: Option<&Path>) -> Result<RootCertStore, ServerCause> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return if roots.is_empty() {
            Err(ServerCause::Authorities("this system has no authorities to check its certificate by".to_owned()))
        } else {
            Ok(roots)
        };
    };
    let unread = |why: &dyn std::fmt::Display| {
        ServerCause::Authorities(format!("the authorities in `{}` can't be read: {why}", file.display()))
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unread(&error))? {
        roots.add(certificate.map_err(|error| unread(&error))?).map_err(|error| unread(&error))?;
    }
    if roots.is_empty() { Err(unread(&"it holds no certificate")) } else { Ok(roots) }
}
