// A stand-in for workpulse-server with believable people: the built dashboard under its real
// content security policy, the few routes that it asks, and a socket that can be pushed and cut.
// Also useful by hand: `node test/browser/server.mjs` serves on http://127.0.0.1:4173.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { adminRoutes } from "./admin.mjs";
import { world } from "./adminWorld.mjs";
import { alertRoutes, alertsOf } from "./alerts.mjs";
import { categoriesOf, categoryRoutes } from "./categories.mjs";
import { fileRoutes, filesOf } from "./files.mjs";
import { jobRoutes, jobsOf } from "./jobs.mjs";
import { noteRoutes, notesOf, YESTERDAY } from "./notes.mjs";
import { people, uuid } from "./people.mjs";
import { emptied, hostileRewriter } from "./rewrites.mjs";
import { scheduleRoutes, schedulesOf } from "./schedules.mjs";
import { settingsOf, settingsRoutes } from "./settings.mjs";
import { webhookRoutes, webhooksOf } from "./webhooks.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "dist");
const csp = readFileSync(join(root, "csp.txt"), "utf8").trim();
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const ORGANIZATION = {
  id: "01930000-0000-7000-8000-00000000aaaa",
  name: "Northwind Studio",
  time_zone: "Europe/Berlin",
};

/** What no page can do without: these are answered whatever the others are. */
const ALWAYS = /^\/api\/v1\/(me|setup|presence)$/;

export async function start(options = {}) {
  const mock = {
    people: people(options.people ?? 26, Date.now(), options.hostile),
    seq: 100,
    log: [],
    loggedIn: options.loggedIn ?? true,
    accessValid: true,
    role: options.role ?? "manager",
    setupNeeded: options.setupNeeded ?? false,
    codeRequired: true,
    presenceHangs: false,
    meFails: false,
    presenceFails: false,
    refuseSockets: false,
    requests: [],
    sendsMail: options.sendsMail ?? false,
    refuseMembers: false,
    /** What becomes of every further question: `hang`, `fail`, `empty`, or as usual. */
    state: null,
    /** Milliseconds that an answer takes, by its path. */
    delay: null,
    organization: { ...ORGANIZATION, ...(options.organization ?? {}) },
  };
  mock.world = world(mock, Date.now(), options.hostile);
  mock.alerts = options.alerts === false ? [] : alertsOf(mock, Date.now(), options.hostile);
  mock.settings = settingsOf();
  mock.schedules = options.schedules === false ? [] : schedulesOf(Date.now(), options.hostile);
  mock.categories = categoriesOf(Date.now(), options.hostile);
  mock.jobs = jobsOf(Date.now());
  mock.files = filesOf(Date.now(), options.hostile);
  mock.webhooks = webhooksOf(Date.now(), options.hostile);
  mock.notes = [];
  const me = () => ({
    user_id: mock.people[0]?.user_id ?? ORGANIZATION.id,
    name: options.hostile ? "<b>Eve</b>" : "Robin Castellanos",
    email: "robin@northwind.example",
    role: mock.role,
    organization: mock.organization,
  });
  if (options.notes !== false) {
    const person = mock.role === "employee" ? me() : (mock.people[4] ?? me());
    // As the mock's days begin.
    const begin = Date.parse(`${YESTERDAY}T00:00:00Z`) - 3_600_000;
    mock.notes = notesOf(begin, { user_id: person.user_id, name: person.name }, options.hostile);
  }
  const sockets = new WebSocketServer({ noServer: true });

  const hostile = options.texts ? hostileRewriter(options.texts) : null;
  const rewritten = (res, body) => {
    if (res.question && mock.state === "empty") return emptied(body);
    return hostile && res.question ? hostile.rewrite(body) : body;
  };
  /** Questions that wait for the state to become another. */
  let held = [];

  const json = (res, status, given, headers = {}) => {
    const body = status === 200 ? rewritten(res, given) : given;
    res.writeHead(status, {
      "content-type": status >= 400 ? "application/problem+json" : "application/json",
      "x-request-id": "01J9QW3D7Y6K",
      ...headers,
    });
    res.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const problem = (res, status, code, title, detail, more = {}, headers = {}) =>
    json(
      res,
      status,
      {
        type: `urn:workpulse:problem:${code}`,
        status,
        title,
        detail,
        request_id: "01J9QW3D7Y6K",
        ...more,
      },
      headers,
    );

  const routes = {
    "GET /api/v1/setup": (_req, res) =>
      json(res, 200, { needed: mock.setupNeeded, code_required: mock.codeRequired }),
    "POST /api/v1/setup": (_req, res, body) => {
      if (body.setup_code !== "7F3K-99QD") {
        problem(res, 422, "validation", "Some fields are not valid", "Nothing was created.", {
          fields: [{ field: "setup_code", message: "This is not the code in the server’s log." }],
        });
        return;
      }
      mock.setupNeeded = false;
      mock.organization = {
        ...mock.organization,
        name: body.organization_name,
        time_zone: body.time_zone,
      };
      json(res, 201, { organization_id: ORGANIZATION.id, user_id: ORGANIZATION.id });
    },
    "POST /api/v1/auth/login": (_req, res, body) => {
      if (!String(body.password).startsWith("correct")) {
        problem(
          res,
          401,
          "login-failed",
          "Log-in failed",
          "The address or the password is wrong, or this account may not be used. Nothing was changed.",
        );
        return;
      }
      mock.loggedIn = true;
      mock.accessValid = true;
      json(res, 200, { me: me() });
    },
    "POST /api/v1/auth/refresh": (_req, res) => {
      if (!mock.loggedIn) return problem(res, 401, "unauthenticated", "Not logged in");
      mock.accessValid = true;
      return json(res, 200, { me: me() });
    },
    "POST /api/v1/auth/logout": (_req, res) => {
      mock.loggedIn = false;
      for (const ws of sockets.clients) ws.close(1008);
      // The socket's end arrives first, as it may.
      setTimeout(() => json(res, 204), 100);
    },
    "GET /api/v1/me": (_req, res) =>
      mock.meFails
        ? problem(
            res,
            503,
            "unavailable",
            "Not available just now",
            "The database is being moved. Nothing was lost.",
          )
        : json(res, 200, me()),
    "GET /api/v1/presence": async (_req, res) => {
      // Until the server stops, which closes the connection.
      if (mock.presenceHangs) return;
      if (mock.presenceFails) {
        problem(
          res,
          503,
          "unavailable",
          "Not available just now",
          "The database is being moved. Nothing was lost.",
          {},
          { "retry-after": "20" },
        );
        return;
      }
      const day = new Intl.DateTimeFormat("en-CA", {
        timeZone: mock.organization.time_zone,
      }).format();
      json(res, 200, {
        seq: mock.seq,
        server_time: new Date().toISOString(),
        time_zone: mock.organization.time_zone,
        day,
        people: mock.role === "employee" ? mock.people.slice(0, 1) : mock.people,
      });
    },
  };
  /** Writes an event down, and tells everyone who listens. */
  const tell = (type, data) => {
    mock.seq += 1;
    const event = { seq: mock.seq, at: new Date().toISOString(), event: { type, data } };
    mock.log.push(event);
    for (const ws of sockets.clients) ws.send(JSON.stringify({ frame: "event", event }));
  };
  const more = [
    ...adminRoutes({ mock, json, problem }),
    ...alertRoutes({ mock, json, problem, tell, me }),
    ...settingsRoutes({ mock, json, problem }),
    ...webhookRoutes({ mock, json, problem }),
    ...jobRoutes({ mock, json, problem }),
    ...noteRoutes({ mock, json, problem, me }),
    ...fileRoutes({ mock, json, problem }),
    ...categoryRoutes({ mock, json, problem }),
    ...scheduleRoutes({ mock, json }),
  ];
  const inside = /^\/api\/v1\/auth\/(logins|password)/;
  const open = (url) =>
    (url.startsWith("/api/v1/auth/") && !inside.test(url)) || url.startsWith("/api/v1/setup");

  /** One of the routes with ids in their path. */
  const further = (req, url) => {
    for (const { method, pattern, answer } of more) {
      const ids = method === req.method ? pattern.exec(url.pathname) : null;
      if (ids) return (_req, res, body) => answer(res, ids.groups ?? {}, body, url.searchParams);
    }
    return undefined;
  };

  const server = createServer(async (req, res) => {
    const url = new URL(req.url, "http://mock");
    res.setHeader("content-security-policy", csp);
    res.setHeader("x-content-type-options", "nosniff");
    if (url.pathname.startsWith("/api/")) {
      mock.requests.push(`${req.method} ${url.pathname}`);
      const route = routes[`${req.method} ${url.pathname}`] ?? further(req, url);
      if (!route) return problem(res, 404, "not-found", "Not found");
      if (!open(url.pathname) && !(mock.loggedIn && mock.accessValid)) {
        return problem(res, 401, "unauthenticated", "Not logged in");
      }
      let text = "";
      for await (const chunk of req) text += chunk;
      if (req.method === "GET") res.question = !ALWAYS.test(url.pathname);
      while (res.question && mock.state === "hang") await new Promise((go) => held.push(go));
      if (res.question && mock.state === "fail") {
        return problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.");
      }
      if (mock.delay) await new Promise((go) => setTimeout(go, mock.delay(url.pathname)));
      return route(req, res, text === "" ? {} : JSON.parse(text));
    }
    const wished = join(dist, normalize(url.pathname));
    const file =
      wished.startsWith(dist) && existsSync(wished) && statSync(wished).isFile()
        ? wished
        : join(dist, "index.html");
    res.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(res);
  });
  server.on("upgrade", (req, socket, head) => {
    const url = new URL(req.url, "http://mock");
    mock.requests.push(`WS ${url.pathname}${url.search}`);
    if (mock.refuseSockets || !mock.loggedIn || !mock.accessValid) {
      socket.end("HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(req, socket, head, (ws) => {
      const after = Number(url.searchParams.get("after"));
      ws.send(
        JSON.stringify({ frame: "hello", seq: mock.seq, server_time: new Date().toISOString() }),
      );
      for (const event of mock.log) {
        if (event.seq > after) ws.send(JSON.stringify({ frame: "event", event }));
      }
    });
  });
  await new Promise((go) => server.listen(options.port ?? 0, "127.0.0.1", go));

  return {
    mock,
    /** The hostile texts that were sent. */
    sent: hostile?.sent,
    address: `http://127.0.0.1:${server.address().port}`,
    /** Changes a person and tells everyone who listens. */
    push(index, change, type = "SESSION_UPDATE") {
      const person = { ...mock.people[index], ...change };
      mock.people[index] = person;
      tell(type, { people: [person] });
    },
    /** Opens an alert, as the job does. */
    alert(change = {}) {
      const first = alertsOf(mock, Date.now(), false)[0];
      const alert = { ...first, id: uuid(7000 + mock.alerts.length), ...change };
      mock.alerts.unshift(alert);
      tell("INACTIVE_ALERT", { alert_id: alert.id, user_id: alert.user_id });
    },
    /** From now on, and for whoever waits. */
    become(state) {
      mock.state = state;
      const waiting = held;
      held = [];
      for (const go of waiting) go();
    },
    /** Cuts every socket, as a restart or a bad network does. */
    cut(code = 1012) {
      for (const ws of sockets.clients) ws.close(code);
    },
    reset() {
      mock.log = [];
      for (const ws of sockets.clients) ws.send(JSON.stringify({ frame: "reset", seq: mock.seq }));
    },
    async stop() {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise((go) => server.close(go));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const running = await start({ port: 4173 });
  console.log(`The dashboard with invented people: ${running.address}`);
}
