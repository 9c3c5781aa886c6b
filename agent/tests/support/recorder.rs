//! What the agent really sends: each route with the names of its query, its headers and the
//! fields of its body. Values are left out but for their kind.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Server;

/// Routes, such as `GET /api/v1/users/{id}/timeline`.
pub(crate) type Record = BTreeMap<String, Sent>;

/// What one route has been sent, over all requests.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Sent {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    query: BTreeSet<String>,
    headers: BTreeSet<String>,
    #[serde(skip_serializing_if = "Value::is_null")]
    body: Value,
    #[serde(skip)]
    times: usize,
}

/// More requests to one route are not looked into: a backlog is all alike.
const ENOUGH: usize = 100;

pub(super) async fn record(State(server): State<Server>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, 16 << 20).await else {
        // It broke off.
        return StatusCode::BAD_REQUEST.into_response();
    };
    let packed = parts.headers.contains_key(header::CONTENT_ENCODING);
    let plain = if packed {
        zstd::bulk::decompress(&bytes, 16 << 20).unwrap_or_default()
    } else {
        bytes.to_vec()
    };
    {
        let mut kept = server.kept.lock();
        let sent = kept
            .record
            .entry(format!("{} {}", parts.method, template(parts.uri.path())))
            .or_default();
        sent.times += 1;
        let query = parts.uri.query().unwrap_or_default();
        sent.query.extend(
            query
                .split('&')
                .filter_map(|pair| pair.split('=').next())
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        );
        sent.headers
            .extend(parts.headers.keys().map(|name| name.as_str().to_owned()));
        if sent.times <= ENOUGH
            && let Ok(body) = serde_json::from_slice(&plain)
        {
            merge(&mut sent.body, shape(&body));
        }
    }
    next.run(Request::from_parts(parts, Body::from(bytes)))
        .await
}

/// Ids are all alike.
fn template(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .map(|it| match uuid::Uuid::parse_str(it) {
            Ok(_) => "{id}",
            Err(_) => it,
        })
        .collect();
    segments.join("/")
}

fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(_) => json!("true or false"),
        Value::Number(_) => json!("number"),
        Value::String(_) => json!("text"),
        Value::Array(items) => {
            let mut all = Value::Null;
            for item in items {
                merge(&mut all, shape(item));
            }
            Value::Array(if all.is_null() { Vec::new() } else { vec![all] })
        }
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), shape(value)))
                .collect::<Map<_, _>>(),
        ),
    }
}

/// Everything that either shape has.
fn merge(known: &mut Value, new: Value) {
    match (known, new) {
        (Value::Object(known), Value::Object(new)) => {
            for (name, value) in new {
                merge(known.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(known), Value::Array(new)) => {
            for value in new {
                match known.first_mut() {
                    Some(first) => merge(first, value),
                    None => known.push(value),
                }
            }
        }
        (known, new) if known.is_null() => *known = new,
        _ => {}
    }
}
