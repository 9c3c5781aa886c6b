//! Patterns that people write, in policies and in rules of categories: `*` for any characters,
//! `?` for one, everything else for itself, without regard to case, over the whole text.
//!
//! Globs, not regular expressions: people who write them read them without a manual, and no
//! pattern can be made slow. Matching goes back to the last `*` only, so it takes at most one
//! step for each pair of characters.

/// A pattern, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Vec<char>);

impl Glob {
    /// A pattern as it was written; space around it does not count.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        let mut chars = folded(pattern.trim());
        // `**` says no more than `*`, and costs more.
        chars.dedup_by(|next, before| *next == '*' && *before == '*');
        Self(chars)
    }

    /// Whether the whole text fits; the text is [`folded`].
    #[must_use]
    pub fn fits(&self, text: &[char]) -> bool {
        let pattern = &self.0;
        let (mut at, mut here) = (0, 0);
        // Where the last `*` stood, and how much of the text it has taken.
        let mut star: Option<(usize, usize)> = None;
        while at < text.len() {
            match pattern.get(here) {
                Some('*') => {
                    star = Some((here, at));
                    here += 1;
                }
                Some(c) if *c == '?' || *c == text[at] => {
                    at += 1;
                    here += 1;
                }
                _ => {
                    let Some((place, taken)) = star else {
                        return false;
                    };
                    star = Some((place, taken + 1));
                    at = taken + 1;
                    here = place + 1;
                }
            }
        }
        pattern[here..].iter().all(|c| *c == '*')
    }
}

/// A text as patterns compare it.
#[must_use]
pub fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Glob::new(pattern).fits(&folded(text))
    }

    /// The definition, without regard to cost.
    fn slowly(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|n| slowly(rest, &text[n..])),
            Some((c, rest)) => text
                .split_first()
                .is_some_and(|(first, tail)| (*c == '?' || c == first) && slowly(rest, tail)),
        }
    }

    proptest! {
        #[test]
        fn it_fits_exactly_what_the_definition_says(pattern in "[ab?*]{0,7}", text in "[ab]{0,9}") {
            let plain: Vec<char> = pattern.chars().collect();
            prop_assert_eq!(fits(&pattern, &text), slowly(&plain, &folded(&text)), "{} {}", pattern, text);
        }

        #[test]
        fn a_text_fits_itself_whatever_its_case(text in "[^*?]{0,40}") {
            let text = text.trim();
            prop_assert!(fits(text, text));
            prop_assert!(fits(&text.to_lowercase(), text));
            let (pattern, around) = (format!("*{text}*"), format!("x{text}y"));
            prop_assert!(fits(&pattern, &around));
        }
    }

    #[test]
    fn everything_but_star_and_question_mark_stands_for_itself() {
        assert!(fits(
            "*[secret] (1+1).doc*",
            "my [SECRET] (1+1).doc - Editor"
        ));
        assert!(!fits("a.c", "abc"));
        assert!(fits("ÄRGER*", "ärger im büro"));
        assert!(fits("?", "😀") && !fits("?", "😀😀"));
    }

    #[test]
    fn a_pattern_made_to_be_slow_takes_a_step_for_each_pair_of_characters() {
        let pattern = format!("{}b", "*a".repeat(127));
        let text = folded(&"a".repeat(4_096));
        // A backtracking matcher would not finish in the lifetime of the machine.
        assert!(!Glob::new(&pattern).fits(&text));
    }
}
