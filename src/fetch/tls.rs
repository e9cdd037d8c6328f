//! How TLS is spoken: rustls with ring, the machine's certificate authorities, no provider set for the whole process.

use std::sync::Arc;

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// Whether certificates are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Trust {
    /// They are.
    Checked,
    /// Any is taken: `insecure_tls = true`.
    Any,
}

/// What every connection's TLS is made from; the authorities are read once.
pub(super) struct Tls {
    provider: Arc<CryptoProvider>,
    roots: Arc<RootCertStore>,
}

impl Tls {
    pub(super) fn new() -> Self {
        let mut roots = RootCertStore::empty();
        // Unreadable files are passed over: the others may do, and with none at all every https page says so.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self { provider: Arc::new(ring::default_provider()), roots: Arc::new(roots) }
    }

    /// Whether the machine has no certificate authorities, so that no https page can be trusted.
    pub(super) fn knows_nobody(&self) -> bool {
        self.roots.is_empty()
    }

    pub(super) fn config(&self, trust: Trust, protocols: &[&str]) -> Result<ClientConfig, rustls::Error> {
        let builder =
            ClientConfig::builder_with_provider(self.provider.clone()).with_safe_default_protocol_versions()?;
        let mut config = match trust {
            Trust::Checked => builder.with_root_certificates(self.roots.clone()).with_no_client_auth(),
            Trust::Any => {
                let verifier = Arc::new(AnyCertificate { provider: self.provider.clone() });
                builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
            }
        };
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        Ok(config)
    }
}

/// Takes any certificate, but still wants the handshake signed with its key.
#[derive(Debug)]
struct AnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
