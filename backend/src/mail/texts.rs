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
