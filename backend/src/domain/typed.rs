//! What people type, wherever they do: one rule for a line and one for an address, the same for
//! HTTP and for the command line.

/// What is wrong with a text of one line that must have `least` to `most` characters, if anything.
/// Spaces around it do not count.
#[must_use]
pub fn line_problem(text: &str, least: usize, most: usize) -> Option<String> {
    let length = text.trim().chars().count();
    if !(least..=most).contains(&length) {
        return Some(format!("must have {least} to {most} characters"));
    }
    text.chars()
        .any(char::is_control)
        .then(|| "must not have control characters".to_owned())
}

/// Whether this can be an e-mail address, as far as one can tell without writing to it.
#[must_use]
pub fn is_email(text: &str) -> bool {
    text.len() <= 320
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_length_and_no_control_characters() {
        for good in [
            "Ada",
            " Ada ",
            "\u{1F469}\u{200D}\u{1F4BB}",
            &"é".repeat(200),
        ] {
            assert_eq!(line_problem(good, 1, 200), None, "{good:?}");
        }
        for bad in [
            "",
            " ",
            "a\0b",
            "a\nb",
            "a\u{1b}[31m",
            "a\u{7f}",
            &"é".repeat(201),
        ] {
            assert!(line_problem(bad, 1, 200).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_has_two_parts_and_no_spaces() {
        for good in ["ada@example.org", "o'brien+x@sub.example", "ä@ö.example"] {
            assert!(is_email(good), "{good:?}");
        }
        let long = format!("{}@example.org", "a".repeat(320));
        for bad in [
            "",
            "@",
            "ada",
            "ada@",
            "@example.org",
            "a@b@c",
            "a b@c",
            "a@b\n",
            "a@\u{7}b",
            &long,
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }
}
