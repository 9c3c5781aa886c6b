//! The tray app's window, driven as a person drives it, through `WebKitWebDriver`.
//!
//! A small client of our own: the few commands of the `WebDriver` protocol that these tests need
//! fit on a page. Elements are found by what a person reads.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{server::free_port, time::wait_for};

/// How long the window may take for anything.
const PATIENCE: Duration = Duration::from_mins(1);
/// What the protocol calls the key of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A window and its driver. Dropping it ends both.
#[derive(Debug)]
pub struct Window {
    driver: Child,
    http: reqwest::Client,
    session: String,
}

impl Window {
    /// Starts `program` with `arguments` under a driver, on a display.
    ///
    /// # Errors
    /// When there is no driver, or the window does not come.
    pub async fn open(
        program: &Path,
        arguments: &[String],
        display: &str,
        home: &Path,
    ) -> Result<Self> {
        let port = free_port()?;
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            // No other desktop's services, and nobody's own settings.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("NO_AT_BRIDGE", "1")
            .env("LANG", "en_US.UTF-8")
            .env("LANGUAGE", "en")
            // Otherwise the program starts itself again to set it, which the driver need not see.
            .env("GDK_GL", "disable")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env_remove("WORKPULSE_AGENT_CONFIG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("WebKitWebDriver cannot be started (Debian package webkit2gtk-driver)")?;
        let mut window = Self {
            driver,
            http: reqwest::Client::builder().no_proxy().build()?,
            session: format!("http://127.0.0.1:{port}"),
        };
        let status = format!("{}/status", window.session);
        wait_for("the driver answers", PATIENCE, || async {
            Ok(window.http.get(&status).send().await.is_ok().then_some(()))
        })
        .await?;
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": options
        }}});
        let begun = window.call(Method::POST, "session", &wanted).await?;
        let id = begun["sessionId"].as_str().context("a session's id")?;
        window.session = format!("{}/session/{id}", window.session);
        Ok(window)
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let mut request = self
            .http
            .request(method.clone(), format!("{}/{path}", self.session))
            .timeout(PATIENCE);
        if method == Method::POST {
            request = request.json(body);
        }
        let answer: Value = request.send().await?.json().await?;
        let value = answer["value"].clone();
        match value["error"].as_str() {
            Some(error) => bail!("{path}: {error}: {}", value["message"]),
            None => Ok(value),
        }
    }

    /// What a script in the page returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str, arguments: Value) -> Result<Value> {
        let body = json!({ "script": script, "args": arguments });
        self.call(Method::POST, "execute/sync", &body).await
    }

    /// Waits until a script returns an element, and gives its id.
    async fn element(&self, what: &str, script: &str, text: &str) -> Result<String> {
        wait_for(what, PATIENCE, || async {
            let found = self.run(script, json!([text])).await?;
            Ok(found[ELEMENT].as_str().map(ToOwned::to_owned))
        })
        .await
    }

    /// Waits until the page shows this text anywhere.
    ///
    /// # Errors
    /// When it does not come, with what the page shows instead.
    pub async fn shows(&self, text: &str) -> Result<()> {
        let shown = wait_for(&format!("{text:?} is shown"), PATIENCE, || async {
            let page = self.text().await?;
            Ok(page.contains(text).then_some(()))
        })
        .await;
        match shown {
            Ok(()) => Ok(()),
            Err(error) => {
                let page = self.text().await.unwrap_or_default();
                Err(anyhow!("{error:#}; the page shows:\n{page}"))
            }
        }
    }

    /// Everything that the page shows.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .run("return document.body.innerText", json!([]))
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Presses the button, link or summary with this text.
    ///
    /// # Errors
    /// When there is none, or it cannot be pressed.
    pub async fn press(&self, text: &str) -> Result<()> {
        const FIND: &str = "return [...document.querySelectorAll('button, a, summary')]
            .find((it) => !it.disabled && it.innerText.trim() === arguments[0]) ?? null";
        let id = self
            .element(&format!("there is a {text:?} to press"), FIND, text)
            .await?;
        let path = format!("element/{id}/click");
        self.call(Method::POST, &path, &json!({})).await.map(drop)
    }

    /// Types into the field with this label.
    ///
    /// # Errors
    /// When there is none, or it takes no text.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        const FIND: &str = "const label = [...document.querySelectorAll('label')]
                .find((it) => it.innerText.trim() === arguments[0]);
            return label ? document.getElementById(label.htmlFor) : null";
        let id = self
            .element(&format!("there is a field {label:?}"), FIND, label)
            .await?;
        let path = format!("element/{id}/value");
        let body = json!({ "text": text });
        self.call(Method::POST, &path, &body).await.map(drop)
    }

    /// Chooses an option, by its text, of the list with this accessible name.
    ///
    /// # Errors
    /// When there is none.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        const FIND: &str = "return [...document.querySelectorAll('option')]
            .find((it) => it.innerText.trim() === arguments[0]
                && !it.closest('select').disabled) ?? null";
        let id = self
            .element(&format!("{label:?} offers {option:?}"), FIND, option)
            .await?;
        let path = format!("element/{id}/click");
        self.call(Method::POST, &path, &json!({})).await.map(drop)
    }

    /// A picture of the page, as PNG.
    ///
    /// # Errors
    /// When the driver gives none.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let picture = self.call(Method::GET, "screenshot", &Value::Null).await?;
        Ok(STANDARD.decode(picture.as_str().context("a picture")?)?)
    }

    /// Closes the window; its process ends.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(self) -> Result<()> {
        let answer = self.http.delete(&self.session).send().await?;
        anyhow::ensure!(answer.status().is_success(), "{}", answer.status());
        Ok(())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // It has ended already, or it must.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
