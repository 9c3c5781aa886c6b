// A real server on a new directory and a free port, and a client that speaks to it as any program
// would. It ends by its own process, and leaves nothing behind.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long a debug build on a busy machine may take to make its database. */
const READY_LIMIT = 60_000;

function freePort() {
  return new Promise((go) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => go(port));
    });
  });
}

/** Asks until the answer is yes, for so many milliseconds. */
export async function until(what, limit, ask) {
  const end = performance.now() + limit;
  for (;;) {
    if (await ask()) return;
    assert.ok(performance.now() < end, `${what}: not within ${limit / 1000} s`);
    await new Promise((go) => setTimeout(go, 100));
  }
}

export async function startServer(binary) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const directory = mkdtempSync(join(tmpdir(), "workpulse-dashboard-"));
  const child = spawn(binary, ["serve"], {
    // Not in the caller's directory: a workpulse.toml there is meant for another server.
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      WORKPULSE_LISTEN: `127.0.0.1:${port}`,
      WORKPULSE_METRICS_LISTEN: "127.0.0.1:0",
      WORKPULSE_DATA_DIR: directory,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part) => {
      log += part;
    });
  }
  const ended = new Promise((go) => child.once("exit", go));
  const server = {
    address,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await until("the server is ready", READY_LIMIT, () => {
      assert.equal(child.exitCode, null, "the server ended");
      return fetch(`${address}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    });
  } catch (error) {
    await server.stop();
    throw new Error(`${error.message}:\n${log}`);
  }
  return server;
}

/** `ask("POST", "/teams", body)`, in the name of whoever this credential is. */
export function client(address, credential = null) {
  return async (method, path, body) => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: {
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
}

/** Logs in as a program, and speaks as that person from then on. */
export async function loggedIn(address, email, password) {
  const { tokens } = await client(address)("POST", "/auth/login", {
    email,
    password,
    delivery: "body",
  });
  return client(address, tokens.access_token);
}
