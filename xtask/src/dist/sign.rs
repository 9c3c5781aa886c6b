//! Keys from the environment, signatures, checksums.
//!
//! A secret key is imported into a keyring of this run, readable by this user only and
//! removed with the work directory. None is ever written into the repository.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use super::{Release, name, require};
use crate::cmd::Cmd;

/// What this run can sign with.
pub(super) struct Keys {
    /// Packages, repositories, checksums.
    pub(super) gpg: Option<Gpg>,
    /// What the updater fetches.
    pub(super) minisign: Option<Minisign>,
}

/// A keyring of this run, with one secret key.
pub(super) struct Gpg {
    home: PathBuf,
    fingerprint: String,
}

/// A minisign key pair.
pub(super) struct Minisign {
    secret: PathBuf,
    public: PathBuf,
}

impl Keys {
    /// The keys that the environment names; each may be absent.
    pub(super) fn from_environment(home: &Path) -> Result<Self> {
        let gpg = match std::env::var("WORKPULSE_GPG_KEY") {
            Ok(text) if !text.is_empty() => {
                // Either the key itself, or a file that holds it.
                let armour = if text.contains("BEGIN PGP") {
                    text
                } else {
                    fs::read_to_string(&text)
                        .with_context(|| format!("WORKPULSE_GPG_KEY names {text}"))?
                };
                Some(Gpg::import(home, &armour)?)
            }
            _ => None,
        };
        let minisign = match std::env::var_os("WORKPULSE_MINISIGN_KEY") {
            Some(path) if !path.is_empty() => {
                let secret = PathBuf::from(path);
                let public = secret.with_extension("pub");
                ensure!(
                    secret.is_file() && public.is_file(),
                    "WORKPULSE_MINISIGN_KEY names {}; that and {} must be there",
                    secret.display(),
                    public.display()
                );
                Some(Minisign { secret, public })
            }
            _ => None,
        };
        Ok(Self { gpg, minisign })
    }

    /// Keys that live as long as this run's work directory.
    pub(super) fn for_tests(home: &Path) -> Result<Self> {
        require("minisign", "minisign")?;
        let gpg = Gpg::make(home)?;
        let minisign = Minisign {
            secret: home.join("minisign.key"),
            public: home.join("minisign.pub"),
        };
        Cmd::new("minisign", &["-G", "-W", "-f", "-s"])
            .arg(&minisign.secret)
            .arg("-p")
            .arg(&minisign.public)
            .capture()?;
        Ok(Self {
            gpg: Some(gpg),
            minisign: Some(minisign),
        })
    }
}

impl Gpg {
    fn keyring(home: &Path) -> Result<PathBuf> {
        require("gpg", "gnupg")?;
        let ring = home.join("gnupg");
        fs::create_dir_all(&ring)?;
        super::stage::set_mode(&ring, 0o700)?;
        Ok(ring)
    }

    fn import(home: &Path, armour: &str) -> Result<Self> {
        let ring = Self::keyring(home)?;
        let file = ring.join("import.asc");
        fs::write(&file, armour)?;
        super::stage::set_mode(&file, 0o600)?;
        let imported = gpg(&ring).arg("--import").arg(&file).capture();
        fs::remove_file(&file)?;
        imported.context("the key of WORKPULSE_GPG_KEY cannot be imported")?;
        Self::of(ring)
    }

    fn make(home: &Path) -> Result<Self> {
        let ring = Self::keyring(home)?;
        gpg(&ring)
            .arg("--passphrase")
            .arg("")
            .arg("--quick-generate-key")
            .arg("WorkPulse test packages (not for release)")
            .arg("rsa3072")
            .arg("sign")
            .arg("1d")
            .capture()?;
        Self::of(ring)
    }

    fn of(home: PathBuf) -> Result<Self> {
        let listing = gpg(&home)
            .arg("--with-colons")
            .arg("--list-secret-keys")
            .capture()?;
        let fingerprint = listing
            .lines()
            .find_map(|line| line.strip_prefix("fpr:"))
            .and_then(|rest| rest.trim_matches(':').split(':').next())
            .context("the keyring holds no secret key")?
            .to_owned();
        Ok(Self { home, fingerprint })
    }

    /// Writes the public key where IT finds it.
    pub(super) fn export(&self, file: &Path) -> Result<()> {
        gpg(&self.home)
            .arg("--yes")
            .arg("--armor")
            .arg("--output")
            .arg(file)
            .arg("--export")
            .arg(&self.fingerprint)
            .capture()
            .map(drop)
    }

    /// A detached, armoured signature beside a file.
    pub(super) fn detach(&self, file: &Path, signature: &Path) -> Result<()> {
        self.signing()
            .arg("--output")
            .arg(signature)
            .arg("--armor")
            .arg("--detach-sign")
            .arg(file)
            .capture()
            .map(drop)
    }

    /// The signed text itself, as apt reads it.
    pub(super) fn clear_sign(&self, file: &Path, signed: &Path) -> Result<()> {
        self.signing()
            .arg("--output")
            .arg(signed)
            .arg("--clear-sign")
            .arg(file)
            .capture()
            .map(drop)
    }

    fn signing(&self) -> Cmd {
        gpg(&self.home)
            .arg("--yes")
            .arg("--local-user")
            .arg(&self.fingerprint)
            .arg("--digest-algo")
            .arg("SHA512")
    }
}

fn gpg_program() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").context("there is no PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join("gpg"))
        .find(|program| program.is_file())
        .context("gpg is not here; its Debian package is gnupg")
}

fn gpg(home: &Path) -> Cmd {
    Cmd::new("gpg", &["--batch", "--quiet", "--homedir"]).arg(home)
}

/// Signs every .rpm inside, and every .deb beside (apt verifies the repository instead; the
/// detached signature is for whoever copies a single file).
pub(super) fn packages(key: &Gpg, out: &Path) -> Result<()> {
    require("rpmsign", "rpm")?;
    key.export(&out.join("workpulse-packages.asc"))?;
    for file in files(out, "rpm")? {
        Cmd::new("rpmsign", &["--addsign"])
            .arg("--define")
            .arg(format!("_gpg_name {}", key.fingerprint))
            .arg("--define")
            .arg(format!("_gpg_path {}", key.home.display()))
            // Where rpm was built it is called gpg2.
            .arg("--define")
            .arg(format!("__gpg {}", gpg_program()?.display()))
            .arg(&file)
            .capture()?;
        println!("    {} is signed", name(&file));
    }
    for file in files(out, "deb")? {
        let mut signature = file.clone().into_os_string();
        signature.push(".asc");
        key.detach(&file, Path::new(&signature))?;
        println!("    {} has its signature beside it", name(&file));
    }
    Ok(())
}

/// Endings of what an updater may fetch.
const UPDATES: [&str; 6] = ["deb", "rpm", "msi", "exe", "pkg", "dmg"];
/// Those that the manifest names: packages of this machine's architecture.
const LISTED: [&str; 2] = ["deb", "rpm"];

/// Signs what an updater fetches: the agent's packages and installers that are there, and the
/// manifest that names the packages, each with its name and version in the trusted comment, so
/// that neither another file nor an older one can be passed off as it.
pub(super) fn updates(key: &Minisign, release: &Release, out: &Path) -> Result<()> {
    require("minisign", "minisign")?;
    fs::copy(&key.public, out.join("workpulse-updates.pub"))?;
    let mut signed = 0;
    let mut listed = Vec::new();
    for ending in UPDATES {
        for file in files(out, ending)? {
            if name(&file).starts_with("workpulse-server") {
                continue;
            }
            key.sign(&file, release)?;
            signed += 1;
            if !LISTED.contains(&ending) {
                continue;
            }
            listed.push(serde_json::json!({
                "name": name(&file),
                "kind": ending,
                "arch": release.rpm_arch,
                "size": fs::metadata(&file)?.len(),
            }));
        }
    }
    ensure!(signed > 0, "{} holds nothing for an updater", out.display());
    if listed.is_empty() {
        // Installers of other systems alone: their release's packages have a manifest of their own.
        return Ok(());
    }
    let manifest = serde_json::json!({
        "version": format!("{}-{}", release.version, release.revision),
        "files": listed,
    });
    let path = out.join("updates.json");
    fs::write(&path, serde_json::to_string_pretty(&manifest)? + "\n")?;
    key.sign(&path, release)
}

impl Minisign {
    /// A signature beside a file, which binds its name and version.
    fn sign(&self, file: &Path, release: &Release) -> Result<()> {
        Cmd::new("minisign", &["-S", "-s"])
            .arg(&self.secret)
            .arg("-t")
            .arg(format!(
                "file:{} version:{}-{} timestamp:{}",
                name(file),
                release.version,
                release.revision,
                release.epoch
            ))
            .arg("-m")
            .arg(file)
            .capture()?;
        println!("    {}.minisig", name(file));
        Ok(())
    }
}

/// `SHA256SUMS` over everything, and its signature where there is a key.
pub(super) fn checksums(key: Option<&Gpg>, out: &Path) -> Result<()> {
    let mut all = Vec::new();
    super::list(out, &mut all)?;
    // Marks of this command's, and what a run before has made.
    all.retain(|file| !name(file).starts_with('.') && !name(file).starts_with("SHA256SUMS"));
    all.sort();
    let mut command = Cmd::new("sha256sum", &[]).dir(out);
    for file in &all {
        command = command.arg(file.strip_prefix(out)?);
    }
    let sums = out.join("SHA256SUMS");
    fs::write(&sums, command.capture()?)?;
    if let Some(key) = key {
        key.detach(&sums, &out.join("SHA256SUMS.asc"))?;
    }
    println!("    SHA256SUMS names {} files", all.len());
    Ok(())
}

/// Files of this directory with an ending, by name.
pub(super) fn files(dir: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(dir)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    found.retain(|path| path.extension().is_some_and(|found| found == ending));
    found.sort();
    Ok(found)
}
