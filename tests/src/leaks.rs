//! What no log may hold: secrets, addresses and hashes, found by their shape, and texts of the test
//! that searches.
//!
//! Plain text in, findings out; `xtask` includes this file as well, for the logs of the programs
//! that it starts.

use std::{fs, io, path::Path};

/// Passwords that tests of the whole system use.
const PASSWORDS: [&str; 2] = ["lantern-orbit-harbour-42", "violet tractor ninety clouds"];

/// What is in a text that must not be, one line each; `texts` are of the test's own.
///
/// A finding says where and what kind, and not the secret itself.
pub fn found(log: &str, texts: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(log.lines()) {
        let mut kinds: Vec<&str> = Vec::new();
        if has_credential(line) {
            kinds.push("a credential");
        }
        if ["$argon2", "$2a$", "$2b$", "$2y$"]
            .iter()
            .any(|kind| line.contains(kind))
        {
            kinds.push("the hash of a password");
        }
        if has_address(line) {
            kinds.push("an e-mail address");
        }
        if has_password_in_url(line) {
            kinds.push("a password in an address");
        }
        if PASSWORDS.iter().any(|password| line.contains(password)) {
            kinds.push("a password");
        }
        if texts.iter().any(|text| line.contains(text)) {
            kinds.push("a text of the test");
        }
        if line.contains("panicked at") {
            kinds.push("a panic");
        }
        findings.extend(kinds.iter().map(|kind| format!("line {number}: {kind}")));
    }
    findings
}

/// The same of a file; one that is not there holds nothing.
///
/// # Errors
/// When it cannot be read.
pub fn found_in(log: &Path, texts: &[&str]) -> io::Result<Vec<String>> {
    match fs::read(log) {
        Ok(bytes) => Ok(found(&String::from_utf8_lossy(&bytes), texts)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// How many letters of a token a text begins with.
fn token_length(text: &str) -> usize {
    text.bytes().take_while(|byte| is_of_token(*byte)).count()
}

/// Tokens of ours (`wpd_…`), access tokens (`eyJ….…`), secrets of webhooks (`whsec_…`).
fn has_credential(line: &str) -> bool {
    let after = |mark: &str, least: usize| {
        line.match_indices(mark)
            .any(|(at, _)| token_length(&line[at + mark.len()..]) >= least)
    };
    let ours = ["wpd_", "wpr_", "wpe_", "wpi_", "wpp_"];
    ours.iter().any(|mark| after(mark, 20)) || after("whsec_", 16) || after("eyJ", 20)
}

/// Something like `name@place.tld`.
fn has_address(line: &str) -> bool {
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    let is_domain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    line.match_indices('@').any(|(at, _)| {
        let local = line.as_bytes()[..at].last().copied().is_some_and(is_local);
        let domain: String = line[at + 1..]
            .chars()
            .take_while(|letter| u8::try_from(*letter).is_ok_and(is_domain))
            .collect();
        let top = domain.trim_end_matches('.').rsplit_once('.');
        local
            && top.is_some_and(|(rest, top)| {
                !rest.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
            })
    })
}

/// `scheme://user:password@host`.
fn has_password_in_url(line: &str) -> bool {
    line.match_indices("://").any(|(at, mark)| {
        let authority: &str = line[at + mark.len()..]
            .split(|letter: char| letter == '/' || letter.is_whitespace() || letter == '"')
            .next()
            .unwrap_or_default();
        authority.split_once('@').is_some_and(|(user, _)| {
            user.split_once(':')
                .is_some_and(|(_, secret)| !secret.is_empty())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found_and_told_without_being_repeated() {
        let token = format!("wpd_{}", "aB3-_".repeat(9));
        for (line, kind) in [
            (format!("said token={token} twice"), "a credential"),
            (format!("eyJ{}.x.y", "hbGci".repeat(5)), "a credential"),
            (format!("whsec_{}", "k".repeat(30)), "a credential"),
            (
                "$argon2id$v=19$m=19456".to_owned(),
                "the hash of a password",
            ),
            ("to=<ada@lab.example>,".to_owned(), "an e-mail address"),
            (
                "connect postgres://me:hunter2@127.0.0.1:1/x".to_owned(),
                "a password in an address",
            ),
            ("password lantern-orbit-harbour-42".to_owned(), "a password"),
            ("title Quarterly numbers".to_owned(), "a text of the test"),
            ("thread 'main' panicked at src/x.rs:1".to_owned(), "a panic"),
        ] {
            let found = found(&format!("well\n{line}\nwell"), &["Quarterly numbers"]);
            assert_eq!(found, [format!("line 2: {kind}")], "{line}");
        }
    }

    #[test]
    fn what_a_log_may_hold_is_left_alone() {
        for line in [
            "listening on http://127.0.0.1:3000",
            "device_id=01a2052c-8fe7-777f-b75c-070bb6591ece seq=7",
            "a@b is none, nor is user@localhost",
            "postgres://workpulse@127.0.0.1:5432/postgres",
            "a credential with the prefix wpd_ is expected",
            "eyJ",
        ] {
            assert_eq!(found(line, &[]), Vec::<String>::new(), "{line}");
        }
        assert!(found_in(Path::new("/nonexistent/log"), &[]).is_ok_and(|found| found.is_empty()));
    }
}
