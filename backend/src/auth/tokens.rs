//! Access tokens: JWT, HS256, fifteen minutes, every claim checked.
//!
//! A token says who logged in with which log-in, not what they may do: role and status are
//! looked up, so that a change bites at once. The signing secret may hold several keys,
//! separated by white space: the first signs, the others are still accepted (rotation with an
//! overlap of one token's life).

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode_header};
use serde::{Deserialize, Serialize};
use shared_types::{OrganizationId, Timestamp, UserId};
use uuid::Uuid;

use super::opaque::sha256;

/// How long an access token may be used, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// By how much clocks of two servers may differ, in seconds.
const SKEW_SECONDS: i64 = 5;
const ISSUER: &str = "workpulse";
const AUDIENCE: &str = "workpulse-api";
/// RFC 9068: an access token, and nothing else that one might sign one day.
const TYPE: &str = "at+jwt";
const SHORTEST_KEY: usize = 32;

/// The signing secret cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the signing secret is too short: each of its keys needs at least 32 characters. Nothing was \
     started. Set WORKPULSE_SECRET (or WORKPULSE_SECRET_FILE) to something like the output of \
     `openssl rand -base64 48`, or leave it out to have one made."
)]
pub struct SecretProblem;

/// The token is not one of ours, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidToken;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The person.
    pub sub: UserId,
    /// Their organization.
    pub org: OrganizationId,
    /// The log-in (the refresh tokens' family) that this token belongs to.
    pub sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

struct Key {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// The keys that sign and check access tokens.
pub struct TokenKeys {
    keys: Vec<Key>,
    validation: Validation,
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<&str> = self.keys.iter().map(|key| key.id.as_str()).collect();
        f.debug_struct("TokenKeys")
            .field("keys", &ids)
            .finish_non_exhaustive()
    }
}

impl TokenKeys {
    /// From the signing secret: keys separated by white space, the signing one first.
    pub fn new(secret: &str) -> Result<Self, SecretProblem> {
        let keys: Vec<Key> = secret
            .split_whitespace()
            .map(|text| {
                if text.len() < SHORTEST_KEY {
                    return Err(SecretProblem);
                }
                Ok(Key {
                    id: hex::encode(&sha256(&format!("workpulse key id: {text}"))[..6]),
                    encoding: EncodingKey::from_secret(text.as_bytes()),
                    decoding: DecodingKey::from_secret(text.as_bytes()),
                })
            })
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(SecretProblem);
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library would read the machine's clock; ours is injected and checked below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self { keys, validation })
    }

    /// A new token for a person's log-in.
    #[must_use]
    pub fn issue(&self, org: OrganizationId, sub: UserId, sid: Uuid, now: Timestamp) -> String {
        let seconds = now.as_millis().div_euclid(1_000);
        self.sign(&Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub,
            org,
            sid,
            iat: seconds,
            nbf: seconds,
            exp: seconds + ACCESS_SECONDS,
        })
    }

    fn sign(&self, claims: &Claims) -> String {
        let key = self
            .keys
            .first()
            .expect("the constructor refuses an empty set");
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id.clone());
        jsonwebtoken::encode(&header, claims, &key.encoding)
            .expect("claims are strings and numbers, and the key fits the algorithm")
    }

    /// Checks signature, algorithm, type, issuer, audience and times.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, InvalidToken> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::HS256 {
            return Err(InvalidToken);
        }
        let key = self
            .keys
            .iter()
            .find(|key| header.kid.as_deref() == Some(&key.id))
            .ok_or(InvalidToken)?;
        let claims: Claims = jsonwebtoken::decode(token, &key.decoding, &self.validation)
            .map_err(|_| InvalidToken)?
            .claims;
        let seconds = now.as_millis().div_euclid(1_000);
        let current = claims.nbf <= seconds + SKEW_SECONDS && seconds < claims.exp;
        let ours = claims.exp - claims.iat == ACCESS_SECONDS && claims.nbf == claims.iat;
        if current && ours {
            Ok(claims)
        } else {
            Err(InvalidToken)
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "a secret needs 32 characters, and".trim_ascii();
    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";
    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn issue(keys: &TokenKeys) -> String {
        keys.issue(
            OrganizationId(Uuid::from_u128(1)),
            UserId(Uuid::from_u128(2)),
            Uuid::from_u128(3),
            NOW,
        )
    }

    fn part(token: &str, index: usize) -> Value {
        let text = token.split('.').nth(index).expect("three parts");
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64")).expect("json")
    }

    /// The same token with other contents, properly signed with our own key.
    fn resigned(keys: &TokenKeys, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(
            message.as_bytes(),
            &keys.keys[0].encoding,
            Algorithm::HS256,
        )
        .expect("signs");
        format!("{message}.{signature}")
    }

    #[test]
    fn a_fresh_token_is_read_back() {
        let keys = TokenKeys::new(NEW).expect("long enough");
        let claims = keys.verify(&issue(&keys), NOW).expect("valid");
        assert_eq!(claims.sub, UserId(Uuid::from_u128(2)));
        assert_eq!(claims.sid, Uuid::from_u128(3));
    }

    #[test]
    fn every_claim_that_is_changed_or_left_out_is_refused_though_well_signed() {
        let keys = TokenKeys::new(NEW).expect("long enough");
        let token = issue(&keys);
        let (header, claims) = (part(&token, 0), part(&token, 1));
        assert!(keys.verify(&resigned(&keys, &header, &claims), NOW).is_ok());
        let wrong = json!({
            "iss": "someone", "aud": "another-api", "sub": "not-an-id", "org": 7, "sid": null,
            "iat": 0, "nbf": 9_000_000_000_i64, "exp": 1,
        });
        for (name, value) in wrong.as_object().expect("an object") {
            let mut changed = claims.clone();
            changed[name] = value.clone();
            assert!(
                keys.verify(&resigned(&keys, &header, &changed), NOW)
                    .is_err(),
                "{name} changed"
            );
            let mut missing = claims.clone();
            missing.as_object_mut().expect("an object").remove(name);
            assert!(
                keys.verify(&resigned(&keys, &header, &missing), NOW)
                    .is_err(),
                "{name} left out"
            );
        }
        for (name, value) in [
            ("typ", json!("JWT")),
            ("kid", json!("other")),
            ("alg", json!("HS512")),
            ("alg", json!("none")),
        ] {
            let mut changed = header.clone();
            changed[name] = value;
            assert!(
                keys.verify(&resigned(&keys, &changed, &claims), NOW)
                    .is_err(),
                "{name} changed"
            );
        }
    }

    #[test]
    fn every_flipped_character_is_refused() {
        let keys = TokenKeys::new(NEW).expect("long enough");
        let token = issue(&keys);
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ascii");
            assert!(keys.verify(&changed, NOW).is_err(), "character {index}");
        }
    }

    #[test]
    fn a_token_ends_after_fifteen_minutes_and_begins_when_made() {
        let keys = TokenKeys::new(NEW).expect("long enough");
        let token = issue(&keys);
        assert!(
            keys.verify(&token, NOW.plus_seconds(ACCESS_SECONDS - 1))
                .is_ok()
        );
        assert!(
            keys.verify(&token, NOW.plus_seconds(ACCESS_SECONDS))
                .is_err()
        );
        assert!(
            keys.verify(&token, NOW.plus_seconds(-SKEW_SECONDS - 1))
                .is_err()
        );
    }

    #[test]
    fn an_old_key_is_accepted_until_it_is_taken_out() {
        let before = TokenKeys::new(OLD).expect("long enough");
        let during = TokenKeys::new(&format!("{NEW}\n{OLD}\n")).expect("long enough");
        let after = TokenKeys::new(NEW).expect("long enough");
        let token = issue(&before);
        assert!(during.verify(&token, NOW).is_ok());
        assert!(after.verify(&token, NOW).is_err());
        assert!(after.verify(&issue(&during), NOW).is_ok());
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(TokenKeys::new("").is_err());
        assert!(TokenKeys::new("short").is_err());
        assert!(
            TokenKeys::new(SECRET).is_err(),
            "white space separates keys"
        );
    }
}
