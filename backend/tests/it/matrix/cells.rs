//! The cells of the matrix, and the requests that they stand for.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder, header};
use serde_json::Value;
use uuid::Uuid;
use workpulse_server::clock::{Clock as _, SystemClock};

use super::{
    principals::{Principal, Standing},
    row::{Relation, Row, Who},
    world::World,
};
use crate::harness::{Answer, BEGINNING, TestApp};

/// One route, one principal, one id swapped.
#[derive(Clone, Copy)]
pub(crate) struct Cell<'w> {
    /// The route.
    pub(crate) row: &'w Row,
    /// Who asks.
    pub(crate) principal: &'w Principal,
    /// Which id is swapped, and for whose.
    pub(crate) swapped: Option<(usize, Relation)>,
}

impl std::fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} as {}", self.row.route, self.principal.name)?;
        if let Some((slot, relation)) = self.swapped {
            let slot = self.row.slots[slot];
            write!(f, ", {} ({:?}): {relation:?}", slot.name, slot.thing)?;
        }
        Ok(())
    }
}

/// The cells of a row and a principal.
pub(crate) fn cells<'w>(row: &'w Row, principal: &'w Principal) -> Vec<Cell<'w>> {
    // Routes for everybody look at no credential: a few principals show it.
    let sampled = [
        "nobody",
        "a malformed token",
        "eve",
        "a device",
        "a suspended person",
        "grace",
    ];
    if row.who == Who::Everybody && !sampled.contains(&principal.name.as_str()) {
        return Vec::new();
    }
    let cell = |swapped| Cell {
        row,
        principal,
        swapped,
    };
    if row.slots.is_empty() {
        return vec![cell(None)];
    }
    // Who is not let in at all is so whatever they ask for; three relations show it.
    let known = matches!(principal.standing, Standing::Device | Standing::Person(_));
    let relations = Relation::ALL
        .into_iter()
        .filter(|relation| known || !matches!(relation, Relation::Team | Relation::Organization));
    relations
        .flat_map(|relation| (0..row.slots.len()).map(move |slot| (slot, relation)))
        .map(|swapped| cell(Some(swapped)))
        .collect()
}

/// A route's address with one of the people's things, ready for one more parameter.
pub(crate) fn address(world: &World, row: &Row, owner: &str) -> String {
    let things = &world.person(owner).things;
    let ids: BTreeMap<&'static str, Uuid> = row
        .slots
        .iter()
        .map(|slot| (slot.name, things[&slot.thing]))
        .collect();
    let path = ids
        .iter()
        .fold(row.pattern().to_owned(), |path, (name, id)| {
            path.replace(&format!("{{{name}}}"), &id.to_string())
        });
    let ask = Ask {
        world,
        ids,
        before: Value::Null,
        serial: world.count(),
    };
    match row.query {
        Some(query) => format!("{path}?{}&", query(&ask)),
        None => format!("{path}?"),
    }
}

/// What a row's body and query may ask for.
pub(crate) struct Ask<'w> {
    world: &'w World,
    ids: BTreeMap<&'static str, Uuid>,
    /// What the path of [`Row::reads`] said before.
    pub(crate) before: Value,
    /// Counts the requests.
    pub(crate) serial: u32,
}

impl Ask<'_> {
    /// The id of this name, as a text.
    pub(crate) fn id(&self, name: &str) -> String {
        self.ids[name].to_string()
    }

    /// An id that nobody has used.
    #[expect(clippy::unused_self, reason = "rows read as one language")]
    pub(crate) fn unique_id(&self) -> String {
        SystemClock.new_uuid().to_string()
    }

    /// A text that nobody has used.
    pub(crate) fn unique(&self, word: &str) -> String {
        format!("{word} {}", self.serial)
    }

    /// An address that nobody has used.
    pub(crate) fn unique_email(&self) -> String {
        format!("p{}@new.test", self.serial)
    }

    /// The address of a person who was made for this request, by the name of their id.
    pub(crate) fn email_of(&self, name: &str) -> String {
        self.world.email_of(self.ids[name])
    }

    /// An instant, in seconds from now.
    #[expect(clippy::unused_self, reason = "rows read as one language")]
    pub(crate) fn at(&self, seconds: i64) -> String {
        BEGINNING.plus_seconds(seconds).to_string()
    }
}

/// An answer, and what was asked.
pub(crate) struct Asked {
    /// The answer.
    pub(crate) answer: Answer,
    /// Everything that was sent but the credential: what an answer may repeat.
    pub(crate) sent: String,
}

impl Cell<'_> {
    /// The status that it must have.
    pub(crate) fn expected(&self) -> u16 {
        self.row.expected(self.principal, self.swapped)
    }

    /// Whether it must do what it asks for.
    pub(crate) fn is_allowed(&self) -> bool {
        self.expected() == self.row.status && self.row.admits(self.principal).is_ok()
    }

    /// Whose thing each slot names.
    fn relation(&self, index: usize) -> Relation {
        match self.swapped {
            Some((at, relation)) if at == index => relation,
            _ => self.row.slots[index].good(self.principal),
        }
    }

    /// Sends the request.
    pub(crate) async fn ask(&self, app: &TestApp, world: &World) -> Asked {
        let row = self.row;
        let mut ids = BTreeMap::new();
        for (index, slot) in row.slots.iter().enumerate() {
            let owner = self.principal.related(self.relation(index));
            let new = index == 0 && row.uses_up && self.is_allowed();
            let id = match owner {
                None => SystemClock.new_uuid(),
                Some(owner) if new => world.make(app, owner, slot.thing).await,
                Some(owner) => world.person(owner).things[&slot.thing],
            };
            ids.insert(slot.name, id);
        }
        let path = |pattern: &str| {
            ids.iter().fold(pattern.to_owned(), |path, (name, id)| {
                path.replace(&format!("{{{name}}}"), &id.to_string())
            })
        };
        let before = match row.reads {
            Some(pattern) => world.read_before(app, self.principal, &path(pattern)).await,
            None => Value::Null,
        };
        let mut target = row.path.map_or_else(|| path(row.pattern()), str::to_owned);
        let ask = Ask {
            world,
            ids: ids.clone(),
            before,
            serial: world.count(),
        };
        if let Some(query) = row.query {
            target = format!("{target}?{}", query(&ask));
        }
        let body = row.body.map(|body| body(&ask));
        let token = if row.by_a_newcomer && self.is_allowed() {
            world.newcomer(app, self.principal).await
        } else {
            self.principal.bearer.clone()
        };
        let mut request = self.request(app, &target, &token, ask.serial);
        let mut sent = target.clone();
        if let Some(body) = body {
            sent.push_str(&body.to_string());
            request = request.json(&body);
        }
        let around = row.around.filter(|_| self.is_allowed());
        let around = around.map(|(pattern, body)| (path(pattern), body()));
        if let Some((path, body)) = &around {
            world.put(app, self.principal, path, body).await;
        }
        let answer = app.send(request).await;
        if let Some((path, body)) = &around {
            world.put(app, self.principal, path, body).await;
        }
        Asked { answer, sent }
    }

    fn request(&self, app: &TestApp, target: &str, token: &str, serial: u32) -> RequestBuilder {
        let method: Method = self.row.method().parse().expect("a method");
        let mut request = app.request(method, target);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if self.row.who == Who::Everybody {
            // Limits by address are not what is looked at here.
            let [_, b, c, d] = serial.to_be_bytes();
            request = request.header("x-forwarded-for", format!("10.{b}.{c}.{d}"));
        }
        if self.row.opens_socket {
            request = request
                .header(header::CONNECTION, "upgrade")
                .header(header::UPGRADE, "websocket")
                .header(header::SEC_WEBSOCKET_VERSION, "13")
                .header(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==");
        }
        request
    }
}
