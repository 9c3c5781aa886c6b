// What a hostile page can try, each attempt by itself. An attempt's value is everything that the
// page could read of the answer: the empty text when that is nothing.
"use strict";

const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/** What a fetch lets the page read. */
async function fetched(address, options) {
  try {
    const answer = await fetch(address, { credentials: "include", cache: "no-store", ...options });
    if (answer.type === "opaque" || answer.type === "opaqueredirect") return "";
    return `${answer.type} ${answer.status} ${await answer.text()}`;
  } catch {
    return "";
  }
}

/** Waits until an element has loaded or failed; the event. */
function settled(element) {
  return Promise.race([
    new Promise((go) => {
      element.addEventListener("load", () => go("load"));
      element.addEventListener("error", () => go("error"));
    }),
    pause(1500).then(() => "nothing"),
  ]);
}

/** Sends a form into a frame of this page; what the page can read of that frame. */
async function form(address, enctype, fields, target) {
  const frame = document.createElement("iframe");
  frame.name = `frame-${Math.random()}`;
  document.body.append(frame);
  await pause(20);
  const element = document.createElement("form");
  element.method = "post";
  element.action = address;
  element.enctype = enctype;
  element.target = target ?? frame.name;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    element.append(input);
  }
  document.body.append(element);
  const loaded = settled(frame);
  element.submit();
  if (target) await pause(500);
  else await loaded;
  let read = "";
  try {
    // Throws, or is empty, when the frame belongs to somebody else.
    read = frame.contentDocument?.body?.innerText ?? "";
  } catch {
    read = "";
  }
  frame.remove();
  element.remove();
  return read;
}

/** JSON that a form sends as text: the `=` between name and value stands inside a text. */
function disguised(body) {
  const json = JSON.stringify({ ...body, padding: "=" });
  const at = json.lastIndexOf("=");
  return { [json.slice(0, at)]: json.slice(at + 1) };
}

/** Loads an address as something else. */
async function embedded(tag, attribute, address) {
  const before = Object.keys(window).length;
  const element = document.createElement(tag);
  element[attribute] = address;
  const loaded = settled(element);
  document.body.append(element);
  await loaded;
  let read = "";
  if (tag === "img" && element.naturalWidth > 0) read = "an image";
  if (tag === "script" && Object.keys(window).length !== before) read = "a script";
  try {
    if (tag === "iframe" || tag === "object") read = element.contentDocument?.body?.innerText ?? "";
  } catch {
    read = "";
  }
  element.remove();
  return read;
}

/** Opens a socket; its first frame. */
function socket(address) {
  return new Promise((go) => {
    const ws = new WebSocket(address.replace("http", "ws"));
    ws.onopen = () => go("it opened");
    ws.onmessage = (event) => go(event.data);
    ws.onerror = () => go("");
    setTimeout(() => go(""), 5000);
  });
}

/** Opens a window of the victim; what can be seen and done through the handle. */
async function opened(address) {
  const handle = window.open(address, "_blank");
  if (!handle) return "no window";
  await pause(1000);
  let read = "";
  // Its policy cuts the two apart: the handle looks closed.
  if (!handle.closed) read += "an open handle ";
  try {
    read += handle.document.body.innerText;
  } catch {
    // Somebody else's.
  }
  try {
    handle.postMessage("hello", "*");
    handle.close();
  } catch {
    // Nothing to talk to.
  }
  return read;
}

/** Every attempt on the server at `victim`, by name. */
function attempts(victim, session) {
  const api = `${victim}/api/v1`;
  const user = { name: "Mallory", email: "mallory@evil.test", role: "admin" };
  const login = { email: "mallory@victim.test", password: "violet tractor ninety clouds", delivery: "cookie" };
  const text = { "content-type": "text/plain" };
  const json = { "content-type": "application/json" };
  const post = (headers, body, more) => ({ method: "POST", headers, body: body && JSON.stringify(body), ...more });
  const nocors = { mode: "no-cors" };
  const all = {
    "read who is logged in": () => fetched(`${api}/me`),
    "read who is logged in, without CORS": () => fetched(`${api}/me`, nocors),
    "read the people": () => fetched(`${api}/users`),
    "log out": () => fetched(`${api}/auth/logout`, { method: "POST" }),
    "log out, without CORS": () => fetched(`${api}/auth/logout`, { method: "POST", ...nocors }),
    "log out by a beacon": async () => (navigator.sendBeacon(`${api}/auth/logout`), ""),
    "log out, kept alive": () => fetched(`${api}/auth/logout`, { method: "POST", keepalive: true, ...nocors }),
    "renew the log-in": () => fetched(`${api}/auth/refresh`, { method: "POST", ...nocors }),
    "renew the log-in, with CORS": () => fetched(`${api}/auth/refresh`, { method: "POST" }),
    "log in as somebody else": () => fetched(`${api}/auth/login`, post(json, login)),
    "log in as somebody else, as text": () => fetched(`${api}/auth/login`, post(text, login)),
    "log in as somebody else, without CORS": () => fetched(`${api}/auth/login`, post(text, login, nocors)),
    "make an admin": () => fetched(`${api}/users`, post(json, user)),
    "make an admin, as text": () => fetched(`${api}/users`, post(text, user)),
    "make an admin, without CORS": () => fetched(`${api}/users`, post(text, user, nocors)),
    "make an admin, as a typed blob": () =>
      fetched(`${api}/users`, { method: "POST", body: new Blob([JSON.stringify(user)], { type: "application/json" }), ...nocors }),
    "stop a session": () => fetched(`${api}/sessions/${session}/stop`, { method: "POST", ...nocors }),
    "change the policy": () => fetched(`${api}/policy`, { method: "PUT", headers: json, body: "{}" }),
    "remove a device": () => fetched(`${api}/devices/${session}`, { method: "DELETE" }),
    "open a socket": () => socket(`${api}/ws`),
    "open a socket from the beginning": () => socket(`${api}/ws?after=0`),
    "open a window": () => opened(victim),
    "open the API in a window": () => opened(`${api}/me`),
    "read its cookies": async () => document.cookie,
  };
  for (const enctype of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
    all[`make an admin by a form, ${enctype}`] = () => form(`${api}/users`, enctype, user);
    all[`log in by a form, ${enctype}`] = () => form(`${api}/auth/login`, enctype, login);
    all[`log out by a form, ${enctype}`] = () => form(`${api}/auth/logout`, enctype, {});
    all[`stop a session by a form, ${enctype}`] = () => form(`${api}/sessions/${session}/stop`, enctype, {});
    all[`renew by a form, ${enctype}`] = () => form(`${api}/auth/refresh`, enctype, {});
  }
  all["make an admin by a form, disguised"] = () => form(`${api}/users`, "text/plain", disguised(user));
  all["log in by a form, disguised"] = () => form(`${api}/auth/login`, "text/plain", disguised(login));
  all["log out by a form in a window"] = () => form(`${api}/auth/logout`, "text/plain", {}, "_blank");
  for (const [tag, attribute] of [["img", "src"], ["script", "src"], ["iframe", "src"], ["object", "data"]]) {
    all[`load who is logged in as ${tag}`] = () => embedded(tag, attribute, `${api}/me`);
    all[`load the people as ${tag}`] = () => embedded(tag, attribute, `${api}/users`);
    all[`load the page as ${tag}`] = () => embedded(tag, attribute, victim);
  }
  return all;
}

/** The names of all attempts. */
window.names = () => Object.keys(attempts("http://nowhere.test", "x"));

/** Makes one attempt; what could be read. */
window.attack = (name, victim, session) => attempts(victim, session)[name]();
