//! From the embedded database to PostgreSQL as docs/PACKAGES.md says, and an upgrade after it.

use anyhow::{Context, Result, ensure};

use super::{
    root::Root,
    server::{copies, log_in, serve},
};

const ENVIRONMENT: &str = "etc/workpulse/server.env";
/// What a shell would take apart: an address with several parameters, and a sign of its own.
const URL: &str =
    "postgres://workpulse@localhost/workpulse?host=/var/run/postgresql&application_name=$HOME";

/// The embedded file stays where it was, and must disturb nothing.
pub(super) fn carried_over(system: &Root) -> Result<()> {
    system.run("apt-get install -qy --no-install-recommends postgresql")?;
    system.run("pg_ctlcluster $(pg_lsclusters -h | cut -d' ' -f1,2) start")?;
    system.run(
        "cd /; runuser -u postgres -- psql -qc 'CREATE ROLE workpulse LOGIN CREATEROLE'
         runuser -u postgres -- psql -qc 'CREATE DATABASE workpulse OWNER workpulse'",
    )?;
    let said = system.run(&format!(
        "cd /var/lib/workpulse; runuser -u workpulse -- workpulse-server migrate-data --config /etc/workpulse/server.toml --data-dir /var/lib/workpulse --to '{URL}'"
    ))?;
    ensure!(said.contains("users"), "migrate-data says: {said}");
    // Secrets are for nobody but root: systemd reads the file, not the server.
    system.write(ENVIRONMENT, &format!("# a secret\nDATABASE_URL={URL}\n"))?;
    system.run(&format!("chmod 600 /{ENVIRONMENT}"))?;
    ensure!(
        system.has("var/lib/workpulse/workpulse.db"),
        "the embedded file is there no more"
    );
    let before = copies(system)?;
    system
        .run("dpkg -i /workpulse-server-1.deb && dpkg -i /workpulse-server-2.deb")
        .context("an upgrade beside a file that was left over")?;
    ensure!(
        copies(system)? == before,
        "the left-over file was copied, as if it were the data"
    );
    let server = serve(system)?;
    log_in(system).context("from PostgreSQL")?;
    drop(server);
    let clients = system.run(
        "cd /; runuser -u postgres -- psql -Atqd workpulse -c 'SELECT count(*) FROM _sqlx_migrations'",
    )?;
    ensure!(
        clients.trim().parse::<u32>().is_ok_and(|count| count > 0),
        "PostgreSQL holds no schema: {clients}"
    );
    system.run(&format!(
        "rm /{ENVIRONMENT}; pg_ctlcluster $(pg_lsclusters -h | cut -d' ' -f1,2) stop"
    ))?;
    println!("    carried over to PostgreSQL and upgraded: the file that was left is not touched");
    Ok(())
}
