//! One caller's pass: what is asked, how it is run, and whether it was worth anything.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{
    har::{self, Operation},
    world::World,
};
use crate::{cmd::Cmd, demo::api::Api};

/// The same requests each time, as far as the server's own ids allow.
const SEED: &str = "20261123";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// The OpenAPI document's operations that take part.
pub(super) struct Document {
    operations: Vec<(Operation, Security)>,
}

/// Who may call.
#[derive(Default)]
struct Security {
    nobody: bool,
    device: bool,
    person: bool,
}

impl Document {
    /// Reads it from the server; every name in the lists must be an operation.
    pub(super) fn read(
        api: &Api,
        apart: &[(&str, &str)],
        left_out: &[(&str, &str)],
    ) -> Result<Self> {
        let document: Value = api.get("/openapi.json", None)?;
        let mut operations = parse(&document)?;
        for (name, _) in apart.iter().chain(left_out) {
            let before = operations.len();
            operations.retain(|(operation, _)| operation.id != *name);
            ensure!(
                operations.len() < before,
                "`{name}` is no operation (any more)"
            );
        }
        Ok(Self { operations })
    }

    fn ids(&self, wanted: impl Fn(&Security) -> bool) -> Vec<String> {
        let mut ids = Vec::new();
        for (operation, security) in &self.operations {
            if wanted(security) {
                ids.push(operation.id.clone());
            }
        }
        ids
    }

    /// What needs no log-in. Everything else as nobody is 401, which the server's own tests ask
    /// of every route.
    pub(super) fn public(&self) -> Vec<String> {
        self.ids(|security| security.nobody)
    }

    /// What a device may call.
    pub(super) fn of_device(&self) -> Vec<String> {
        self.ids(|security| security.device)
    }

    /// What a person may call.
    pub(super) fn of_person(&self) -> Vec<String> {
        self.ids(|security| security.person)
    }
}

fn parse(document: &Value) -> Result<Vec<(Operation, Security)>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().context("no paths")? {
        for (method, operation) in item.as_object().context("no operations")? {
            let id = operation["operationId"].as_str().context("no name")?;
            let mut security = Security::default();
            match operation["security"].as_array() {
                None => security.nobody = true,
                Some(schemes) => {
                    for scheme in schemes.iter().filter_map(Value::as_object) {
                        security.device |= scheme.contains_key("device");
                        security.person |= scheme.contains_key("bearer");
                    }
                }
            }
            let operation = Operation {
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
            };
            operations.push((operation, security));
        }
    }
    Ok(operations)
}

/// One caller's pass.
pub(super) struct Pass {
    pub(super) name: String,
    token: Option<String>,
    operations: Vec<String>,
    /// Generated requests an operation, beside those that cover its schema.
    examples: u32,
    /// Percent of the operations that must have answered with success at least once.
    floor: usize,
    phases: &'static str,
    /// The pass may cost the caller their log-in.
    ends: bool,
}

impl Pass {
    pub(super) fn new(
        name: &str,
        token: Option<String>,
        operations: Vec<String>,
        examples: u32,
        floor: usize,
    ) -> Self {
        Self {
            name: name.to_owned(),
            token,
            operations,
            examples,
            floor,
            phases: "coverage,fuzzing",
            ends: false,
        }
    }

    /// The same without the requests that cover each schema.
    pub(super) fn only_fuzzing(self) -> Self {
        Self {
            phases: "fuzzing",
            ..self
        }
    }

    /// The same, of a caller who may be locked out by it.
    pub(super) fn that_ends(self) -> Self {
        Self { ends: true, ..self }
    }

    /// Runs it; a line about what it did.
    pub(super) fn run(
        &self,
        program: &Path,
        base: &str,
        dir: &Path,
        world: &World,
    ) -> Result<String> {
        let settings = dir.join(format!("{}.toml", self.name));
        fs::write(&settings, config(world, &self.name))?;
        let report = dir.join(format!("{}.har.json", self.name));
        let mut cmd = Cmd::new(program, &["--config-file"])
            .arg(&settings)
            .arg("run")
            .arg(format!("{base}/api/v1/openapi.json"))
            // A proxy that the environment names is not asked for this machine.
            .env("NO_PROXY", "127.0.0.1")
            .dir(dir);
        for (option, value) in [
            ("--checks", CHECKS),
            ("--phases", self.phases),
            ("--seed", SEED),
            ("--generation-database", "none"),
            ("--warnings", "off"),
        ] {
            cmd = cmd.arg(option).arg(value);
        }
        cmd = cmd
            .arg("--no-shrink")
            .arg("--no-color")
            .arg("--continue-on-failure")
            .arg("--max-examples")
            .arg(self.examples.to_string())
            .arg("--report-har-path")
            .arg(&report);
        if let Some(token) = &self.token {
            cmd = cmd
                .arg("--header")
                .arg(format!("Authorization: Bearer {token}"));
        }
        for operation in &self.operations {
            cmd = cmd.arg("--include-operation-id").arg(operation);
        }
        let log = dir.join(format!("{}.log", self.name));
        let outcome = cmd.run_into(&log);
        if outcome.is_err() {
            println!("{}", fs::read_to_string(&log).unwrap_or_default());
            bail!("the server's answers are not what its document says; the log above names them");
        }
        let api = Api::new(base);
        let document: Value = api.get("/openapi.json", None)?;
        let operations: Vec<Operation> = parse(&document)?.into_iter().map(|one| one.0).collect();
        self.judge(&har::read(&report, &operations)?, &api)
    }

    /// Whether the pass could have found anything.
    fn judge(&self, answers: &har::Answers, api: &Api) -> Result<String> {
        if let (Some(token), false) = (&self.token, self.ends) {
            let path = if self.name == "device" {
                "/policy"
            } else {
                "/me"
            };
            let _: Value = api.get(path, Some(token)).context(
                "the caller was locked out in the middle: an operation does that, name it in APART",
            )?;
        }
        let (all, good) = (self.operations.len(), self.successful(answers));
        if good * 100 < all * self.floor {
            let never: Vec<&str> = self.without_success(answers);
            bail!(
                "only {good} of {all} operations ever answered with success, so little was tested; none of: {}",
                never.join(", ")
            );
        }
        Ok(format!(
            "{}: {} requests, {good} of {all} operations with success",
            self.name, answers.total
        ))
    }

    fn successful(&self, answers: &har::Answers) -> usize {
        self.operations.len() - self.without_success(answers).len()
    }

    fn without_success(&self, answers: &har::Answers) -> Vec<&str> {
        let mut never: Vec<&str> = self.operations.iter().map(String::as_str).collect();
        never.retain(|operation| !answers.successes.contains_key(*operation));
        never
    }
}

/// Where addresses take ids, most are of what there is.
fn config(world: &World, caller: &str) -> String {
    let mut toml = String::from("[generation]\nwith-security-parameters = false\n");
    let quoted = |ids: &[String]| {
        let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
        ids.join(", ")
    };
    for (area, ids) in world.ids(caller) {
        write!(toml, "[dictionaries.{area}]\nvalues = [{}]\n", quoted(ids))
            .expect("writing to a String cannot fail");
    }
    let areas = world
        .ids(caller)
        .map(|(area, _)| (format!("^/api/v1/{area}/"), "id", *area));
    let members = (r"\\{user_id\\}".to_owned(), "user_id", "users");
    for (pattern, parameter, area) in areas.chain([members]) {
        write!(
            toml,
            "[[operations]]\ninclude-path-regex = \"{pattern}\"\n[operations.parameters]\n\"path.{parameter}\" = {{ dictionary = \"{area}\", probability = 0.7 }}\n"
        )
        .expect("writing to a String cannot fail");
    }
    toml
}
