//! What a demo remembers between runs: `demo.json` in its data directory, readable by its
//! owner only, because it holds the log-ins.
//!
//! A secret is written here before the server gets it: a demo that is killed in between
//! can go on where it was.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result, bail};
use jiff::{ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use shared_types::{DeviceId, EpochId, ProjectId, SessionId, Timestamp, UserId};
use uuid::Uuid;

use super::{
    people::{PEOPLE, Person, ZONE},
    rhythm::Life,
};

/// Proof that a directory is a demo's, and may be deleted by `--fresh`.
const MARKER: &str = ".workpulse-demo";
const FILE: &str = "demo.json";
/// Days of history that a new demo is given.
const HISTORY_DAYS: i64 = 56;
/// The same where nobody looks at it, and only its equality is judged.
pub(crate) const SMOKE_DAYS: i64 = 21;

/// Everything that is remembered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    /// Makes the same people live the same days again.
    pub(crate) seed: u64,
    /// Unix seconds at which the history begins.
    pub(crate) history_from: i64,
    /// The organization has been made.
    pub(crate) set_up: bool,
    /// The history has been sent.
    pub(crate) seeded: bool,
    /// Log-ins.
    pub(crate) passwords: Passwords,
    /// By key.
    pub(crate) colleagues: BTreeMap<String, Colleague>,
    /// Those who have left their desk, by key.
    #[serde(default)]
    pub(crate) absent: BTreeMap<String, Absent>,
    /// The server's address at which this machine has been enrolled.
    pub(crate) machine_at: Option<String>,
}

impl State {
    /// A person's life, as this demo tells it.
    pub(crate) const fn life<'a>(&self, person: &'a Person) -> Life<'a> {
        Life {
            person,
            seed: self.seed,
            since: self.history_from,
        }
    }
}

/// Log-ins of those who have one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Passwords {
    /// The admin's.
    pub(crate) admin: String,
    /// The manager's.
    pub(crate) manager: String,
    /// One employee's.
    pub(crate) employee: String,
}

/// A simulated colleague's device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Colleague {
    /// Whose it is; known once the account exists.
    pub(crate) user_id: Option<UserId>,
    /// The device.
    pub(crate) device_id: DeviceId,
    /// What `next_seq` counts in.
    pub(crate) epoch: EpochId,
    /// The device's credential; known once it is enrolled.
    pub(crate) device_secret: Option<String>,
    /// The next item's number.
    pub(crate) next_seq: i64,
    /// Unix seconds up to which everything has been sent.
    pub(crate) sent_until: i64,
    /// What their sessions are booked on.
    #[serde(default)]
    pub(crate) project_id: Option<ProjectId>,
}

impl Colleague {
    /// A device that nobody knows yet, and that has nothing to say from before this second.
    pub(crate) fn new(now: Timestamp, from: i64) -> Result<Self> {
        Ok(Self {
            user_id: None,
            device_id: DeviceId(new_id(now)?),
            epoch: EpochId(new_id(now)?),
            device_secret: None,
            next_seq: 1,
            sent_until: from,
            project_id: None,
        })
    }
}

/// A device that was left alone in a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Absent {
    /// The device.
    pub(crate) device: Colleague,
    /// The session that goes on.
    pub(crate) session: Option<SessionId>,
}

/// A demo's data directory and what it remembers.
pub(crate) struct Memory {
    dir: PathBuf,
    state: Mutex<State>,
}

impl Memory {
    /// Opens a demo's directory, or makes a new one.
    pub(crate) fn open(dir: &Path, now: Timestamp) -> Result<Self> {
        Self::open_with(dir, now, HISTORY_DAYS)
    }

    /// The same; a new one is given so many days of history.
    pub(crate) fn open_with(dir: &Path, now: Timestamp, days: i64) -> Result<Self> {
        let file = dir.join(FILE);
        claim(dir)?;
        let state = match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).with_context(|| {
                format!("{} cannot be read; start over with --fresh", file.display())
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => new_state(now, days)?,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
        };
        let memory = Self {
            dir: dir.to_owned(),
            state: Mutex::new(state),
        };
        memory.save()?;
        Ok(memory)
    }

    /// The directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is remembered.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something and writes it down.
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) -> Result<()> {
        change(&mut self.state());
        self.save()
    }

    /// Writes it down: a new file that takes the old one's place.
    pub(crate) fn save(&self) -> Result<()> {
        let state = self.state();
        let text = serde_json::to_string_pretty(&*state)?;
        let path = self.dir.join(FILE);
        let beside = self.dir.join("demo.json.new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || -> std::io::Result<()> {
            let mut file = options.open(&beside)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().with_context(|| format!("cannot write {}", path.display()))
    }
}

/// Makes the directory, or checks that it is a demo's.
fn claim(dir: &Path) -> Result<()> {
    let marker = dir.join(MARKER);
    if marker.is_file() {
        return Ok(());
    }
    let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        bail!(
            "{} holds something that is not a demo; choose another directory with --data-dir",
            dir.display()
        );
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(dir)
        .with_context(|| format!("cannot create {}", dir.display()))?;
    fs::write(
        &marker,
        "Made by `cargo xtask demo`; `--fresh` deletes this directory.\n",
    )
    .with_context(|| format!("cannot write {}", marker.display()))
}

/// Deletes a demo's directory; nothing else.
pub(crate) fn delete(dir: &Path) -> Result<()> {
    if !dir.join(MARKER).is_file() {
        bail!(
            "{} is not a demo's directory (it has no {MARKER}); nothing was deleted",
            dir.display()
        );
    }
    fs::remove_dir_all(dir).with_context(|| format!("cannot delete {}", dir.display()))
}

/// Whether there is anything that `--fresh` would delete.
pub(crate) fn exists(dir: &Path) -> bool {
    fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some())
}

fn new_state(now: Timestamp, days: i64) -> Result<State> {
    let mut colleagues = BTreeMap::new();
    let history_from = history_start(now, days)?;
    for person in &PEOPLE {
        let colleague = Colleague::new(now, history_from)?;
        colleagues.insert(person.key.to_owned(), colleague);
    }
    Ok(State {
        seed: 2026,
        history_from,
        set_up: false,
        seeded: false,
        passwords: Passwords {
            admin: password()?,
            manager: password()?,
            employee: password()?,
        },
        colleagues,
        absent: BTreeMap::new(),
        machine_at: None,
    })
}

/// The start of the organization's day so many days ago.
fn history_start(now: Timestamp, days: i64) -> Result<i64> {
    let zone = TimeZone::get(ZONE).context("the organization's zone is unknown")?;
    let today = jiff::Timestamp::from(now).to_zoned(zone.clone()).date();
    let first = today.checked_sub(days.days())?;
    Ok(first.to_zoned(zone)?.timestamp().as_second())
}

/// A random id of this instant.
pub(crate) fn new_id(now: Timestamp) -> Result<Uuid> {
    let millis = u64::try_from(now.as_millis()).context("the clock stands before 1970")?;
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(bytes)
}

/// Four groups of four letters and digits that cannot be mistaken for each other: 80 bits.
fn password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let text: Vec<String> = random::<16>()?
        .chunks(4)
        .map(|group| {
            group
                .iter()
                .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
                .collect()
        })
        .collect();
    Ok(text.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-30T10:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_second_run_remembers_the_first() {
        let dir = crate::repo::scratch_dir("state-test").expect("a directory");
        let first = Memory::open(&dir, now()).expect("new").state().clone();
        let second = Memory::open(&dir, now().plus_seconds(86_400))
            .expect("again")
            .state()
            .clone();
        assert_eq!(first.passwords.admin, second.passwords.admin);
        assert_eq!(first.history_from, second.history_from);
        delete(&dir).expect("a demo's directory");
        assert!(!dir.exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_log_ins_are_readable_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = crate::repo::scratch_dir("state-test").expect("a directory");
        Memory::open(&dir, now()).expect("new");
        let mode = fs::metadata(dir.join(FILE))
            .expect("written")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        delete(&dir).expect("a demo's directory");
    }

    #[test]
    fn a_directory_that_is_not_a_demos_is_neither_used_nor_deleted() {
        let dir = crate::repo::scratch_dir("state-test").expect("a directory");
        fs::write(dir.join("thesis.txt"), "years of work").expect("written");
        assert!(Memory::open(&dir, now()).is_err());
        assert!(delete(&dir).is_err());
        assert!(dir.join("thesis.txt").is_file());
        fs::remove_dir_all(dir).expect("removed");
    }

    #[test]
    fn the_history_begins_at_the_organizations_midnight_even_across_a_time_change() {
        // Berlin changed to summer time on 29 March 2026: eight weeks before it was UTC+1.
        let start =
            Timestamp::from_millis(history_start(now(), HISTORY_DAYS).expect("a day") * 1_000);
        assert_eq!(start.to_string(), "2026-02-01T23:00:00.000Z");
    }

    #[test]
    fn passwords_are_long_and_different() {
        let (a, b) = (password().expect("random"), password().expect("random"));
        assert!(a != b && a.len() == 19);
    }
}
