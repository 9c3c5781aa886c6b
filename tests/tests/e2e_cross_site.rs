//! Pages of others, in a real browser whose owner is logged in: they read nothing and change
//! nothing, whatever they try.
//!
//! The interesting neighbours are those that a browser counts to the same site, since it sends
//! them the victim's `SameSite=Strict` cookies along: another port of the same host, and a
//! sub-domain. What refuses them is the origin check alone.

mod cross_site;

use anyhow::{Context, Result, ensure};
use cross_site::{Hostile, Victim};
use serde_json::json;

const HOST: &str = "app.localhost";

/// Where hostile pages come from.
const FROM: [(&str, &str); 4] = [
    ("another port of the same host", "app.localhost"),
    ("a sub-domain", "evil.app.localhost"),
    ("a neighbouring name", "evil.localhost"),
    ("another site", "127.0.0.1"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_reads_nothing_and_changes_nothing() {
    run().await.unwrap();
}

async fn run() -> Result<()> {
    let hostile = Hostile::start().await?;
    let mut victim = Victim::start(HOST).await?;
    cookies_are_out_of_reach(&mut victim).await?;
    let before = victim.state().await?;
    let mut wrong = Vec::new();
    let mut made = 0;
    for (whence, host) in FROM {
        let page = format!("http://{host}:{}/", hostile.port);
        for name in names(&mut victim, &page).await? {
            // Each from a fresh page: an attempt may have taken the tab elsewhere.
            arrive(&mut victim, &page).await?;
            let attack = format!(
                "window.attack({name:?}, {:?}, {:?})",
                victim.address,
                victim.session.to_string()
            );
            let read = victim.browser.evaluate_async(&attack).await;
            let read = read.with_context(|| format!("{name} from {whence}"))?;
            if read != "" {
                wrong.push(format!("{name} from {whence}: it read {read}"));
            }
            made += 1;
            if victim.state().await? != before {
                wrong.push(format!("{name} from {whence}: something changed"));
                ensure!(wrong.len() < 5, "{}", wrong.join("\n"));
            }
        }
        framing(&mut victim, &page, whence, &mut wrong).await?;
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    ensure!(made >= 4 * 45, "only {made} attempts were made");
    // What nobody else could do, our own page can: the attempts failed for what they were.
    own_page_may(&mut victim).await
}

/// `HttpOnly` and `SameSite=Strict`, each on the path that it is for.
async fn cookies_are_out_of_reach(victim: &mut Victim) -> Result<()> {
    let seen = victim.browser.evaluate("document.cookie").await?;
    ensure!(seen == "", "our own scripts read no cookie either: {seen}");
    let cookies = victim.browser.cookies().await?;
    let mut paths = Vec::new();
    for cookie in &cookies {
        ensure!(
            cookie["httpOnly"] == true && cookie["sameSite"] == "Strict",
            "{cookie}"
        );
        ensure!(cookie["domain"] == HOST, "for this host alone: {cookie}");
        paths.push((cookie["name"].clone(), cookie["path"].clone()));
    }
    paths.sort_unstable_by_key(|(name, _)| name.to_string());
    let expected = [("wp_access", "/"), ("wp_refresh", "/api/v1/auth")];
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, path)| (json!(name), json!(path)))
        .collect();
    ensure!(paths == expected, "{paths:?}");
    Ok(())
}

async fn arrive(victim: &mut Victim, page: &str) -> Result<()> {
    victim.browser.open(page).await?;
    let there = format!(
        "location.href === {page:?} && document.readyState === 'complete' && !!window.attack"
    );
    victim.browser.wait_until(&there).await
}

async fn names(victim: &mut Victim, page: &str) -> Result<Vec<String>> {
    arrive(victim, page).await?;
    let names = victim.browser.evaluate("window.names()").await?;
    serde_json::from_value(names).context("names")
}

/// A frame with our page, or our API, in a foreign page stays empty.
async fn framing(
    victim: &mut Victim,
    page: &str,
    whence: &str,
    wrong: &mut Vec<String>,
) -> Result<()> {
    for path in ["/", "/api/docs", "/api/v1/me"] {
        arrive(victim, page).await?;
        let address = format!("{}{path}", victim.address);
        let frame = format!(
            "new Promise((go) => {{ const f = document.createElement('iframe'); f.onload = () => go('loaded'); \
             f.src = {address:?}; document.body.append(f); }})"
        );
        victim.browser.evaluate_async(&frame).await?;
        let shown = victim.browser.framed().await?;
        if !shown.is_empty() {
            wrong.push(format!("{path} is shown in a frame of {whence}: {shown:?}"));
        }
    }
    Ok(())
}

/// The same acts from our own page.
async fn own_page_may(victim: &mut Victim) -> Result<()> {
    victim.go_home().await?;
    let me = victim.own_request("GET", "/me", &json!(null)).await?;
    ensure!(me == 200, "still logged in: {me}");
    let opens = "new Promise((go) => { const ws = new WebSocket('/api/v1/ws'); \
                 ws.onmessage = (event) => go(JSON.parse(event.data).frame); ws.onerror = () => go('refused'); })";
    let frame = victim.browser.evaluate_async(opens).await?;
    ensure!(frame == "hello", "our own socket: {frame}");
    let user = json!({ "name": "Erin", "email": "erin@victim.test", "role": "employee" });
    let made = victim.own_request("POST", "/users", &user).await?;
    ensure!(made == 201, "our own request: {made}");
    let stop = format!("/sessions/{}/stop", victim.session);
    let stopped = victim.own_request("POST", &stop, &json!(null)).await?;
    ensure!(stopped == 200, "our own session: {stopped}");
    let renewed = victim
        .own_request("POST", "/auth/refresh", &json!(null))
        .await?;
    ensure!(renewed == 200, "our own renewal: {renewed}");
    let out = victim
        .own_request("POST", "/auth/logout", &json!(null))
        .await?;
    ensure!(out == 204, "our own log-out: {out}");
    let cookies = victim.browser.cookies().await?;
    ensure!(cookies.is_empty(), "and nothing is left: {cookies:?}");
    // A page that is visited by typing its address comes from nowhere, and reads only.
    let me = victim.own_request("GET", "/me", &json!(null)).await?;
    ensure!(me == 401, "logged out: {me}");
    Ok(())
}
