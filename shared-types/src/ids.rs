//! Identifiers: one newtype per thing, so that a device's id cannot be passed as a person's.
//!
//! All are `UUIDv7`, made where the thing is made; their order is the order of creation,
//! which keeps index inserts at the right edge.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
        #[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(
            /// The UUID itself.
            pub Uuid,
        );

        impl $name {
            /// The bare UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id! {
    /// A tenant.
    OrganizationId
}
id! {
    /// One person in one organization.
    UserId
}
id! {
    /// One enrolled agent installation of one person.
    DeviceId
}
id! {
    /// One outbox file of one device. Sequence numbers count within an epoch; a new
    /// outbox file (after corruption, or on a cloned profile) starts a new one.
    EpochId
}
id! {
    /// People who are managed together.
    TeamId
}
id! {
    /// Something that time is worked on.
    ProjectId
}
id! {
    /// What applications and sites are put into.
    CategoryId
}
id! {
    /// One stretch of work, made by whoever starts it.
    SessionId
}
id! {
    /// One idle or overtime episode.
    AlertId
}
id! {
    /// What a person says of a stretch of their own time.
    NoteId
}
id! {
    /// A file that somebody asked for.
    ExportId
}
id! {
    /// A report that is made again and again.
    ReportScheduleId
}
id! {
    /// A token by which devices are enrolled.
    EnrolmentTokenId
}
id! {
    /// An invitation to join an organization.
    InvitationId
}
id! {
    /// An address that is told what happens.
    WebhookId
}
id! {
    /// One message to one webhook, the same at each attempt.
    DeliveryId
}
