//! Listens on D-Bus: logind on the system bus, screen lockers on the person's own.
//!
//! One thread with a small stack carries both connections and sleeps until a message comes.
//! Every question has a time-out; a bus that is missing, hangs
//! or ends only means "not known", and is tried again after a while.

use std::{collections::HashMap, env, thread, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{Either, join, select},
    pin_mut,
};
use zbus::{
    Connection, MatchRule, Message, MessageStream, connection,
    fdo::DBusProxy,
    message::Flags,
    zvariant::{DynamicType, OwnedObjectPath, OwnedValue},
};

use super::{Event, Presence, Source};

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const MANAGER_PATH: &str = "/org/freedesktop/login1";

/// The screen lockers of desktops: name (which is also the interface), and path. KDE answers to
/// the first one, XFCE, MATE and Cinnamon to their own.
const LOCKERS: [(&str, &str); 5] = [
    (
        "org.freedesktop.ScreenSaver",
        "/org/freedesktop/ScreenSaver",
    ),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
];

/// How long one question, or the way to a bus, may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where to listen.
#[derive(Debug, Clone)]
pub struct Buses {
    /// The address of the bus that logind is on; absent: the system's.
    pub system: Option<String>,
    /// The address of the person's bus; absent: the environment's.
    pub desktop: Option<String>,
    /// How long until a bus that is missing is tried again.
    pub retry: Duration,
}

impl Default for Buses {
    fn default() -> Self {
        Self {
            system: None,
            desktop: None,
            retry: Duration::from_secs(30),
        }
    }
}

impl Buses {
    /// Listens from now on. The thread ends with the last clone of the answer.
    #[must_use]
    pub fn watch(self) -> Presence {
        let presence = Presence::unknown();
        let told = presence.clone();
        let started = thread::Builder::new()
            .name("workpulse-lock".into())
            .stack_size(256 * 1024)
            .spawn(move || self.listen(&told));
        if let Err(error) = started {
            tracing::warn!(error = %error, "the thread that watches for a locked screen could not be started");
            presence.tell(Event::Lost(Source::System));
            presence.tell(Event::Lost(Source::Desktop));
        }
        presence
    }

    fn listen(&self, presence: &Presence) {
        let runtime = match tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => {
                tracing::warn!(error = %error, "a locked screen cannot be watched for");
                presence.tell(Event::Lost(Source::System));
                presence.tell(Event::Lost(Source::Desktop));
                return;
            }
        };
        runtime.block_on(async {
            join(
                self.keep_following(Source::System, presence),
                self.keep_following(Source::Desktop, presence),
            )
            .await;
        });
    }

    async fn keep_following(&self, source: Source, presence: &Presence) {
        while presence.is_wanted() {
            if let Err(error) = self.follow(source, presence).await {
                tracing::debug!(error = %error, source = ?source, "this bus does not tell about locks");
            }
            presence.tell(Event::Lost(source));
            tokio::time::sleep(self.retry).await;
        }
    }

    /// Follows one bus until it ends.
    async fn follow(&self, source: Source, presence: &Presence) -> zbus::Result<()> {
        let late = |_| zbus::Error::Failure("no answer in time".into());
        let connection = tokio::time::timeout(PATIENCE, self.connect(source))
            .await
            .map_err(late)??;
        let followed = async {
            match source {
                Source::System => Logind::new(&connection, presence).follow().await,
                Source::Desktop => follow_lockers(&connection, presence).await,
            }
        };
        // Without a thread of the connection's own, its work is done here.
        let work = async {
            loop {
                connection.executor().tick().await;
            }
        };
        let unwanted = async {
            while presence.is_wanted() {
                tokio::time::sleep(self.retry).await;
            }
            Ok(())
        };
        pin_mut!(followed, work, unwanted);
        match select(select(followed, unwanted), work).await {
            Either::Left((Either::Left((done, _)) | Either::Right((done, _)), _)) => done,
            Either::Right((never, _)) => never,
        }
    }

    async fn connect(&self, source: Source) -> zbus::Result<Connection> {
        let builder = match (source, &self.system, &self.desktop) {
            (Source::System, Some(address), _) | (Source::Desktop, _, Some(address)) => {
                connection::Builder::address(address.as_str())?
            }
            (Source::System, None, _) => connection::Builder::system()?,
            (Source::Desktop, _, None) => connection::Builder::session()?,
        };
        builder
            .internal_executor(false)
            .method_timeout(PATIENCE)
            // A full queue would hold up the answers behind it.
            .max_queued(512)
            .build()
            .await
    }
}

/// Asks, and never starts a service by asking.
async fn ask<B>(
    connection: &Connection,
    to: (&str, &str, &str, &str),
    body: &B,
) -> zbus::Result<Message>
where
    B: serde::Serialize + DynamicType,
{
    let (destination, path, interface, member) = to;
    let question = Message::method_call(path, member)?
        .destination(destination)?
        .interface(interface)?
        .with_flags(Flags::NoAutoStart)?
        .build(body)?;
    let serial = question.primary_header().serial_num();
    let mut answers = MessageStream::from(connection);
    connection.send(&question).await?;
    let answer = async {
        while let Some(message) = answers.next().await {
            let message = message?;
            if message.header().reply_serial() == Some(serial) {
                return match message.message_type() {
                    zbus::message::Type::Error => Err(message.into()),
                    _ => Ok(message),
                };
            }
        }
        Err(zbus::Error::Failure("the bus ended".into()))
    };
    tokio::time::timeout(PATIENCE, answer)
        .await
        .map_err(|_| zbus::Error::Failure("no answer in time".into()))?
}

/// What a message is, as far as it is told apart here.
fn is(message: &Message, interface: &str, member: &str) -> bool {
    let header = message.header();
    message.message_type() == zbus::message::Type::Signal
        && header.interface().is_some_and(|it| it == interface)
        && header.member().is_some_and(|it| it == member)
}

/// One connection to logind.
struct Logind<'a> {
    connection: &'a Connection,
    presence: &'a Presence,
}

impl<'a> Logind<'a> {
    const fn new(connection: &'a Connection, presence: &'a Presence) -> Self {
        Self {
            connection,
            presence,
        }
    }

    async fn follow(&self) -> zbus::Result<()> {
        let mut messages = MessageStream::from(self.connection);
        let bus = DBusProxy::new(self.connection).await?;
        let said = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(LOGIND)?
            .build();
        bus.add_match_rule(said).await?;
        bus.add_match_rule(owner_changed(LOGIND)?).await?;
        let mut session = self.begin().await;
        self.presence.tell(Event::Settled(Source::System));
        while let Some(message) = messages.next().await {
            let message = message?;
            if is(&message, MANAGER, "PrepareForSleep") {
                self.presence
                    .tell(Event::Sleep(message.body().deserialize()?));
            } else if is(&message, MANAGER, "PrepareForShutdown") {
                self.presence
                    .tell(Event::Shutdown(message.body().deserialize()?));
            } else if is(&message, PROPERTIES, "PropertiesChanged") {
                let header = message.header();
                let ours = session
                    .as_ref()
                    .zip(header.path())
                    .is_some_and(|(ours, path)| ours.as_str() == path.as_str());
                if ours && !self.changed(&message)? {
                    session = self.begin().await;
                }
            } else if is(&message, MANAGER, "SessionNew")
                || is(&message, MANAGER, "SessionRemoved")
                || is(&message, "org.freedesktop.DBus", "NameOwnerChanged")
            {
                session = self.begin().await;
            }
        }
        Ok(())
    }

    /// Takes over the values in a signal; false: some have to be read.
    fn changed(&self, message: &Message) -> zbus::Result<bool> {
        let body = message.body();
        let (_, values, unsaid): (String, HashMap<String, OwnedValue>, Vec<String>) =
            body.deserialize()?;
        let value = |name: &str| {
            let value = values.get(name)?;
            bool::try_from(value).ok()
        };
        self.presence.tell(Event::Session {
            active: value("Active"),
            locked: value("LockedHint"),
        });
        Ok(!unsaid
            .iter()
            .any(|name| name == "Active" || name == "LockedHint"))
    }

    /// Finds our session and reads everything; where that fails, nothing holds any more that
    /// logind said before.
    async fn begin(&self) -> Option<OwnedObjectPath> {
        let found = async {
            let session = self.session().await?;
            self.read(&session).await?;
            let sleeping = self
                .property((MANAGER_PATH, MANAGER), "PreparingForSleep")
                .await?;
            self.presence.tell(Event::Sleep(sleeping));
            let ending = self
                .property((MANAGER_PATH, MANAGER), "PreparingForShutdown")
                .await?;
            self.presence.tell(Event::Shutdown(ending));
            Ok::<_, zbus::Error>(session)
        };
        match found.await {
            Ok(session) => Some(session),
            Err(error) => {
                tracing::debug!(error = %error, "logind does not know this session");
                self.presence.tell(Event::Lost(Source::System));
                None
            }
        }
    }

    /// The session of this desktop: the one that the environment names, else the person's
    /// display session (the agent may be a service of the person's, outside every session).
    async fn session(&self) -> zbus::Result<OwnedObjectPath> {
        let manager = |member| (LOGIND, MANAGER_PATH, MANAGER, member);
        if let Some(id) = env::var("XDG_SESSION_ID").ok().filter(|id| !id.is_empty())
            && let Ok(answer) = ask(self.connection, manager("GetSession"), &id).await
        {
            return answer.body().deserialize();
        }
        let person = rustix::process::getuid().as_raw();
        let answer = ask(self.connection, manager("GetUser"), &person).await?;
        let user: OwnedObjectPath = answer.body().deserialize()?;
        let display = (LOGIND, user.as_str(), PROPERTIES, "Get");
        let question = ("org.freedesktop.login1.User", "Display");
        let answer = ask(self.connection, display, &question).await?;
        let value: OwnedValue = answer.body().deserialize()?;
        let (_, path) = <(String, OwnedObjectPath)>::try_from(value)?;
        Ok(path)
    }

    async fn read(&self, session: &OwnedObjectPath) -> zbus::Result<()> {
        self.presence.tell(Event::Session {
            active: Some(self.property((session.as_str(), SESSION), "Active").await?),
            locked: Some(
                self.property((session.as_str(), SESSION), "LockedHint")
                    .await?,
            ),
        });
        Ok(())
    }

    async fn property(&self, of: (&str, &str), name: &str) -> zbus::Result<bool> {
        let (path, interface) = of;
        let get = (LOGIND, path, PROPERTIES, "Get");
        let answer = ask(self.connection, get, &(interface, name)).await?;
        let value: OwnedValue = answer.body().deserialize()?;
        Ok(bool::try_from(value)?)
    }
}

fn owner_changed(name: &str) -> zbus::Result<MatchRule<'_>> {
    Ok(MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .sender("org.freedesktop.DBus")?
        .member("NameOwnerChanged")?
        .arg(0, name)?
        .build())
}

async fn follow_lockers(connection: &Connection, presence: &Presence) -> zbus::Result<()> {
    let mut messages = MessageStream::from(connection);
    let bus = DBusProxy::new(connection).await?;
    for (name, _) in LOCKERS {
        let shown = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface(name)?
            .member("ActiveChanged")?
            .build();
        bus.add_match_rule(shown).await?;
        bus.add_match_rule(owner_changed(name)?).await?;
    }
    for number in 0..LOCKERS.len() {
        ask_locker(connection, presence, number).await;
    }
    presence.tell(Event::Settled(Source::Desktop));
    while let Some(message) = messages.next().await {
        let message = message?;
        let by_signal =
            (0..LOCKERS.len()).find(|number| is(&message, LOCKERS[*number].0, "ActiveChanged"));
        if let Some(number) = by_signal {
            tell(presence, number, message.body().deserialize()?);
        } else if is(&message, "org.freedesktop.DBus", "NameOwnerChanged") {
            let (name, _, _): (String, String, String) = message.body().deserialize()?;
            if let Some(number) = LOCKERS.iter().position(|(known, _)| *known == name) {
                ask_locker(connection, presence, number).await;
            }
        }
    }
    Ok(())
}

/// A locker that is not there, or does not answer, covers nothing as far as is known.
async fn ask_locker(connection: &Connection, presence: &Presence, number: usize) {
    let (name, path) = LOCKERS[number];
    let shown = match ask(connection, (name, path, name, "GetActive"), &()).await {
        Ok(answer) => answer.body().deserialize().unwrap_or(false),
        Err(_) => false,
    };
    tell(presence, number, shown);
}

fn tell(presence: &Presence, number: usize, shown: bool) {
    let number = u8::try_from(number).expect("there are five lockers");
    presence.tell(Event::Locker { number, shown });
}
