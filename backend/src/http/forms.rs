//! Checks of what people typed: all fields at once, so that a form can show all of them.

use shared_types::problem::{FieldProblem, ProblemCode};

use super::error::{ApiError, ApiResult};
use crate::{auth::passwords, domain::typed};

/// Collects what is wrong with a form.
#[derive(Debug, Default)]
pub struct Form {
    problems: Vec<FieldProblem>,
}

impl Form {
    /// Notes that a field is wrong.
    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// Notes that a field is wrong unless the condition holds.
    pub fn require(&mut self, holds: bool, field: &str, message: &str) {
        if !holds {
            self.wrong(field, message);
        }
    }

    /// A text of one line with `least` to `most` characters.
    pub fn line(&mut self, field: &str, text: &str, least: usize, most: usize) {
        if let Some(problem) = typed::line_problem(text, least, most) {
            self.wrong(field, problem);
        }
    }

    /// A text that may be left out, of any number of lines: trimmed, none when nothing is left.
    pub fn remark<'a>(
        &mut self,
        field: &str,
        text: Option<&'a str>,
        most: usize,
    ) -> Option<&'a str> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let unreadable = |letter: char| letter.is_control() && letter != '\n';
        self.require(
            text.chars().count() <= most && !text.chars().any(unreadable),
            field,
            &format!(
                "must have at most {most} characters, and no control characters but line feeds"
            ),
        );
        Some(text)
    }

    /// An e-mail address, as far as one can tell without writing to it.
    pub fn email(&mut self, field: &str, text: &str) {
        self.require(typed::is_email(text), field, "must be an e-mail address");
    }

    /// A new password; `about` are words that a guesser tries first.
    pub fn new_password(&mut self, field: &str, password: &str, about: &[&str]) {
        if let Some(weakness) = passwords::weakness(password, about) {
            self.wrong(field, weakness);
        }
    }

    /// The IANA name of a time zone.
    pub fn time_zone(&mut self, field: &str, name: &str) {
        self.require(
            jiff::tz::TimeZone::get(name).is_ok(),
            field,
            "must be an IANA time zone such as Europe/Berlin",
        );
    }

    /// 422 with all fields that were wrong, if any.
    pub fn finish(self) -> ApiResult<()> {
        if self.problems.is_empty() {
            return Ok(());
        }
        let mut error = ApiError::new(ProblemCode::Validation);
        error.fields = self.problems;
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_trimmed_and_a_blank_one_is_none() {
        let remark = |text: Option<&str>| {
            let mut form = Form::default();
            let kept = form.remark("note", text, 1_000).map(str::to_owned);
            form.finish().map(|()| kept)
        };
        assert_eq!(
            remark(Some(" at the dentist\n")),
            Ok(Some("at the dentist".to_owned()))
        );
        assert_eq!(remark(Some(" \n ")), Ok(None));
        assert_eq!(remark(None), Ok(None));
        assert!(remark(Some("two\nlines")).is_ok());
        for bad in ["a\u{7}b".to_owned(), "é".repeat(1_001)] {
            assert!(remark(Some(&bad)).is_err());
        }
        assert!(remark(Some(&"é".repeat(1_000))).is_ok());
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let mut form = Form::default();
        form.line("name", " ", 1, 200);
        form.line("title", "a\u{7}b", 1, 200);
        form.email("email", "a@b@c");
        form.time_zone("time_zone", "Mars/Olympus");
        let error = form.finish().expect_err("wrong");
        let fields: Vec<&str> = error.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["name", "title", "email", "time_zone"]);
    }

    #[test]
    fn good_fields_pass() {
        let mut form = Form::default();
        form.line("name", "Ada Lovelace", 1, 200);
        form.email("email", "ada@example.org");
        form.time_zone("time_zone", "Europe/Berlin");
        assert!(form.finish().is_ok());
    }
}
