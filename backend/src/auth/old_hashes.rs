//! Password hashes of an earlier WorkPulse: bcrypt, read and never made.
//!
//! bcrypt looks at 72 bytes at most, and many implementations stop at a NUL: a longer password
//! would be let in by its beginning alone. Such a password never fits here; its owner resets it.

use std::ops::RangeInclusive;

/// Cost factors that are accepted: fewer rounds are soon guessed, more take seconds each.
pub const COSTS: RangeInclusive<u32> = 10..=14;
/// Bytes from which on bcrypt cannot tell one password from a longer one.
const BLIND_FROM: usize = 72;

/// Whether the text is a bcrypt hash (`2a`, `2b` or `2y`) of an accepted cost.
#[must_use]
pub fn is_readable(hash: &str) -> bool {
    // 2x marks hashes of a broken implementation, under which other passwords fit, too.
    ["$2a$", "$2b$", "$2y$"]
        .iter()
        .any(|prefix| hash.starts_with(prefix))
        && hash
            .parse::<bcrypt::HashParts>()
            .is_ok_and(|parts| COSTS.contains(&parts.get_cost()))
}

/// Whether the password fits. Takes one hash's time whatever the password is.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    let seen_whole = password.len() < BLIND_FROM && !password.contains('\0');
    let looked_at = if seen_whole { password } else { "" };
    let fits = bcrypt::verify(looked_at, hash).unwrap_or(false);
    fits && seen_whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(password: &[u8]) -> String {
        bcrypt::hash(password, *COSTS.start()).expect("hashes")
    }

    #[test]
    fn a_hash_of_each_known_version_is_read() {
        let hash = hash_of(b"violet tractor ninety clouds");
        for version in ["2a", "2b", "2y"] {
            let hash = hash.replacen("2b", version, 1);
            assert!(is_readable(&hash), "{version}");
            assert!(fits("violet tractor ninety clouds", &hash));
            assert!(!fits("violet tractor ninety cloudz", &hash));
        }
        assert!(!is_readable(&hash.replacen("2b", "2x", 1)));
    }

    #[test]
    fn hashes_made_by_another_implementation_at_cost_12_are_read() {
        let letters = "$2a$12$D4G5f18o7aMMfwasBL7GpuQWuP3pkrZrOAnqP.bmezbMng.QwJ/pG";
        let words = "$2y$12$k42ZFHFWqBp3vWli.nIn8uUsIoDoUDvAHeH.uBNT3tA7b/x5SiLDK";
        assert!(is_readable(letters) && is_readable(words));
        assert!(fits("abcdefghijklmnopqrstuvwxyz", letters));
        assert!(fits("violet tractor ninety clouds", words));
        assert!(!fits("violet tractor ninety clouds", letters));
    }

    #[test]
    fn a_long_password_does_not_fit_by_its_beginning() {
        let long = "a".repeat(80);
        let hash = hash_of(long.as_bytes());
        for length in [71, 72, 73, 80, 128] {
            assert!(!fits(&"a".repeat(length), &hash), "{length} bytes");
        }
        let just_seen = "b".repeat(71);
        assert!(fits(&just_seen, &hash_of(just_seen.as_bytes())));
    }

    #[test]
    fn a_password_does_not_fit_by_what_stands_before_a_nul() {
        let hash = hash_of(b"before");
        assert!(fits("before", &hash));
        assert!(!fits("before\0and after", &hash));
        assert!(!fits("before\0and after", &hash_of(b"before\0and after")));
    }

    #[test]
    fn other_texts_and_other_costs_are_not_read() {
        let costly = "$2a$12$k42ZFHFWqBp3vWli.nIn8uYyIkbvYRvodzbfbK18SSsY.CsIQPlxO";
        for text in [
            "",
            "$2b$",
            "$2b$12$short",
            "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA",
            &costly.replacen("$12$", "$04$", 1),
            &costly.replacen("$12$", "$31$", 1),
            &costly.replacen("$12$", "$é$", 1),
            &format!("{costly}."),
        ] {
            assert!(!is_readable(text), "{text}");
        }
    }
}
