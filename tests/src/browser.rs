//! A real browser, driven over the Chrome `DevTools` Protocol.
//!
//! A small client of our own: the dozen commands that these tests need fit on a page, while
//! the general libraries generate and compile the whole protocol. Elements are found by role
//! and accessible name, as a screen reader finds them.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::time::wait_for;

/// How long the browser may take for anything.
const PATIENCE: Duration = Duration::from_secs(30);
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser with one page. Dropping it kills it.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
}

/// An element, as the browser numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element(i64);

impl Browser {
    /// Starts a browser with a fresh profile in `profile`.
    ///
    /// # Errors
    /// When there is no Chromium, or it does not answer.
    pub async fn start(profile: &Path) -> Result<Self> {
        let mut child = NAMES
            .iter()
            .find_map(|name| {
                Command::new(name)
                    .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
                    .args(["--disable-dev-shm-usage", "--no-first-run"])
                    .args(["--remote-debugging-port=0", "--window-size=1280,900"])
                    .arg(format!("--user-data-dir={}", profile.display()))
                    .arg("about:blank")
                    .env_remove("DISPLAY")
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .ok()
            })
            .context("there is no Chromium (Debian package chromium)")?;
        match Self::connect(profile).await {
            Ok(socket) => Ok(Self {
                child,
                socket,
                last_id: 0,
            }),
            Err(error) => {
                // The first error is the one that matters.
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    async fn connect(profile: &Path) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>> {
        let port_file = profile.join("DevToolsActivePort");
        let port = wait_for("Chromium opens its port", PATIENCE, || async {
            let text = fs::read_to_string(&port_file).unwrap_or_default();
            Ok(text
                .lines()
                .next()
                .and_then(|line| line.parse::<u16>().ok()))
        })
        .await?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        let list = format!("http://127.0.0.1:{port}/json/list");
        let address = wait_for("Chromium has a page", PATIENCE, || async {
            let targets: Vec<Value> = client.get(&list).send().await?.json().await?;
            let page = targets.iter().find(|target| target["type"] == "page");
            let address = page.and_then(|page| page["webSocketDebuggerUrl"].as_str());
            Ok(address.map(ToOwned::to_owned))
        })
        .await?;
        let (socket, _) = connect_async(&address).await?;
        Ok(socket)
    }

    /// Sends a command and waits for its result; what else the browser says is passed over.
    async fn command(&mut self, method: &str, params: Value) -> Result<Value> {
        self.last_id += 1;
        let id = self.last_id;
        let text = json!({ "id": id, "method": method, "params": params }).to_string();
        let exchange = async {
            self.socket.send(Message::text(text)).await?;
            while let Some(frame) = self.socket.next().await {
                let Message::Text(text) = frame? else {
                    continue;
                };
                let answer: Value = serde_json::from_str(&text)?;
                if answer["id"] != id {
                    continue;
                }
                if answer["error"].is_object() {
                    bail!("{method}: {}", answer["error"]["message"]);
                }
                return Ok(answer["result"].clone());
            }
            bail!("{method}: the browser went away")
        };
        tokio::time::timeout(PATIENCE, exchange)
            .await
            .map_err(|_| anyhow!("{method}: no answer in time"))?
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When it cannot be loaded.
    pub async fn open(&mut self, address: &str) -> Result<()> {
        let result = self
            .command("Page.navigate", json!({ "url": address }))
            .await?;
        match result["errorText"].as_str() {
            Some(error) => bail!("{address}: {error}"),
            None => Ok(()),
        }
    }

    /// The value of an expression in the page.
    ///
    /// # Errors
    /// When it throws.
    pub async fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let params = json!({ "expression": expression, "returnByValue": true });
        let result = self.command("Runtime.evaluate", params).await?;
        if result["exceptionDetails"].is_object() {
            bail!("{expression}: {}", result["exceptionDetails"]["text"]);
        }
        Ok(result["result"]["value"].clone())
    }

    /// The value that an expression's promise comes to, with a person's click behind it (so that
    /// it may open windows).
    ///
    /// # Errors
    /// When it throws, or takes too long.
    pub async fn evaluate_async(&mut self, expression: &str) -> Result<Value> {
        let params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true,
        });
        let result = self.command("Runtime.evaluate", params).await?;
        if result["exceptionDetails"].is_object() {
            bail!("{expression}: {}", result["exceptionDetails"]);
        }
        Ok(result["result"]["value"].clone())
    }

    /// Waits until an expression is true in the page.
    ///
    /// # Errors
    /// When it does not become so.
    pub async fn wait_until(&mut self, expression: &str) -> Result<()> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            // A page that is being replaced answers with an error: look again.
            if let Ok(Value::Bool(true)) = self.evaluate(expression).await {
                return Ok(());
            }
            if tokio::time::Instant::now() > deadline {
                bail!("it never became true that {expression}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Every cookie that the browser keeps, whatever its site.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn cookies(&mut self) -> Result<Vec<Value>> {
        let result = self.command("Network.getAllCookies", json!({})).await?;
        let cookies = result["cookies"].as_array().context("a list of cookies")?;
        Ok(cookies.clone())
    }

    /// The addresses that frames inside the page show; a frame that was refused shows none.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn framed(&mut self) -> Result<Vec<String>> {
        let result = self.command("Page.getFrameTree", json!({})).await?;
        let children = result["frameTree"]["childFrames"].as_array();
        let shown = children
            .into_iter()
            .flatten()
            .filter(|child| child["frame"]["unreachableUrl"].is_null())
            .filter_map(|child| child["frame"]["url"].as_str());
        Ok(shown
            .filter(|url| url.starts_with("http"))
            .map(ToOwned::to_owned)
            .collect())
    }

    /// The element with this role and exactly this name, if it is there now.
    ///
    /// # Errors
    /// When the browser does not answer, or several fit.
    pub async fn find(&mut self, role: &str, name: &str) -> Result<Option<Element>> {
        let document = self
            .command("DOM.getDocument", json!({ "depth": 0 }))
            .await?;
        let params = json!({
            "nodeId": document["root"]["nodeId"],
            "role": role,
            "accessibleName": name,
        });
        let found = self.command("Accessibility.queryAXTree", params).await?;
        let nodes: Vec<i64> = found["nodes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|node| node["ignored"] != true)
            .filter_map(|node| node["backendDOMNodeId"].as_i64())
            .collect();
        match nodes.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(Element(*one))),
            several => bail!("{} elements are {role} {name:?}", several.len()),
        }
    }

    /// Waits for the element with this role and name.
    ///
    /// # Errors
    /// When it does not come, with what the page says instead.
    pub async fn wait_for(&mut self, role: &str, name: &str) -> Result<Element> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            // A page that is being replaced answers with an error: look again.
            if let Ok(Some(element)) = self.find(role, name).await {
                return Ok(element);
            }
            if tokio::time::Instant::now() > deadline {
                let page = self
                    .evaluate("document.body.innerText.slice(0, 1000)")
                    .await
                    .unwrap_or_default();
                bail!("no {role} {name:?} appeared; the page says: {page}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When it cannot have the focus.
    pub async fn type_into(&mut self, element: Element, text: &str) -> Result<()> {
        self.command("DOM.focus", json!({ "backendNodeId": element.0 }))
            .await?;
        self.command("Input.insertText", json!({ "text": text }))
            .await?;
        Ok(())
    }

    /// Clicks an element.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn click(&mut self, element: Element) -> Result<()> {
        self.call(element, "function () { this.click(); }").await?;
        Ok(())
    }

    /// Calls a function on an element; its value.
    ///
    /// # Errors
    /// When the element is gone or the function throws.
    pub async fn call(&mut self, element: Element, function: &str) -> Result<Value> {
        let node = self
            .command("DOM.resolveNode", json!({ "backendNodeId": element.0 }))
            .await?;
        let params = json!({
            "objectId": node["object"]["objectId"],
            "functionDeclaration": function,
            "returnByValue": true,
        });
        let result = self.command("Runtime.callFunctionOn", params).await?;
        if result["exceptionDetails"].is_object() {
            bail!("{function}: {}", result["exceptionDetails"]["text"]);
        }
        Ok(result["result"]["value"].clone())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It has ended already, or it must.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
