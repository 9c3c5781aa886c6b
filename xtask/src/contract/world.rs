//! Whom and what the passes meet: an organization with people of each role, a team, a
//! project, a device that has worked, people to throw away, and `things`.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::things::{self, Ids};
use crate::{
    clock::now,
    demo::{api::Api, seed::log_in},
};

const PASSWORD: &str = "violet tractor ninety clouds";

/// Who and what there is.
pub(super) struct World {
    /// Credentials by the caller's name.
    tokens: BTreeMap<String, String>,
    /// What everybody meets.
    ids: Ids,
    /// What belongs to one caller, by their name.
    own: BTreeMap<String, Ids>,
}

fn text(value: &Value, key: &str) -> Result<String> {
    let found = value[key].as_str();
    Ok(found
        .with_context(|| format!("no {key} in {value}"))?
        .to_owned())
}

impl World {
    /// Makes it, through the front door. The server's data lie in `data`, unless it has a
    /// database of its own.
    pub(super) fn make(
        api: &Api,
        throw_away: usize,
        data: &Path,
        database: Option<&str>,
    ) -> Result<Self> {
        let set_up = json!({
            "organization_name": "Contract", "time_zone": "Europe/Berlin",
            "name": "Ada", "email": "ada@contract.example", "password": PASSWORD,
        });
        let _: Value = api.post("/setup", None, &set_up)?;
        let admin = log_in(api, "ada@contract.example", PASSWORD)?;
        let mut tokens = BTreeMap::new();
        let mut people = BTreeMap::new();
        let mut roles = vec![
            ("manager".to_owned(), "manager"),
            ("employee".to_owned(), "employee"),
            ("victim".to_owned(), "employee"),
        ];
        roles.extend((0..throw_away).map(|number| (format!("throw-away-{number}"), "admin")));
        for (name, role) in roles {
            let email = format!("{name}@contract.example");
            let request =
                json!({ "name": name, "email": email, "role": role, "password": PASSWORD });
            let user: Value = api.post("/users", Some(&admin), &request)?;
            people.insert(name.clone(), text(&user, "id")?);
            tokens.insert(name, log_in(api, &email, PASSWORD)?);
        }
        let (employee, manager) = (people["employee"].clone(), people["manager"].clone());
        let (device, secret, session) = work(api, &admin, &employee)?;
        let (spare, _, _) = work(api, &admin, &people["victim"])?;
        let team: Value = api.post("/teams", Some(&admin), &json!({ "name": "Core" }))?;
        let team = text(&team, "id")?;
        for (person, manages) in [
            (&manager, true),
            (&employee, false),
            (&people["victim"], false),
        ] {
            let path = format!("/teams/{team}/members/{person}");
            api.put(&path, &admin, &json!({ "is_manager": manages }))?;
        }
        let project: Value = api.post("/projects", Some(&admin), &json!({ "name": "Site" }))?;
        let project = text(&project, "id")?;
        let path = format!("/projects/{project}/members/{manager}");
        api.put(&path, &admin, &json!({ "is_manager": true }))?;
        let mut ids = vec![
            ("users", vec![people["victim"].clone(), employee.clone()]),
            ("devices", vec![spare, device]),
            ("sessions", vec![session]),
            ("teams", vec![team]),
            ("projects", vec![project]),
            ("alerts", things::alerts(api, &admin, data, database)?),
        ];
        ids.extend(things::of_admins(api, &admin, &employee)?);
        tokens.insert("admin".to_owned(), admin);
        tokens.insert("device".to_owned(), secret);
        let mut own = BTreeMap::new();
        // A manager answers what the employee said; the employee goes on with their own.
        let answered = things::notes(api, &tokens["employee"], 3_000)?;
        for caller in ["employee", "manager", "admin"] {
            let mut of_caller = things::of_person(api, &tokens[caller])?;
            let mut notes = things::notes(api, &tokens[caller], 1_800)?;
            if caller != "employee" {
                notes.extend(answered.iter().cloned());
            }
            of_caller.push(("notes", notes));
            own.insert(caller.to_owned(), of_caller);
        }
        Ok(Self { tokens, ids, own })
    }

    /// What a caller meets: ids by the first word of the addresses that take them.
    pub(super) fn ids(&self, caller: &str) -> impl Iterator<Item = &(&'static str, Vec<String>)> {
        self.ids
            .iter()
            .chain(self.own.get(caller).into_iter().flatten())
    }

    /// The credential of somebody who was made.
    pub(super) fn token(&self, name: &str) -> String {
        self.tokens.get(name).expect("made above").clone()
    }
}

/// Enrols a device on which somebody has worked: its id, its secret, the session.
fn work(api: &Api, admin: &str, user: &str) -> Result<(String, String, String)> {
    let request = json!({ "user_id": user, "max_uses": 1 });
    let token: Value = api.post("/enrolment-tokens", Some(admin), &request)?;
    let device = new_id()?;
    let request = json!({
        "token": text(&token, "token")?, "device_id": device, "name": "desk",
        "os": "Debian 12", "agent_version": "0.1.0",
    });
    let enrolled: Value = api.post("/devices/enrol", None, &request)?;
    let secret = text(&enrolled, "device_secret")?;
    let session = new_id()?;
    let begin = now().plus_seconds(-1_200);
    let begin = begin.plus_millis(-begin.as_millis().rem_euclid(60_000));
    let mut items = vec![json!({
        "seq": 1, "item": { "session_started": { "session_id": session, "started_at": begin } },
    })];
    // Ten minutes of input, and ten without: long enough that somebody is told of it.
    for minute in 0..20_i64 {
        let kind = if minute < 10 { "active" } else { "idle" };
        items.push(json!({ "seq": minute + 2, "item": { "activity": {
            "session_id": session, "activity_type": kind, "duration_seconds": 60,
            "started_at": begin.plus_seconds(minute * 60), "application": "Editor",
        } } }));
    }
    let batch = json!({
        "device_id": device, "epoch": new_id()?, "clock": now(), "items": items,
    });
    let _: Value = api.post("/sync", Some(&secret), &batch)?;
    Ok((device, secret, session))
}

fn new_id() -> Result<String> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ids_and_differ() {
        let id = |text: String| uuid::Uuid::parse_str(&text).expect("an id");
        assert_ne!(id(new_id().expect("made")), id(new_id().expect("made")));
    }
}
