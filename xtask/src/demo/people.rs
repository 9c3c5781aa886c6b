//! The people of the demo: who they are and how each of them works.
//!
//! Plain data. Different hours, zones and habits, so that a team's day can be compared at a
//! glance; a support desk that follows the sun, so that somebody is at work at most hours.

use jiff::civil::Weekday::{self, Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};

/// Where the organization's days are cut.
pub(crate) const ORGANIZATION: &str = "Northwind Studio";
/// The organization's zone.
pub(crate) const ZONE: &str = "Europe/Berlin";
/// Who sets the organization up.
pub(crate) const ADMIN: (&str, &str) = ("Helene Brandt", "helene.brandt@northwind.example");
/// The key of the person who manages the others and can log in.
pub(crate) const MANAGER: &str = "marek.nowak";
/// The key of the employee who can log in.
pub(crate) const EMPLOYEE: &str = "amara.okafor";
/// Whose row shows this machine.
pub(crate) const MACHINE: (&str, &str) = ("You (this machine)", "you@northwind.example");

/// How a lunch break looks to an agent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Break {
    /// The screen is locked; the session goes on.
    Locked,
    /// The laptop is closed; the session goes on.
    Asleep,
    /// Long enough for the session to end; another begins afterwards.
    Away,
}

/// A regular meeting.
pub(crate) struct Meeting {
    /// On which days.
    pub(crate) days: &'static [Weekday],
    /// When, in minutes of the person's own day.
    pub(crate) at: u32,
    /// How long, in minutes.
    pub(crate) minutes: u32,
    /// In which application.
    pub(crate) app: &'static str,
}

/// How a person works. Times are minutes of their own day.
pub(crate) struct Rhythm {
    /// On which days.
    pub(crate) days: &'static [Weekday],
    /// When they usually begin.
    pub(crate) from: u32,
    /// When they usually stop.
    pub(crate) until: u32,
    /// How far both wander, in minutes.
    pub(crate) wander: u32,
    /// On which days they stay much longer, and until when.
    pub(crate) long_days: &'static [Weekday],
    /// When a long day ends.
    pub(crate) long_until: u32,
    /// The lunch break: when, how long (minutes), and how it looks.
    pub(crate) lunch: Option<(u32, u32, Break)>,
    /// A nap of the laptop in the afternoon, such as a train ride.
    pub(crate) nap: Option<(u32, u32)>,
    /// Every so many ISO weeks, and on which day, they have the day off.
    pub(crate) day_off: (i8, i8, Weekday),
    /// What they use, with weights.
    pub(crate) apps: &'static [(&'static str, u32)],
    /// Where they look in between for a moment.
    pub(crate) glances: &'static [&'static str],
    /// Meetings, in the order of a day.
    pub(crate) meetings: &'static [Meeting],
    /// Chance, in percent, of a pause without input after a stretch of work.
    pub(crate) pauses: u32,
    /// Longest stretch in one application, in minutes.
    pub(crate) stretch: u32,
}

/// One of the simulated colleagues.
pub(crate) struct Person {
    /// First part of the address; stable, so that a second run finds them again.
    pub(crate) key: &'static str,
    /// The name.
    pub(crate) name: &'static str,
    /// Their own zone.
    pub(crate) zone: &'static str,
    /// Their machine's name and system.
    pub(crate) machine: (&'static str, &'static str),
    /// How they work.
    pub(crate) rhythm: Rhythm,
}

impl Person {
    /// Their address.
    pub(crate) fn email(&self) -> String {
        format!("{}@northwind.example", self.key)
    }
}

const fn at(hour: u32, minute: u32) -> u32 {
    hour * 60 + minute
}

const WEEK: &[Weekday] = &[Monday, Tuesday, Wednesday, Thursday, Friday];
const STAND_UP: Meeting = Meeting {
    days: WEEK,
    at: at(9, 45),
    minutes: 15,
    app: "Zoom",
};

/// Everyone but the admin and this machine's owner.
pub(crate) const PEOPLE: [Person; 11] = [
    Person {
        key: "amara.okafor",
        name: "Amara Okafor",
        zone: ZONE,
        machine: ("amara-mbp", "macOS 15.6"),
        rhythm: Rhythm {
            days: WEEK,
            from: at(9, 5),
            until: at(17, 40),
            wander: 14,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(12, 30), 45, Break::Away)),
            nap: None,
            day_off: (3, 1, Friday),
            apps: &[
                ("Figma", 60),
                ("Google Chrome", 18),
                ("Notion", 12),
                ("Adobe Photoshop", 10),
            ],
            glances: &["Slack", "Spotify", "Google Chrome"],
            meetings: &[
                STAND_UP,
                Meeting {
                    days: &[Tuesday, Thursday],
                    at: at(14, 0),
                    minutes: 50,
                    app: "Google Meet",
                },
            ],
            pauses: 16,
            stretch: 34,
        },
    },
    Person {
        key: "daniel.kim",
        name: "Daniel Kim",
        zone: "America/New_York",
        machine: ("nyc-support-1", "Windows 11"),
        rhythm: Rhythm {
            days: &[Sunday, Monday, Tuesday, Wednesday, Thursday],
            from: at(8, 58),
            until: at(17, 20),
            wander: 8,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(12, 0), 40, Break::Away)),
            nap: None,
            day_off: (4, 2, Tuesday),
            apps: &[
                ("Zendesk", 48),
                ("Microsoft Edge", 22),
                ("Slack", 18),
                ("Microsoft Excel", 12),
            ],
            glances: &["Slack", "Microsoft Outlook"],
            meetings: &[Meeting {
                days: &[Monday, Wednesday],
                at: at(10, 0),
                minutes: 30,
                app: "Zoom",
            }],
            pauses: 22,
            stretch: 14,
        },
    },
    Person {
        key: "grace.tan",
        name: "Grace Tan",
        zone: "Asia/Singapore",
        machine: ("sg-support-1", "Windows 11"),
        rhythm: Rhythm {
            days: &[Monday, Tuesday, Wednesday, Thursday, Friday, Saturday],
            from: at(8, 30),
            until: at(17, 15),
            wander: 10,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(12, 15), 28, Break::Locked)),
            nap: None,
            day_off: (2, 0, Wednesday),
            apps: &[
                ("Zendesk", 50),
                ("Google Chrome", 24),
                ("Slack", 16),
                ("Notion", 10),
            ],
            glances: &["Slack", "Telegram Desktop"],
            meetings: &[Meeting {
                days: &[Thursday],
                at: at(16, 0),
                minutes: 25,
                app: "Zoom",
            }],
            pauses: 18,
            stretch: 16,
        },
    },
    Person {
        key: "jonas.weber",
        name: "Jonas Weber",
        zone: ZONE,
        machine: ("tuxedo-jw", "Fedora Linux 43"),
        rhythm: Rhythm {
            days: WEEK,
            from: at(10, 10),
            until: at(18, 50),
            wander: 25,
            // The one who stays: more than nine hours of work on these days.
            long_days: &[Tuesday, Thursday],
            long_until: at(21, 15),
            lunch: Some((at(13, 15), 35, Break::Away)),
            nap: None,
            day_off: (5, 3, Monday),
            apps: &[
                ("Visual Studio Code", 58),
                ("Terminal", 22),
                ("Firefox", 20),
            ],
            glances: &["Slack", "Terminal", "Firefox"],
            meetings: &[Meeting {
                days: WEEK,
                at: at(10, 45),
                minutes: 15,
                app: "Zoom",
            }],
            pauses: 12,
            stretch: 48,
        },
    },
    Person {
        key: "lea.fournier",
        name: "Léa Fournier",
        zone: ZONE,
        machine: ("lea-surface", "Windows 11"),
        rhythm: Rhythm {
            days: WEEK,
            from: at(8, 40),
            until: at(17, 15),
            wander: 12,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(12, 0), 50, Break::Away)),
            nap: None,
            day_off: (3, 0, Wednesday),
            apps: &[
                ("Microsoft Outlook", 30),
                ("Microsoft Excel", 28),
                ("Notion", 26),
                ("Microsoft Edge", 16),
            ],
            glances: &["Microsoft Teams", "Microsoft Outlook"],
            meetings: &[
                Meeting {
                    days: WEEK,
                    at: at(9, 30),
                    minutes: 30,
                    app: "Microsoft Teams",
                },
                Meeting {
                    days: &[Monday, Wednesday, Thursday],
                    at: at(11, 0),
                    minutes: 45,
                    app: "Microsoft Teams",
                },
                Meeting {
                    days: WEEK,
                    at: at(14, 0),
                    minutes: 60,
                    app: "Microsoft Teams",
                },
                Meeting {
                    days: &[Tuesday, Friday],
                    at: at(15, 30),
                    minutes: 50,
                    app: "Zoom",
                },
            ],
            pauses: 14,
            stretch: 18,
        },
    },
    Person {
        key: "marek.nowak",
        name: "Marek Nowak",
        zone: ZONE,
        machine: ("marek-x1", "Ubuntu 24.04"),
        rhythm: Rhythm {
            days: WEEK,
            from: at(8, 15),
            until: at(17, 30),
            wander: 18,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(12, 45), 40, Break::Away)),
            nap: None,
            day_off: (6, 2, Friday),
            apps: &[
                ("Google Chrome", 34),
                ("Thunderbird", 26),
                ("LibreOffice Calc", 22),
                ("Linear", 18),
            ],
            glances: &["Slack", "Thunderbird"],
            meetings: &[
                STAND_UP,
                Meeting {
                    days: &[Monday, Thursday],
                    at: at(10, 30),
                    minutes: 60,
                    app: "Zoom",
                },
                Meeting {
                    days: &[Wednesday, Friday],
                    at: at(16, 0),
                    minutes: 30,
                    app: "Zoom",
                },
            ],
            pauses: 20,
            stretch: 20,
        },
    },
    Person {
        key: "mateo.rojas",
        name: "Mateo Rojas",
        zone: "America/Vancouver",
        machine: ("yvr-support-1", "macOS 15.6"),
        rhythm: Rhythm {
            days: &[Wednesday, Thursday, Friday, Saturday, Sunday],
            from: at(9, 0),
            until: at(17, 25),
            wander: 12,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(12, 30), 35, Break::Away)),
            nap: None,
            day_off: (4, 1, Thursday),
            apps: &[
                ("Zendesk", 44),
                ("Safari", 26),
                ("Slack", 18),
                ("Notes", 12),
            ],
            glances: &["Slack", "Spotify"],
            meetings: &[Meeting {
                days: &[Friday],
                at: at(9, 30),
                minutes: 30,
                app: "Zoom",
            }],
            pauses: 24,
            stretch: 15,
        },
    },
    Person {
        key: "priya.raman",
        name: "Priya Raman",
        zone: ZONE,
        machine: ("priya-thinkpad", "Debian GNU/Linux 12"),
        rhythm: Rhythm {
            days: WEEK,
            from: at(7, 10),
            until: at(15, 50),
            wander: 10,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(11, 45), 26, Break::Locked)),
            // The train home, with the lid closed for a while.
            nap: Some((at(14, 20), 22)),
            day_off: (4, 3, Tuesday),
            apps: &[
                ("IntelliJ IDEA", 62),
                ("Terminal", 16),
                ("Google Chrome", 22),
            ],
            glances: &["Slack", "Terminal"],
            meetings: &[
                STAND_UP,
                Meeting {
                    days: &[Wednesday],
                    at: at(13, 0),
                    minutes: 60,
                    app: "Google Meet",
                },
            ],
            pauses: 13,
            stretch: 42,
        },
    },
    Person {
        key: "sofia.almeida",
        name: "Sofia Almeida",
        zone: "Europe/Lisbon",
        machine: ("lis-support-2", "Windows 11"),
        rhythm: Rhythm {
            days: &[Friday, Saturday, Sunday, Monday, Tuesday],
            from: at(9, 0),
            until: at(17, 45),
            wander: 9,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(13, 0), 55, Break::Away)),
            nap: None,
            day_off: (3, 2, Monday),
            apps: &[
                ("Zendesk", 46),
                ("Google Chrome", 24),
                ("Slack", 20),
                ("Microsoft Word", 10),
            ],
            glances: &["Slack", "WhatsApp"],
            meetings: &[Meeting {
                days: &[Monday, Friday],
                at: at(11, 0),
                minutes: 30,
                app: "Zoom",
            }],
            pauses: 20,
            stretch: 13,
        },
    },
    Person {
        key: "tomasz.zielinski",
        name: "Tomasz Zieliński",
        zone: ZONE,
        machine: ("tz-desktop", "Windows 11"),
        rhythm: Rhythm {
            // Part-time: mornings.
            days: &[Monday, Tuesday, Wednesday, Thursday],
            from: at(8, 30),
            until: at(12, 45),
            wander: 12,
            long_days: &[],
            long_until: 0,
            lunch: None,
            nap: None,
            day_off: (5, 1, Monday),
            apps: &[
                ("Microsoft Excel", 44),
                ("Power BI Desktop", 34),
                ("Microsoft Edge", 22),
            ],
            glances: &["Microsoft Outlook", "Slack"],
            meetings: &[STAND_UP],
            pauses: 15,
            stretch: 30,
        },
    },
    Person {
        key: "yusuf.demir",
        name: "Yusuf Demir",
        zone: ZONE,
        machine: ("render-07", "Windows 11"),
        rhythm: Rhythm {
            days: WEEK,
            from: at(9, 30),
            until: at(18, 10),
            wander: 20,
            long_days: &[],
            long_until: 0,
            lunch: Some((at(13, 0), 28, Break::Asleep)),
            nap: None,
            day_off: (4, 0, Thursday),
            apps: &[
                ("Blender", 54),
                ("DaVinci Resolve", 22),
                ("Firefox", 14),
                ("Krita", 10),
            ],
            glances: &["Discord", "Slack", "Spotify"],
            meetings: &[Meeting {
                days: &[Monday, Thursday],
                at: at(15, 0),
                minutes: 40,
                app: "Zoom",
            }],
            // Renders run while nobody types.
            pauses: 34,
            stretch: 40,
        },
    },
];
