//! What icon, tooltip and menu say: a pure function of [`Facts`], the time and the zone.
//!
//! Owns: every word and every choice of the tray. Must not know the agent's calls, Tauri,
//! clocks or files.
//!
//! Invariants: the menu always has Quit; what it offers is what makes sense now (start or
//! stop, pause or resume, never both); a total from incomplete data says how incomplete
//! it is; nothing in a line can come from a window's title.

mod lines;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    command::{Answer, Command, PauseFor},
    facts::{Connection, Doing, Facts, Work},
    icon::IconState,
    words::{foreign_name, moment},
};

/// A longer menu cannot be read; the window has them all.
const PROJECTS_MOST: usize = 20;

/// Everything that the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayModel {
    /// Which picture.
    pub icon: IconState,
    /// What hovering tells, one or two lines.
    pub tooltip: String,
    /// The menu, from the top.
    pub menu: Vec<Entry>,
}

/// One entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A line that only tells something; it cannot be chosen.
    Line(String),
    /// A thin line between groups.
    Separator,
    /// Something to choose.
    Action(Action),
    /// A list behind one entry.
    Submenu {
        /// Its label.
        label: String,
        /// Whether it opens.
        enabled: bool,
        /// What it offers.
        actions: Vec<Action>,
    },
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What choosing it asks for.
    pub command: Command,
    /// Its label.
    pub label: String,
    /// Whether it can be chosen now.
    pub enabled: bool,
}

impl Action {
    fn new(command: Command, label: impl Into<String>, enabled: bool) -> Self {
        Self {
            command,
            label: label.into(),
            enabled,
        }
    }
}

impl TrayModel {
    /// What the tray shows for these facts.
    #[must_use]
    pub fn new(facts: &Facts, now: Timestamp, zone: &TimeZone) -> Self {
        let lines = lines::all(facts, now, zone);
        let tooltip = std::iter::once("WorkPulse")
            .chain(lines.first().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" · ");
        let mut menu: Vec<Entry> = lines.into_iter().map(Entry::Line).collect();
        menu.extend(actions(facts, now, zone));
        Self {
            icon: icon(facts),
            tooltip,
            menu,
        }
    }

    /// Whether both menus have the same entries, apart from texts and what can be chosen;
    /// then a menu in the panel is updated, not rebuilt.
    #[must_use]
    pub fn has_the_shape_of(&self, other: &Self) -> bool {
        self.menu.len() == other.menu.len()
            && self.menu.iter().zip(&other.menu).all(|(a, b)| a.is_like(b))
    }
}

impl Entry {
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Line(_), Self::Line(_)) | (Self::Separator, Self::Separator) => true,
            (Self::Action(a), Self::Action(b)) => a.command == b.command,
            (Self::Submenu { actions: a, .. }, Self::Submenu { actions: b, .. }) => {
                a.iter().map(|x| x.command).eq(b.iter().map(|x| x.command))
            }
            _ => false,
        }
    }
}

/// The most urgent thing that is true. A pause outranks a lost connection: the person who
/// paused wants to see that nothing is looked at, and nothing is.
fn icon(facts: &Facts) -> IconState {
    if facts.trouble.is_some() {
        return IconState::NeedsAttention;
    }
    match (&facts.work, facts.connection) {
        (Work::NotEnrolled | Work::NotRunning, _) => IconState::NeedsAttention,
        (Work::Paused { .. }, _) => IconState::Paused,
        (Work::NotWorking, _) => IconState::NotWorking,
        (Work::Working { .. }, Connection::Offline { .. }) => IconState::Offline,
        (Work::Working { doing, .. }, _) => match doing {
            Doing::Active { .. } | Doing::NotTold => IconState::Working,
            Doing::Idle => IconState::Idle,
        },
    }
}

/// What can be chosen, in its groups. Nothing that cannot work is offered as if it could.
fn actions(facts: &Facts, now: Timestamp, zone: &TimeZone) -> Vec<Entry> {
    let able =
        !matches!(facts.work, Work::NotEnrolled | Work::NotRunning) && !facts.offers.notice_due;
    let in_session = match facts.work {
        Work::Working { .. } => true,
        Work::Paused { in_session, .. } => in_session,
        _ => false,
    };
    let session = if in_session {
        Action::new(Command::Stop, "Stop working", true)
    } else {
        Action::new(Command::Start, "Start working", able)
    };
    let pause = match facts.work {
        Work::Paused { .. } => Entry::Action(Action::new(Command::Resume, "Resume", true)),
        _ => pauses(facts, able, now, zone),
    };
    let sync = Action::new(Command::SyncNow, "Sync now", able);
    // Leaving ends the session, which nobody should learn afterwards.
    let quit = if in_session {
        "Stop working and quit"
    } else {
        "Quit WorkPulse"
    };
    let quit = if facts.offers.may_quit {
        Action::new(Command::Quit, quit, true)
    } else {
        Action::new(
            Command::Quit,
            "Quit is off, set by your IT department",
            false,
        )
    };
    let open = Action::new(Command::Open, "Open WorkPulse", true);
    let mut entries = vec![Entry::Separator, Entry::Action(open)];
    entries.extend(facts.offers.update.as_ref().map(|version| {
        let label = format!("Version {version} is available");
        Entry::Action(Action::new(Command::Update, label, true))
    }));
    entries.extend(away(facts, now, zone));
    entries.push(Entry::Action(session));
    entries.extend(projects(facts, able));
    entries.extend([
        pause,
        Entry::Action(sync),
        Entry::Separator,
        Entry::Action(quit),
    ]);
    entries
}

/// The question to somebody who has just come back.
fn away(facts: &Facts, now: Timestamp, zone: &TimeZone) -> Option<Entry> {
    let away = facts.offers.away?;
    let answer = |answer, label| Action::new(Command::Was(answer), label, true);
    Some(Entry::Submenu {
        label: format!(
            "Away {} to {}: it was",
            moment(away.from, now, zone),
            moment(away.to, now, zone)
        ),
        enabled: true,
        actions: vec![
            answer(Answer::Break, "A break"),
            answer(Answer::Meeting, "A meeting"),
            answer(Answer::Keep, "Leave it as recorded"),
        ],
    })
}

/// The pauses that the organization allows. One that is too long is not offered: the agent would
/// refuse it.
fn pauses(facts: &Facts, able: bool, now: Timestamp, zone: &TimeZone) -> Entry {
    let rule = facts.offers.pause;
    let fits = |pause: &PauseFor| {
        rule.longest_seconds.is_none_or(|longest| {
            pause.end(now, zone).duration_since(now).as_secs() <= i64::from(longest)
        })
    };
    let actions: Vec<Action> = PauseFor::ALL
        .into_iter()
        .filter(|pause| rule.allowed && fits(pause))
        .map(|pause| Action::new(Command::Pause(pause), pause_label(pause), able))
        .collect();
    if actions.is_empty() {
        let why = if rule.allowed {
            "Your organization allows shorter pauses only"
        } else {
            "Pausing is off, set by your organization"
        };
        return Entry::Action(Action::new(Command::Pause(PauseFor::Minutes15), why, false));
    }
    Entry::Submenu {
        label: "Pause".to_owned(),
        enabled: able,
        actions,
    }
}

/// What can be worked on. The project that is worked on now has a tick.
fn projects(facts: &Facts, able: bool) -> Option<Entry> {
    let offers = &facts.offers;
    (!offers.projects.is_empty()).then(|| Entry::Submenu {
        label: "Project".to_owned(),
        enabled: able,
        actions: offers
            .projects
            .iter()
            .take(PROJECTS_MOST)
            .map(|(id, name)| {
                let current = offers.project == Some(*id);
                let name = foreign_name(name).unwrap_or_else(|| "(no name)".to_owned());
                let label = if current { format!("✓ {name}") } else { name };
                Action::new(Command::Project(*id), label, able && !current)
            })
            .collect(),
    })
}

const fn pause_label(pause: PauseFor) -> &'static str {
    match pause {
        PauseFor::Minutes15 => "15 minutes",
        PauseFor::Minutes30 => "30 minutes",
        PauseFor::Minutes60 => "60 minutes",
        PauseFor::UntilTomorrow => "Until tomorrow",
    }
}

#[cfg(test)]
mod tests;
