//! Keys: Ed25519 (RFC 8032) in the forms that OpenSSL writes, PKCS#8 for the private and SPKI for the public one
//! (RFC 8410), both as PEM. The arithmetic is left to `ring`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

use crate::diagnostic::{Place, Problem, Problems};
use crate::digest::sha256;

/// Length of a public key in bytes.
const PUBLIC: usize = 32;

/// What stands before the 32 bytes of a private key in PKCS#8: version 0, the algorithm 1.3.101.112, and the lengths.
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// What stands before the 32 bytes of a public key in SPKI.
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// A private key.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// Reads a private key. `file` is where it comes from, for people; nothing of the key is ever told.
    ///
    /// # Errors
    /// Anything but an unencrypted PKCS#8 PEM of an Ed25519 key.
    pub fn from_pem(file: &str, text: &str) -> Result<SigningKey, Problems> {
        PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes())
            .ok()
            .and_then(|der| {
                // Version 1 of PKCS#8, which OpenSSL writes, holds no public key to check the private one by.
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der()).ok()
            })
            .map(SigningKey)
            .ok_or_else(|| {
                Problem::new(
                    "bundle/key",
                    Place::file(file),
                    "this is no private key of Ed25519 in PKCS#8 PEM without a password",
                )
                .help("make one with: affect-audit bundle --new-key FILE, or: openssl genpkey -algorithm ed25519")
                .into()
            })
    }

    /// Reads a private key as 32 bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Option<SigningKey> {
        Ed25519KeyPair::from_seed_unchecked(seed)
            .ok()
            .map(SigningKey)
    }

    /// Signs. The same key and message give the same signature.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    /// The key that others check by.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; PUBLIC];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }
}

/// A public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; PUBLIC]);

impl PublicKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// Anything but the PEM of an Ed25519 key.
    pub fn from_pem(file: &str, text: &str) -> Result<PublicKey, Problems> {
        SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes())
            .ok()
            .and_then(|der| der.strip_prefix(&SPKI)?.try_into().ok())
            .map(PublicKey)
            .ok_or_else(|| {
                Problem::new(
                    "bundle/public-key",
                    Place::file(file),
                    "this is no public key of Ed25519 in PEM",
                )
                .help("expected the .pub file that bundle --new-key wrote, or what openssl pkey -pubout gives")
                .into()
            })
    }

    /// The key as PEM.
    pub fn to_pem(self) -> String {
        pem("PUBLIC KEY", &self.der())
    }

    /// SHA-256 of the key in its standard form, in hexadecimal: what people compare.
    pub fn fingerprint(self) -> String {
        sha256([self.der().as_slice()])
    }

    /// Whether the signature is that of this key over this message.
    pub fn holds(self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(message, signature)
            .is_ok()
    }

    fn der(self) -> Vec<u8> {
        [SPKI.as_slice(), &self.0].concat()
    }
}

/// The 32 bytes of a private key as PEM. They must come from a generator of the system.
pub fn private_pem(seed: &[u8; 32]) -> String {
    pem("PRIVATE KEY", &[PKCS8.as_slice(), seed].concat())
}

/// Both kinds of keys fit on one line of base64.
fn pem(kind: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n",
        STANDARD.encode(der)
    )
}
