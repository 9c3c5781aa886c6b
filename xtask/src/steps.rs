//! Work in named steps: what is going on, how long it took, and a table at the end.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use crate::{
    clock::{Stopwatch, spoken},
    cmd::Cmd,
    stop,
};

/// How a step went.
enum Outcome {
    Passed,
    Failed,
    NotDone(String),
}

struct Step {
    name: String,
    outcome: Outcome,
    took: String,
    /// What the step's own tool said about itself.
    summary: Vec<String>,
}

/// Steps of one command, in order. The first failure ends them.
pub(crate) struct Steps {
    command: &'static str,
    only: Vec<String>,
    watch: Stopwatch,
    done: Vec<Step>,
}

impl Steps {
    /// Steps of `cargo xtask <command>`; with `only`, just those whose names are listed.
    pub(crate) fn new(command: &'static str, only: &[String]) -> Self {
        Self {
            command,
            only: only.to_vec(),
            watch: Stopwatch::start(),
            done: Vec::new(),
        }
    }

    /// Whether this step is wanted.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    /// Does one step.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.run_keeping(name, || (Vec::new(), work()))
    }

    /// Does one step that is one command.
    pub(crate) fn command(&mut self, name: &str, cmd: &Cmd) -> Result<()> {
        self.run_keeping(name, || {
            println!("    {cmd}");
            cmd.run_keeping(is_summary)
        })
    }

    /// Does one step that says something about itself for the table.
    pub(crate) fn run_keeping(
        &mut self,
        name: &str,
        work: impl FnOnce() -> (Vec<String>, Result<()>),
    ) -> Result<()> {
        if !self.wants(name) {
            return Ok(());
        }
        stop::check()?;
        println!("\n==> {name}");
        let watch = Stopwatch::start();
        let (summary, outcome) = work();
        let took = spoken(watch.elapsed());
        println!(
            "<== {name}: {} in {took}",
            if outcome.is_ok() { "passed" } else { "FAILED" }
        );
        self.done.push(Step {
            name: name.to_owned(),
            outcome: if outcome.is_ok() {
                Outcome::Passed
            } else {
                Outcome::Failed
            },
            took,
            summary,
        });
        if outcome.is_err() {
            println!("{}", self.table());
        }
        outcome.with_context(|| {
            format!(
                "step `{name}` failed; alone: cargo xtask {} --only {name}",
                self.command
            )
        })
    }

    /// Records a step that this machine cannot do, with the reason.
    pub(crate) fn not_done(&mut self, name: &str, reason: &str) {
        if self.wants(name) {
            println!("\n==> {name}: NOT DONE: {reason}");
            self.done.push(Step {
                name: name.to_owned(),
                outcome: Outcome::NotDone(reason.to_owned()),
                took: String::new(),
                summary: Vec::new(),
            });
        }
    }

    /// Prints the table; fails if a step was asked for that there is not.
    pub(crate) fn finish(self) -> Result<()> {
        println!("{}", self.table());
        let passed = self
            .done
            .iter()
            .filter(|step| matches!(step.outcome, Outcome::Passed))
            .count();
        let left_out = self.done.len() - passed;
        let left_out = if left_out == 0 {
            String::new()
        } else {
            format!(", {left_out} not done (named above)")
        };
        println!(
            "cargo xtask {}: {passed} {} passed{left_out} in {}",
            self.command,
            if passed == 1 { "step" } else { "steps" },
            spoken(self.watch.elapsed())
        );
        let unknown = |only: &&String| !self.done.iter().any(|step| step.name == **only);
        match self.only.iter().find(unknown) {
            Some(name) => bail!("there is no step `{name}`"),
            None => Ok(()),
        }
    }

    fn table(&self) -> String {
        let mut table = String::from("\n");
        let width = self
            .done
            .iter()
            .map(|step| step.name.len())
            .max()
            .unwrap_or(0);
        for step in &self.done {
            let outcome = match &step.outcome {
                Outcome::Passed => "passed".to_owned(),
                Outcome::Failed => "FAILED".to_owned(),
                Outcome::NotDone(reason) => format!("not done: {reason}"),
            };
            writeln!(
                table,
                "  {:width$}  {outcome:8} {:>12}",
                step.name, step.took
            )
            .expect("writing to a String cannot fail");
            for line in &step.summary {
                writeln!(table, "  {:width$}    {line}", "")
                    .expect("writing to a String cannot fail");
            }
        }
        table
    }
}

/// The line in which a test runner sums up: nextest, `cargo test` (when anything ran), vitest.
fn is_summary(line: &str) -> bool {
    let line = line.trim_start();
    (line.starts_with("Summary [") && line.contains("tests run"))
        || (line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed"))
        || (line.starts_with("Tests ") && line.contains("passed"))
        || (line.starts_with("Test Files ") && line.contains("passed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_says_how_to_run_it_alone() {
        let error = Steps::new("test", &[])
            .run("clippy", || bail!("3 warnings"))
            .expect_err("it fails");
        let text = format!("{error:#}");
        assert!(
            text.contains("cargo xtask test --only clippy") && text.contains("3 warnings"),
            "{text}"
        );
    }

    #[test]
    fn only_the_named_steps_run() {
        let mut steps = Steps::new("test", &["b".to_owned()]);
        steps
            .run("a", || bail!("a is not wanted"))
            .expect("left out");
        steps.run("b", || Ok(())).expect("runs");
        assert_eq!(steps.done.len(), 1);
        steps.finish().expect("b is a step");
    }

    #[test]
    fn asking_for_a_step_that_there_is_not_is_an_error() {
        let mut steps = Steps::new("test", &["clipy".to_owned()]);
        steps.run("clippy", || Ok(())).expect("left out");
        let error = steps.finish().expect_err("a typing error");
        assert!(error.to_string().contains("clipy"));
    }

    #[test]
    fn summaries_of_the_runners_are_recognized() {
        assert!(is_summary(
            "     Summary [   0.012s] 5 tests run: 5 passed, 0 skipped"
        ));
        assert!(is_summary("test result: ok. 3 passed; 0 failed; 0 ignored"));
        assert!(!is_summary(
            "test result: ok. 0 passed; 0 failed; 0 ignored"
        ));
        assert!(is_summary("      Tests  12 passed (12)"));
        assert!(!is_summary("        PASS [   0.005s] a::b"));
    }
}
