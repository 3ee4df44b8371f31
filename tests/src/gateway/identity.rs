//! An identity provider whose tokens the gateway's own JWT filter verifies.

use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

/// Who issues the tokens.
pub(super) const ISSUER: &str = "https://idp.example";

/// Signs tokens.
#[derive(Debug)]
pub struct Identity {
    key: SigningKey,
}

impl Default for Identity {
    fn default() -> Self {
        Self { key: SigningKey::from_bytes(&[7; 32]) }
    }
}

impl Identity {
    /// The keys that a gateway pins (RFC 7517, RFC 8037).
    #[must_use]
    pub fn key_set(&self) -> Value {
        let x = base64(self.key.verifying_key().as_bytes());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "test", "use": "sig", "x": x}]})
    }

    /// A token with this subject (RFC 7519).
    #[must_use]
    pub fn token(&self, subject: &str) -> String {
        let head = json!({"alg": "EdDSA", "typ": "JWT", "kid": "test"});
        let claims = json!({"iss": ISSUER, "sub": subject, "exp": 4_102_444_800_u64});
        let text =
            format!("{}.{}", base64(head.to_string().as_bytes()), base64(claims.to_string().as_bytes()));
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        format!("{text}.{}", base64(&signature))
    }
}

/// Base64 for URLs, without padding (RFC 4648 section 5).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [0, 1, 2].map(|at| chunk.get(at).copied().map_or(0, u32::from));
        let bits = three[0] << 16 | three[1] << 8 | three[2];
        for at in 0..=chunk.len() {
            let letter = LETTERS.get((bits >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'?');
            text.push(char::from(letter));
        }
    }
    text
}
