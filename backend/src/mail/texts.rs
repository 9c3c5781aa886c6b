//! What mails say. Plain text; nothing in them was typed by whoever asked for them.

/// A mail's subject and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// One line.
    pub(super) subject: String,
    /// Plain text.
    pub(super) body: String,
}

/// Somebody is invited.
pub(super) fn invitation(organization: &str, link: &str, until: &str) -> Text {
    Text {
        subject: format!("Join {organization} on WorkPulse"),
        body: format!(
            "You are invited to join {organization} on WorkPulse, which records working time.\n\
             \n\
             Choose your name and password here:\n\
             \n    {link}\n\n\
             The link works once, until {until}. If you do not know {organization}, do nothing.\n"
        ),
    }
}

/// A link to set a new password.
pub(super) fn reset(organization: &str, link: &str, until: &str) -> Text {
    Text {
        subject: "Your new WorkPulse password".to_owned(),
        body: format!(
            "Somebody, probably you, asked for a new password for your account with {organization}\n\
             on WorkPulse. Choose it here:\n\
             \n    {link}\n\n\
             The link works once, until {until}. If you did not ask for it, do nothing: your\n\
             password stays as it is.\n"
        ),
    }
}

/// The password was changed.
pub(super) fn changed(organization: &str, at: &str) -> Text {
    Text {
        subject: "Your WorkPulse password was changed".to_owned(),
        body: format!(
            "The password of your account with {organization} on WorkPulse was changed ({at}).\n\
             \n\
             If that was not you, tell an admin of {organization} at once.\n"
        ),
    }
}

/// An alert about somebody, to a manager whom it concerns. `message` is a sentence.
pub(super) fn alert(organization: &str, message: &str, at: &str, link: &str) -> Text {
    Text {
        subject: format!("WorkPulse: {message}"),
        body: format!(
            "{message}\n\
             \n\
             Noticed {at} at {organization}. Who works now, and since when:\n\
             \n    {link}\n\n\
             You get this mail because you manage a team or project of this person, or because\n\
             nobody does and you are an admin. That you were told is written down, and the person\n\
             can read it. An admin turns these mails off in the organization's settings.\n"
        ),
    }
}

/// A file that was made by itself, or could not be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Report<'a> {
    /// The organization's name.
    pub(super) organization: &'a str,
    /// What the file is called: by what and of which days it is.
    pub(super) file: &'a str,
    /// Until when it is kept.
    pub(super) until: &'a str,
    /// Why there is none.
    pub(super) error: Option<&'a str>,
    /// Where files are.
    pub(super) link: &'a str,
}

/// A report that somebody has made again and again. Nothing of the report is in it.
pub(super) fn report(told: &Report<'_>) -> Text {
    let Report {
        organization,
        file,
        until,
        error,
        link,
    } = told;
    let (subject, first) = match error {
        None => (
            format!("WorkPulse: {file} is ready"),
            format!("A report that you asked for at {organization} is ready, until {until}:"),
        ),
        Some(error) => (
            format!("WorkPulse: {file} could not be made"),
            format!(
                "A report that you asked for at {organization} could not be made. {error}\nAsk for it again, or change what is made:"
            ),
        ),
    };
    Text {
        subject,
        body: format!(
            "{first}\n\
             \n    {link}\n\n\
             File: {file}\n\
             \n\
             You get this mail because you have this report made again and again. You turn it off\n\
             where the link leads.\n"
        ),
    }
}

/// Somebody asked to join with the address of an account.
pub(super) fn already_member(organization: &str, log_in: &str) -> Text {
    Text {
        subject: format!("You have an account with {organization} on WorkPulse"),
        body: format!(
            "Somebody, probably you, asked to join {organization} on WorkPulse with this address. It\n\
             has an account already:\n\
             \n    {log_in}\n\n\
             There you can also ask for a new password. If you did not ask to join, do nothing.\n"
        ),
    }
}
