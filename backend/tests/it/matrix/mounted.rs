//! What is mounted is what is documented: both are read, and compared.
//!
//! The router has no list of its routes, but its debug output does. Should a later version write
//! that otherwise, nothing is found and the comparison fails; it cannot pass by mistake.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use workpulse_server::http::pipeline;

use crate::harness::TestApp;

const METHODS: [&str; 9] = [
    "get", "head", "delete", "options", "patch", "post", "put", "trace", "connect",
];

/// Method and path of every documented operation, with its description.
pub(super) fn operations() -> BTreeMap<String, Value> {
    let document = serde_json::to_value(pipeline::document()).expect("it is JSON");
    let paths = document["paths"].as_object().expect("paths");
    let mut found = BTreeMap::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let route = format!("{} {path}", method.to_uppercase());
            assert!(found.insert(route, operation.clone()).is_none());
        }
    }
    found
}

/// Method and path of every documented operation.
pub(super) fn documented() -> BTreeSet<String> {
    operations().into_keys().collect()
}

/// Method and path of everything that this router answers by itself.
fn mounted(debug: &str) -> BTreeSet<String> {
    let own = debug
        .split(", fallback_router: ")
        .next()
        .expect("the router's own routes come first");
    let (routes, paths) = own
        .split_once(", node: Node { paths: {")
        .expect("the routes, then their paths");
    let mut path_of = BTreeMap::new();
    for entry in paths.split("RouteId(").skip(1) {
        let (id, rest) = entry.split_once("): \"").expect("an id and a path");
        path_of.insert(id, rest.split('"').next().expect("it ends"));
    }
    let mut found = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for entry in routes.split("RouteId(").skip(1) {
        let (id, rest) = entry.split_once("): ").expect("an id and a handler");
        let path = path_of[id];
        ids.insert(id);
        assert!(
            rest.starts_with("MethodRouter(MethodRouter {"),
            "{path} is served by something that is not in the route table"
        );
        for method in METHODS {
            let field = format!(" {method}: ");
            let handler = rest.split_once(&field).expect("each method is named").1;
            if !handler.starts_with("None") {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    assert_eq!(ids.len(), path_of.len(), "each path has its handler");
    found
}

/// The service as it runs has exactly the routes of the OpenAPI document.
pub(super) fn is_documented(app: &TestApp) {
    let service = pipeline::service(app.state().clone());
    assert_eq!(
        mounted(&format!("{service:?}")),
        documented(),
        "left: what is mounted; right: what the OpenAPI document says. Every route goes into \
         backend/src/http/routes.rs with `routes!`, and nowhere else."
    );
}

/// And none answers a method that is not documented: 405, with those that are.
pub(super) async fn other_methods_are_refused(app: &TestApp) {
    let mut by_path: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for route in documented() {
        let (method, path) = route.split_once(' ').expect("method and path");
        let methods = by_path.entry(path.to_owned()).or_default();
        methods.insert(method.to_owned());
        if method == "GET" {
            methods.insert("HEAD".to_owned());
        }
    }
    for (path, methods) in by_path {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            if methods.contains(method) {
                continue;
            }
            let method: reqwest::Method = method.parse().expect("a method");
            let answer = app.send(app.request(method.clone(), &path)).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            let allowed: BTreeSet<String> = answer.headers["allow"]
                .to_str()
                .expect("ascii")
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect();
            assert_eq!(allowed, methods, "{path}");
        }
    }
}

#[test]
fn a_route_that_is_mounted_past_the_table_is_found() {
    let router: axum::Router = axum::Router::new()
        .route("/a", axum::routing::get(|| async {}))
        .route(
            "/b/{id}",
            axum::routing::post(|| async {}).delete(|| async {}),
        );
    let found = mounted(&format!("{router:?}"));
    let expected = ["GET /a", "POST /b/{id}", "DELETE /b/{id}"];
    assert_eq!(found, expected.into_iter().map(str::to_owned).collect());
}
