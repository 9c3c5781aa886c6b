//! What a log-in was made with, in a few words that its owner recognises.
//!
//! Made from `User-Agent`, which anybody may write: only known names and one plain product name
//! come out of it.

/// Longest product name that is taken over.
const LONGEST_PRODUCT: usize = 40;
const UNKNOWN: &str = "unknown program";

/// In this order: later browsers call themselves by the earlier ones' names, too.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
/// In this order: Android calls itself Linux, and an iPhone "like Mac OS X".
const SYSTEMS: [(&str, &str); 8] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// Such as `Firefox on Linux`, `curl` or `unknown program`.
#[must_use]
pub fn describe(user_agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let program = known(&BROWSERS).or_else(|| product(user_agent));
    match (program, known(&SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        (None, Some(system)) => format!("{UNKNOWN} on {system}"),
        (None, None) => UNKNOWN.to_owned(),
    }
}

/// The first product's name, such as `curl` of `curl/8.5`.
fn product(user_agent: &str) -> Option<&str> {
    let name = user_agent.split(['/', ' ']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    // A name begins with a letter: an address is none.
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let fits = named && name.len() <= LONGEST_PRODUCT && name.chars().all(plain);
    (fits && name != "Mozilla").then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn browsers_and_programs_are_called_by_their_names() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iOS",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("curl/8.5.0", "curl"),
            ("workpulse-load", "workpulse-load"),
            ("", "unknown program"),
            ("Mozilla/5.0", "unknown program"),
            ("<script>alert(1)</script>", "unknown program"),
            ("192.0.2.1 ada@acme.test", "unknown program"),
        ] {
            assert_eq!(describe(agent), expected, "{agent}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_little_and_plain_text_comes_out(agent in "\\PC{0,200}") {
            let text = describe(&agent);
            prop_assert!(text.len() <= 60);
            prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "-_. ".contains(c)));
        }
    }
}
