//! A row: what one route needs, whose things it may be used on, and a valid request for it.

use serde_json::Value;

use super::{
    cells::Ask,
    principals::{Principal, Standing},
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
    /// A category.
    Category,
    /// A device that waits for an admin's approval.
    PendingDevice,
    /// A log-in.
    Login,
    /// An invitation.
    Invitation,
    /// A webhook.
    Webhook,
    /// A message to a webhook, the owner's.
    WebhookMessage,
    /// A file that they asked for.
    Export,
    /// An alert about a person.
    Alert,
    /// What a person says of their own time.
    Note,
    /// A report that they have made again and again.
    ReportSchedule,
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
/// admins everybody in the organization. Projects as well: those that one is in, manages, all.
pub(crate) const SEEN: Reach = |principal, relation| match relation {
    Relation::Own => true,
    Relation::Team => principal.is_manager(),
    Relation::Organization => principal.is_admin(),
    Relation::Elsewhere | Relation::Random => false,
};

/// Teams that one is in; for admins all of the organization's. People who are in one team have
/// it in common.
pub(crate) const IN_TEAM: Reach = |principal, relation| match relation {
    Relation::Own | Relation::Team => true,
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

/// The status of a cell that is unlike the others: by who asks, the swapped id's name, and whose.
pub(crate) type Exception = fn(&Principal, &str, Relation) -> Option<u16>;

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

/// What an admin puts into place before and after a cell: a path and its body.
pub(crate) type Around = (&'static str, fn() -> Value);

/// What one route needs.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about a route, each said by a method of its own"
)]
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
    pub(crate) body: Option<fn(&Ask<'_>) -> Value>,
    /// The query.
    pub(crate) query: Option<fn(&Ask<'_>) -> String>,
    /// A path that is read before, by an admin.
    pub(crate) reads: Option<&'static str>,
    /// The first slot's thing is gone afterwards.
    pub(crate) uses_up: bool,
    /// Who asks is not what they were afterwards.
    pub(crate) by_a_newcomer: bool,
    /// Devices that wait for approval may use it too.
    pub(crate) while_pending: bool,
    /// It opens a WebSocket.
    pub(crate) opens_socket: bool,
    /// Statuses that follow from none of the above.
    pub(crate) unless: Option<Exception>,
    /// What an admin puts into place before and after.
    pub(crate) around: Option<Around>,
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
        by_a_newcomer: false,
        while_pending: false,
        opens_socket: false,
        unless: None,
        around: None,
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
    pub(crate) fn body(mut self, body: fn(&Ask<'_>) -> Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The query, without its question mark.
    pub(crate) fn query(mut self, query: fn(&Ask<'_>) -> String) -> Self {
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

    /// When all is well, the log-in or the account that asked is not what it was: each request is
    /// made by a new person of the same role.
    pub(crate) fn by_a_newcomer(mut self) -> Self {
        self.by_a_newcomer = true;
        self
    }

    /// A device that waits for an admin's approval may use it as well.
    pub(crate) fn while_pending(mut self) -> Self {
        self.while_pending = true;
        self
    }

    /// The request opens a WebSocket (101).
    pub(crate) fn opens_socket(mut self) -> Self {
        self.opens_socket = true;
        self.status = 101;
        self
    }

    /// Before a request that must do what it asks for, and after it, an admin puts this there, so
    /// that there is something to take away, and nothing is missing afterwards.
    pub(crate) fn around(mut self, pattern: &'static str, body: fn() -> Value) -> Self {
        self.around = Some((pattern, body));
        self
    }

    /// A status that follows from none of the above, such as that of an employee who is in a
    /// project and may not change it; it is given who asks, which id is swapped (empty: the
    /// route has none) and for whose. Say why beside it.
    pub(crate) fn unless(mut self, exception: Exception) -> Self {
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
            Standing::Pending => self.while_pending,
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

    /// The status that follows from no rule, if this is such a cell.
    pub(crate) fn exception(
        &self,
        principal: &Principal,
        swapped: Option<(usize, Relation)>,
    ) -> Option<u16> {
        let (slot, relation) = swapped.map_or(("", Relation::Own), |(slot, relation)| {
            (self.slots[slot].name, relation)
        });
        self.unless?(principal, slot, relation)
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
        if let Some(status) = self.exception(principal, swapped) {
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
