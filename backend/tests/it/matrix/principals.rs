//! Who asks: people in every position, devices, and credentials that are none.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use shared_types::auth::Role;

use super::row::Relation;

/// What a credential is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There is none.
    Nobody,
    /// Nobody can be told from it: 401.
    Invalid,
    /// It is known, and may not be used: 403.
    Blocked,
    /// A device that waits for an admin's approval: 403, but for what it may know.
    Pending,
    /// A device.
    Device,
    /// A person, and what they are now.
    Person(Role),
}

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    /// For messages.
    pub(crate) name: String,
    /// The Bearer token; empty: none.
    pub(crate) bearer: String,
    /// What it is good for.
    pub(crate) standing: Standing,
    /// Whose things are "own": one of the world's people.
    pub(crate) person: &'static str,
}

impl Principal {
    /// Somebody with this credential.
    pub(crate) fn new(name: &str, bearer: &str, standing: Standing, person: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            bearer: bearer.to_owned(),
            standing,
            person,
        }
    }

    /// A manager or an admin, as things are.
    pub(crate) fn is_manager(&self) -> bool {
        matches!(self.standing, Standing::Person(Role::Manager | Role::Admin))
    }

    /// An admin, as things are.
    pub(crate) fn is_admin(&self) -> bool {
        self.standing == Standing::Person(Role::Admin)
    }

    /// Who stands in this relation to them; `None`: nobody does.
    pub(crate) fn related(&self, relation: Relation) -> Option<&'static str> {
        let [team, organization, elsewhere] = match self.person {
            // Rob is in a team of his own, under Otto.
            "ada" | "eve" | "mona" => [
                if self.person == "eve" { "ben" } else { "eve" },
                "rob",
                "hal",
            ],
            // Petra manages Eve's project, not Ben's team.
            "petra" => ["eve", "ben", "hal"],
            "otto" => ["rob", "eve", "hal"],
            "grace" => ["hal", "hal", "eve"],
            _ => ["eve", "rob", "hal"],
        };
        match relation {
            Relation::Own => Some(self.person),
            Relation::Team => Some(team),
            Relation::Organization => Some(organization),
            Relation::Elsewhere => Some(elsewhere),
            Relation::Random => None,
        }
    }
}

/// A part of a token: 0 is the header, 1 the claims.
fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64")).expect("JSON")
}

/// Which log-in it is that a token names.
pub(crate) fn login_of(token: &str) -> uuid::Uuid {
    let sid = part(token, 1)["sid"].take();
    sid.as_str().expect("a text").parse().expect("an id")
}

/// A token with other contents, well signed with the server's own key.
fn signed(header: &Value, claims: &Value, secret: &str) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("signs");
    format!("{message}.{signature}")
}

/// The token of one person with each claim changed, one by one, into another that would be
/// valid in some other token; each well signed. `other` is a valid token of a person of another
/// organization, `peer` of one in the same.
pub(crate) fn mutations(token: &str, peer: &str, other: &str, secret: &str) -> Vec<Principal> {
    let (header, claims) = (part(token, 0), part(token, 1));
    let (peers, others) = (part(peer, 1), part(other, 1));
    let seconds = |name: &str| claims[name].as_i64().expect("seconds");
    let mut made: Vec<(&str, Value, Value)> = Vec::new();
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!("rt+jwt")),
        ("kid", json!("000000000000")),
        ("kid", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("HS384")),
    ] {
        let mut header = header.clone();
        header[name] = value;
        made.push((name, header, claims.clone()));
    }
    for (name, value) in [
        ("iss", json!("another-issuer")),
        ("aud", json!("another-api")),
        ("aud", json!(["workpulse-api", "another-api", 1])),
        ("exp", json!(seconds("iat") - 1)),
        ("exp", json!(seconds("exp") + 86_400 * 365)),
        ("nbf", json!(seconds("exp") - 1)),
        ("iat", json!(seconds("iat") - 60)),
        ("sub", peers["sub"].clone()),
        ("sub", others["sub"].clone()),
        ("org", others["org"].clone()),
        ("org", json!("01a2052c-8fe7-777f-b75c-070bb6591ece")),
        ("sid", peers["sid"].clone()),
        ("sid", others["sid"].clone()),
        ("sid", json!("01a2052c-8fe7-777f-b75c-070bb6591ece")),
        ("role", json!("admin")),
    ] {
        let mut claims = claims.clone();
        claims[name] = value;
        made.push((name, header.clone(), claims));
    }
    let mut found: Vec<Principal> = made
        .iter()
        .map(|(name, header, claims)| {
            let token = signed(header, claims, secret);
            let name = format!("a token with another {name}");
            Principal::new(&name, &token, Standing::Invalid, "eve")
        })
        .collect();
    // Nothing changed: it is the change that the others are refused for.
    let same = signed(&header, &claims, secret);
    let eve = Standing::Person(Role::Employee);
    found.push(Principal::new(
        "eve, her token signed anew",
        &same,
        eve,
        "eve",
    ));
    let mut old = claims.clone();
    for name in ["iat", "nbf", "exp"] {
        old[name] = json!(seconds(name) - 3_600);
    }
    let expired = signed(&header, &old, secret);
    found.push(Principal::new(
        "an expired token",
        &expired,
        Standing::Invalid,
        "eve",
    ));
    let forged = signed(&header, &claims, "another-signing-secret-0123456789abcdef");
    found.push(Principal::new(
        "a token signed by somebody else",
        &forged,
        Standing::Invalid,
        "eve",
    ));
    found
}
