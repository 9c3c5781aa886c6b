//! The demo's teams and projects: who is with whom, and what they work on.
//!
//! Made through the front door like everything else, and found again on a second run.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use shared_types::{
    UserId,
    project::{CreateProject, Project, ProjectPage},
    team::{CreateTeam, SetMember, Team, TeamPage},
};

use super::{api::Api, people::MANAGER, state::Memory};

/// A team and the keys of its people.
type Members = (&'static str, &'static [&'static str]);

/// Marek manages both, and so he sees everyone but the admin.
const TEAMS: [Members; 2] = [
    (
        "Studio",
        &[
            MANAGER,
            "amara.okafor",
            "jonas.weber",
            "lea.fournier",
            "priya.raman",
            "tomasz.zielinski",
            "yusuf.demir",
        ],
    ),
    (
        "Support",
        &[
            MANAGER,
            "daniel.kim",
            "grace.tan",
            "mateo.rojas",
            "sofia.almeida",
        ],
    ),
];

/// Open to all but the last, which only its members may book time on.
const PROJECTS: [(&str, bool, &[&str]); 4] = [
    ("Harbour website", true, &[]),
    ("Customer care", true, &[]),
    ("Internal", true, &[]),
    (
        "Aurora (confidential)",
        false,
        &[MANAGER, "amara.okafor", "jonas.weber"],
    ),
];

/// On what somebody's sessions are booked; who is not named books none.
const BOOKINGS: [(&str, &[&str]); 4] = [
    (
        "Harbour website",
        &["priya.raman", "tomasz.zielinski", "yusuf.demir"],
    ),
    (
        "Customer care",
        &["daniel.kim", "grace.tan", "mateo.rojas", "sofia.almeida"],
    ),
    ("Internal", &["lea.fournier"]),
    ("Aurora (confidential)", &["amara.okafor", "jonas.weber"]),
];

/// Puts somebody into the support team, who is none of the regular people.
pub(crate) fn into_support(api: &Api, admin: &str, user_id: UserId) -> Result<()> {
    let teams: TeamPage = api.get("/teams?limit=200", Some(admin))?;
    let (name, _) = TEAMS[1];
    let Some(team) = teams.items.iter().find(|team| team.name == name) else {
        // Somebody has renamed it, or taken it away.
        return Ok(());
    };
    let path = format!("/teams/{}/members/{user_id}", team.id);
    api.put(&path, admin, &SetMember { is_manager: false })
}

/// Teams with their people, this machine's owner among them, and projects.
pub(crate) fn make(api: &Api, memory: &Memory, admin: &str, owner: UserId) -> Result<()> {
    let mut people: BTreeMap<String, UserId> = BTreeMap::new();
    for (key, colleague) in &memory.state().colleagues {
        if let Some(id) = colleague.user_id {
            people.insert(key.clone(), id);
        }
    }
    let teams: TeamPage = api.get("/teams?limit=200", Some(admin))?;
    for (name, members) in TEAMS {
        let known = teams.items.iter().find(|team| team.name == name);
        let id = if let Some(team) = known {
            team.id
        } else {
            let request = CreateTeam {
                name: name.to_owned(),
            };
            api.post::<Team>("/teams", Some(admin), &request)?.id
        };
        for key in members {
            put(api, admin, &format!("/teams/{id}/members"), &people, key)?;
        }
        if name == TEAMS[0].0 {
            let path = format!("/teams/{id}/members/{owner}");
            api.put(&path, admin, &SetMember { is_manager: false })?;
        }
    }
    let projects: ProjectPage = api.get("/projects?limit=200", Some(admin))?;
    for (name, open_to_all, members) in PROJECTS {
        let known = projects.items.iter().find(|project| project.name == name);
        let id = if let Some(project) = known {
            project.id
        } else {
            let request = CreateProject {
                name: name.to_owned(),
                open_to_all,
            };
            api.post::<Project>("/projects", Some(admin), &request)?.id
        };
        for key in members {
            put(api, admin, &format!("/projects/{id}/members"), &people, key)?;
        }
        let bookers = BOOKINGS.iter().find(|(booked, _)| *booked == name);
        memory.change(|state| {
            for key in bookers.map_or(&[] as &[&str], |(_, keys)| keys) {
                if let Some(colleague) = state.colleagues.get_mut(*key) {
                    colleague.project_id = Some(id);
                }
            }
        })?;
    }
    Ok(())
}

fn put(
    api: &Api,
    admin: &str,
    path: &str,
    people: &BTreeMap<String, UserId>,
    key: &str,
) -> Result<()> {
    let id = people
        .get(key)
        .with_context(|| format!("{key} has no account"))?;
    let member = SetMember {
        is_manager: key == MANAGER,
    };
    api.put(&format!("{path}/{id}"), admin, &member)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::PEOPLE;

    #[test]
    fn everyone_is_in_exactly_one_team_but_the_manager_who_is_in_both() {
        for person in &PEOPLE {
            let count = TEAMS
                .iter()
                .filter(|(_, members)| members.contains(&person.key))
                .count();
            let expected = if person.key == MANAGER {
                TEAMS.len()
            } else {
                1
            };
            assert_eq!(count, expected, "{}", person.key);
        }
    }
}
