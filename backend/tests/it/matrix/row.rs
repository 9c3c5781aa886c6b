//! A row: what one route needs, whose things it may be used on, and a valid request for it.

use serde_json::Value;

use super::{
    cells::Ask,
    principals::{Principal, Standing},
    world,
};

/// Who may use a route, whatever it is used on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever can reach the server; a credential, good or bad, makes no difference.
    Everybody,
    /// People and devices.
    Anyone,
    /// People.
    Person,
    /// Devices.
    Device,
    /// Managers and admins.
    Manager,
    /// Admins.
    Admin,
}

/// Kinds of things that have an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    /// A person.
    User,
    /// A device with a credential.
    Device,
    /// A work session.
    Session,
    /// A token by which devices are enrolled.
    EnrolmentToken,
    /// A team.
    Team,
    /// A project.
    Project,
}

/// Whose thing it is, as seen by who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    /// Their own.
    Own,
    /// Of somebody in their team or project: a manager sees them, a peer does not.
    Team,
    /// Of somebody else in the organization.
    Organization,
    /// Of somebody in another organization.
    Elsewhere,
    /// An id that nobody has.
    Random,
}

impl Relation {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::Own,
        Self::Team,
        Self::Organization,
        Self::Elsewhere,
        Self::Random,
    ];
}

/// On whose things a route may be used, by those who may use it at all.
pub(crate) type Reach = fn(&Principal, Relation) -> bool;

/// One's own things.
pub(crate) const OWN: Reach = |_, relation| relation == Relation::Own;

/// Things of people whom one may see: oneself; for managers also those whom they manage; for
/// admins everybody in the organization.
pub(crate) const SEEN: Reach = |principal, relation| match relation {
    Relation::Own => true,
    Relation::Team => principal.is_manager(),
    // Until there are teams, managers see everybody.
    Relation::Organization => {
        principal.is_admin() || (principal.is_manager() && !world::groups::are_there())
    }
    Relation::Elsewhere | Relation::Random => false,
};

/// Teams and projects that one manages; all of the organization's for admins.
#[expect(
    dead_code,
    reason = "teams and projects use it as soon as they are there"
)]
pub(crate) const MANAGED: Reach = |principal, relation| match relation {
    Relation::Own | Relation::Team => principal.is_manager(),
    Relation::Organization => principal.is_admin(),
    Relation::Elsewhere | Relation::Random => false,
};

/// Everything in one's own organization.
pub(crate) const ORGANIZATION: Reach = |_, relation| {
    matches!(
        relation,
        Relation::Own | Relation::Team | Relation::Organization
    )
};

/// A place in the request that holds an id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    /// Its name: that of the path's parameter, or the one by which the body asks for it.
    pub(crate) name: &'static str,
    /// What kind of thing.
    pub(crate) thing: Thing,
    /// On whose.
    pub(crate) reach: Reach,
    /// The status when it is out of reach.
    pub(crate) missing: u16,
}

/// What one route needs.
#[derive(Clone)]
pub(crate) struct Row {
    /// Method and path, as in the OpenAPI document.
    pub(crate) route: &'static str,
    /// Who may use it at all; others are refused with 403 whatever they ask for.
    pub(crate) who: Who,
    /// Where it takes ids.
    pub(crate) slots: Vec<Slot>,
    /// The status when all is well.
    pub(crate) status: u16,
    /// A path to use as it stands.
    pub(crate) path: Option<&'static str>,
    /// The body.
    pub(crate) body: Option<fn(&Ask) -> Value>,
    /// The query.
    pub(crate) query: Option<fn(&Ask) -> String>,
    /// A path that is read before, by an admin.
    pub(crate) reads: Option<&'static str>,
    /// The first slot's thing is gone afterwards.
    pub(crate) uses_up: bool,
    /// The log-in is gone afterwards.
    pub(crate) ends_log_in: bool,
    /// It opens a WebSocket.
    pub(crate) opens_socket: bool,
    /// Statuses that follow from none of the above.
    pub(crate) unless: Option<fn(&Principal, Relation) -> Option<u16>>,
}

/// The row of a route that takes no ids and answers 200. Its methods say what is different.
pub(crate) fn row(route: &'static str, who: Who) -> Row {
    Row {
        route,
        who,
        slots: Vec::new(),
        status: 200,
        path: None,
        body: None,
        query: None,
        reads: None,
        uses_up: false,
        ends_log_in: false,
        opens_socket: false,
        unless: None,
    }
}

impl Row {
    /// What `{id}` in the path names, and on whose the route may be used.
    pub(crate) fn id(self, thing: Thing, reach: Reach) -> Self {
        self.named("id", thing, reach)
    }

    /// A further id: `{name}` in the path, or, for [`Self::body`] and [`Self::query`],
    /// `ask.id(name)`. Each of a route's ids is swapped in turn while the others stay good.
    pub(crate) fn named(mut self, name: &'static str, thing: Thing, reach: Reach) -> Self {
        self.slots.push(Slot {
            name,
            thing,
            reach,
            missing: 404,
        });
        self
    }

    /// The status when the id named last is out of reach, where that is not 404.
    pub(crate) fn missing(mut self, status: u16) -> Self {
        self.slots.last_mut().expect("it is said of an id").missing = status;
        self
    }

    /// The status when all is well, where that is not 200.
    pub(crate) fn answers(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// A valid body. `ask` has the ids, `ask.unique("…")` texts that nobody used before.
    pub(crate) fn body(mut self, body: fn(&Ask) -> Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The query, without its question mark.
    pub(crate) fn query(mut self, query: fn(&Ask) -> String) -> Self {
        self.query = Some(query);
        self
    }

    /// The path as it is to be asked for, where its parameter is no thing's id.
    pub(crate) fn at(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    /// A path that the organization's admin reads before: `ask.before` is what it said. For
    /// bodies that must name a version.
    pub(crate) fn reads(mut self, path: &'static str) -> Self {
        self.reads = Some(path);
        self
    }

    /// When all is well, the first id's thing is changed for good: each request gets a new one.
    pub(crate) fn uses_up(mut self) -> Self {
        self.uses_up = true;
        self
    }

    /// When all is well, the log-in that asked is over: each request gets a new one.
    pub(crate) fn ends_log_in(mut self) -> Self {
        self.ends_log_in = true;
        self
    }

    /// The request opens a WebSocket (101).
    pub(crate) fn opens_socket(mut self) -> Self {
        self.opens_socket = true;
        self.status = 101;
        self
    }

    /// A status that follows from none of the above, such as an admin's own account that they
    /// may not erase. Say why beside it.
    #[expect(dead_code, reason = "for the first route that needs it")]
    pub(crate) fn unless(mut self, exception: fn(&Principal, Relation) -> Option<u16>) -> Self {
        self.unless = Some(exception);
        self
    }

    /// The method.
    pub(crate) fn method(&self) -> &'static str {
        self.route.split_once(' ').expect("method and path").0
    }

    /// The path's pattern.
    pub(crate) fn pattern(&self) -> &'static str {
        self.route.split_once(' ').expect("method and path").1
    }

    /// Whether it changes nothing by its nature.
    pub(crate) fn is_safe(&self) -> bool {
        self.method() == "GET"
    }

    /// Whether this principal may use it at all: else the status.
    pub(crate) fn admits(&self, principal: &Principal) -> Result<(), u16> {
        if self.who == Who::Everybody {
            return Ok(());
        }
        let fits = match principal.standing {
            Standing::Nobody | Standing::Invalid => return Err(401),
            Standing::Blocked => return Err(403),
            Standing::Device => matches!(self.who, Who::Anyone | Who::Device),
            Standing::Person(_) => match self.who {
                Who::Everybody | Who::Anyone | Who::Person => true,
                Who::Device => false,
                Who::Manager => principal.is_manager(),
                Who::Admin => principal.is_admin(),
            },
        };
        if fits { Ok(()) } else { Err(403) }
    }

    /// The status for this principal when this id is swapped for one of that relation.
    pub(crate) fn expected(
        &self,
        principal: &Principal,
        swapped: Option<(usize, Relation)>,
    ) -> u16 {
        if let Err(status) = self.admits(principal) {
            return status;
        }
        let relation = swapped.map_or(Relation::Own, |(_, relation)| relation);
        if let Some(status) = self.unless.and_then(|unless| unless(principal, relation)) {
            return status;
        }
        for (index, slot) in self.slots.iter().enumerate() {
            let relation = match swapped {
                Some((at, relation)) if at == index => relation,
                _ => slot.good(principal),
            };
            if !(slot.reach)(principal, relation) {
                return slot.missing;
            }
        }
        self.status
    }
}

impl Slot {
    /// The nearest thing that this principal may use, while another id is swapped.
    pub(crate) fn good(&self, principal: &Principal) -> Relation {
        [Relation::Own, Relation::Team, Relation::Organization]
            .into_iter()
            .find(|relation| (self.reach)(principal, *relation))
            .unwrap_or(Relation::Own)
    }
}
