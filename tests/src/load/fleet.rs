//! Enrolling a fleet of simulated devices through the API, as IT does it.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use anyhow::{Context, Result};
use futures_util::{StreamExt as _, TryStreamExt as _, stream as futures};
use shared_types::{DeviceId, UserId, auth::Role};

use super::stream::Stream;
use crate::{
    api::{Api, PASSWORD, Refused},
    server::ServerPlan,
    time::{new_id, now},
};

/// Requests under way at once.
const AT_ONCE: usize = 8;
/// Enrolments from one address: the server lets an address try 60 times a minute, and a
/// fleet does not come from one machine.
const PER_ADDRESS: usize = 40;

/// One organization and the one who manages it.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its admin's address.
    pub email: String,
    /// Its admin.
    pub admin: Api,
}

/// Everything that was enrolled.
#[derive(Debug)]
pub struct Fleet {
    /// The organizations.
    pub tenants: Vec<Tenant>,
    /// The devices; that at `i` belongs to the tenant at `i % tenants.len()`.
    pub streams: Vec<Stream>,
}

/// Makes organizations and enrols `agents` devices over them, in turn. The minutes of all
/// of them lie in the past: they begin `days` days ago.
///
/// # Errors
/// When the server refuses; a second organization needs the server's program.
pub async fn enrol(
    base: &str,
    plan: Option<&ServerPlan>,
    organizations: usize,
    agents: usize,
    days: i64,
    progress: impl Fn(usize),
) -> Result<Fleet> {
    let mut tenants = Vec::new();
    for number in 0..organizations {
        let email = format!("admin{number}@load.example");
        // Each admin from an address of their own: set-up and log-in are limited, too.
        let api = Api::from_address(base, Some(source_address(1_000_000 + number)));
        let admin = if number == 0 {
            api.set_up("Load 0", &email).await?.1
        } else {
            let plan = plan.context("more than one organization needs --server-bin")?;
            create_organization(plan, number, &email)?;
            api.log_in(&email, PASSWORD).await?.1
        };
        tenants.push(Tenant { email, admin });
    }
    let first_minute = now().minute() - days * 1_440;
    let done = std::sync::atomic::AtomicUsize::new(0);
    let run = new_id().simple().to_string();
    let streams = futures::iter(0..agents)
        .map(|number| {
            let (tenants, done, progress, run) = (&tenants, &done, &progress, &run);
            async move {
                let tenant = &tenants[number % tenants.len()];
                let stream = enrol_one(base, tenant, number, run, first_minute).await?;
                let so_far = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                progress(so_far);
                Ok::<_, anyhow::Error>(stream)
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(Fleet { tenants, streams })
}

async fn enrol_one(
    base: &str,
    tenant: &Tenant,
    number: usize,
    run: &str,
    first_minute: i64,
) -> Result<Stream> {
    let email = format!("agent{number}-{run}@load.example");
    let name = format!("Agent {number}");
    let user_id: UserId = again(|| {
        tenant
            .admin
            .create_user(&name, &email, Role::Employee, false)
    })
    .await
    .context("an account")?
    .id;
    let token = again(|| tenant.admin.enrolment_token(user_id))
        .await
        .context("an enrolment token")?;
    let device_id = DeviceId(new_id());
    let api = Api::from_address(base, Some(source_address(number / PER_ADDRESS)));
    let enrolled = again(|| api.enrol(&token.token, device_id))
        .await
        .context("enrolling a device")?;
    Ok(Stream::new(
        device_id,
        user_id,
        &enrolled.device_secret,
        first_minute,
    ))
}

/// Asks again when the server says that it was too much at once.
async fn again<T, F: Future<Output = Result<T>>>(mut ask: impl FnMut() -> F) -> Result<T> {
    const TRIES: usize = 5;
    for _ in 1..TRIES {
        match ask().await {
            Err(error) => match error.downcast_ref::<Refused>() {
                Some(refused) if matches!(refused.status.as_u16(), 429 | 503) => {
                    let seconds = refused.retry_after.unwrap_or(1).min(65);
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                }
                _ => return Err(error),
            },
            done => return done,
        }
    }
    ask().await
}

/// The `n`th of this machine's loopback addresses, from 127.0.1.0 on.
fn source_address(n: usize) -> IpAddr {
    let n = u32::try_from(n % 0x00ff_0000).unwrap_or(0);
    IpAddr::V4(Ipv4Addr::from(0x7f00_0100 + n))
}

/// Makes a further organization and its admin, with the server's own commands.
fn create_organization(plan: &ServerPlan, number: usize, email: &str) -> Result<()> {
    let name = format!("Load {number}");
    let made = plan.admin(
        &[
            "create-organization",
            "--name",
            &name,
            "--time-zone",
            "Europe/Berlin",
        ],
        "",
    )?;
    let id = made["organization_id"].as_str().context("its id")?;
    let person = ["create-user", "--organization", id, "--email", email];
    let rights = ["--name", "Ada Admin", "--role", "admin", "--password-stdin"];
    plan.admin(&[&person[..], &rights[..]].concat(), PASSWORD)?;
    Ok(())
}
