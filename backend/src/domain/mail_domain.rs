//! Mail domains: which addresses may join by an organization's id.

/// Longest name of a domain.
const LONGEST: usize = 253;

/// A mail domain as it is kept: lower case, without `@`. `None` when it is none.
#[must_use]
pub fn normal(text: &str) -> Option<String> {
    let text = text.trim();
    let domain = text.strip_prefix('@').unwrap_or(text).to_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    (domain.len() <= LONGEST && domain.split('.').count() >= 2 && domain.split('.').all(label))
        .then_some(domain)
}

/// Whether an address may join: any may where no domain is named. A domain below a named one is
/// another domain.
#[must_use]
pub fn admits(domains: &[String], email: &str) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else {
        return false;
    };
    domains.is_empty() || domains.contains(&domain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_kept_in_one_form() {
        assert_eq!(normal(" @Acme.Test "), Some("acme.test".to_owned()));
        assert_eq!(
            normal("b\u{fc}ro.example"),
            Some("b\u{fc}ro.example".to_owned())
        );
        for wrong in [
            "",
            "@",
            "acme",
            "acme..test",
            ".test",
            "-a.test",
            "a-.test",
            "a b.test",
            "a@b.test",
            "a/b.test",
            "acme.test\n.evil.test",
        ] {
            assert_eq!(normal(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn only_exactly_the_named_domains_are_admitted() {
        let domains = ["acme.test".to_owned()];
        assert!(admits(&domains, "ada@acme.test") && admits(&domains, "Ada@ACME.TEST"));
        for other in [
            "ada@sub.acme.test",
            "ada@notacme.test",
            "ada@acme.test.evil.test",
            "ada@evil.test@acme.tests",
            "acme.test",
        ] {
            assert!(!admits(&domains, other), "{other}");
        }
        assert!(admits(&[], "ada@anything.test"));
        assert!(!admits(&[], "no address"));
    }
}
