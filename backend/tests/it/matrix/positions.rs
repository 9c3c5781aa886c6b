//! Every place of a request that holds an id: each is swapped by a row of the matrix, or it is said
//! where it is swapped, or why it leads to nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use workpulse_server::http::pipeline;

use super::{mounted, rows};

/// What is said of a place whose name is not that of a slot of its row.
#[derive(Debug, Clone, Copy)]
enum Said {
    /// The slot by which the row swaps it.
    Slot(&'static str),
    /// Which test swaps it.
    In(&'static str),
    /// Why it leads to nobody's thing.
    Leads(&'static str),
}

use Said::{In, Leads, Slot};

const MADE: &str = "made by whoever sends it, and looked up among their own";

/// Places that no slot is named after.
const PLACES: &[(&str, &str, Said)] = &[
    (
        "POST /api/v1/alerts/resolve",
        "body.ids[]",
        Slot("alert_id"),
    ),
    (
        "POST /api/v1/auth/login",
        "body.organization_id",
        In("log_in.rs: an address that two organizations have"),
    ),
    (
        "POST /api/v1/auth/register",
        "body.organization_id",
        In("joining.rs: an organization that is closed, unknown, open"),
    ),
    (
        "PUT /api/v1/category-rules",
        "body.rules[].category_id",
        In("batch.rs"),
    ),
    (
        "POST /api/v1/category-rules/preview",
        "body.rules[].category_id",
        In("batch.rs"),
    ),
    ("POST /api/v1/devices", "body.device_id", In("batch.rs")),
    (
        "PUT /api/v1/policy",
        "body.window_rules[].category_id",
        In("category_only.rs: policies name only categories that there are"),
    ),
    (
        "PUT /api/v1/teams/{id}/policy",
        "body.window_rules[].category_id",
        In("category_only.rs: policies name only categories that there are"),
    ),
    (
        "POST /api/v1/policy/preview",
        "body.policy.window_rules[].category_id",
        Leads("nothing is looked up by it: who asks is answered their own ids"),
    ),
    (
        "POST /api/v1/sync",
        "body.items[].item.activity.category_id",
        In("category_only.rs: a category of nobody or of others is none"),
    ),
    (
        "POST /api/v1/devices/enrol",
        "body.device_id",
        In("batch.rs"),
    ),
    (
        "POST /api/v1/sessions/start",
        "body.session_id",
        In("batch.rs"),
    ),
    ("POST /api/v1/sync", "body.epoch", Leads(MADE)),
    (
        "POST /api/v1/sync",
        "body.items[].item.activity.session_id",
        In("batch.rs"),
    ),
    (
        "POST /api/v1/sync",
        "body.items[].item.session_started.project_id",
        In("batch.rs"),
    ),
    (
        "POST /api/v1/sync",
        "body.items[].item.session_started.session_id",
        In("batch.rs"),
    ),
    (
        "POST /api/v1/sync",
        "body.items[].item.session_stopped.session_id",
        In("batch.rs"),
    ),
];

/// Goes through a schema and notes every id in it under its place.
fn note(
    schemas: &Value,
    schema: &Value,
    place: &str,
    within: &[&str],
    found: &mut BTreeSet<String>,
) {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        // A schema inside itself has been noted.
        if !within.contains(&name) {
            let within = [within, &[name]].concat();
            note(schemas, &schemas[name], place, &within, found);
        }
        return;
    }
    if schema["format"] == "uuid" {
        found.insert(place.to_owned());
    }
    for several in ["allOf", "anyOf", "oneOf"] {
        for part in schema[several].as_array().into_iter().flatten() {
            note(schemas, part, place, within, found);
        }
    }
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        note(schemas, part, &format!("{place}.{name}"), within, found);
    }
    for (field, mark) in [("items", "[]"), ("additionalProperties", "{}")] {
        if schema[field].is_object() {
            let place = format!("{place}{mark}");
            note(schemas, &schema[field], &place, within, found);
        }
    }
}

/// Every place of an id, by route.
fn places() -> BTreeMap<String, BTreeSet<String>> {
    let document = serde_json::to_value(pipeline::document()).expect("it is JSON");
    let schemas = &document["components"]["schemas"];
    let mut all = BTreeMap::new();
    for (route, operation) in mounted::operations() {
        let mut found = BTreeSet::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let text = |name: &str| parameter[name].as_str().expect("a text");
            let place = format!("{}.{}", text("in"), text("name"));
            note(schemas, &parameter["schema"], &place, &[], &mut found);
        }
        let contents = operation["requestBody"]["content"].as_object();
        for (_, content) in contents.into_iter().flatten() {
            note(schemas, &content["schema"], "body", &[], &mut found);
        }
        all.insert(route, found);
    }
    all
}

#[test]
fn every_place_of_an_id_is_swapped_or_says_why_not() {
    let rows = rows::all();
    let mut missing = Vec::new();
    let mut said: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut count = 0;
    for (route, places) in places() {
        let row = rows.iter().find(|row| row.route == route);
        let slots: Vec<&str> = row
            .into_iter()
            .flat_map(|row| row.slots.iter().map(|slot| slot.name))
            .collect();
        for place in places {
            count += 1;
            let leaf = place.rsplit('.').next().expect("a name");
            let known = PLACES
                .iter()
                .find(|(of, at, _)| *of == route && *at == place);
            let swapped = match known {
                Some((of, at, what)) => {
                    said.insert((of, at));
                    match what {
                        Slot(name) => slots.contains(name),
                        In(text) | Leads(text) => !text.is_empty(),
                    }
                }
                None => slots.contains(&leaf),
            };
            if !swapped {
                missing.push(format!("{route}: {place}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "these ids are swapped by nothing: {missing:#?}\nGive the row a slot of this name, or say in \
         backend/tests/it/matrix/positions.rs where it is swapped or why it leads to nothing"
    );
    let named: BTreeSet<(&str, &str)> = PLACES.iter().map(|(of, at, _)| (*of, *at)).collect();
    assert_eq!(
        said, named,
        "left: places that are there; right: what is said of places"
    );
    assert!(count > 80, "only {count} places were found");
}
