// A company for the roles: an admin, a manager of one team, an employee of it who can log in, a
// colleague there, and somebody of another team whom the manager must not see. Their hours come by
// the same door as an agent's, so every figure that a page shows can be told beforehand.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { client, loggedIn } from "./realServer.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const ADMIN = {
  name: "Ingrid Solberg",
  email: "ingrid@fjord.example",
  password: "a fjord between hills",
};
export const MANAGER = {
  name: "Marta Eide",
  email: "marta@fjord.example",
  password: "four copper kettles",
};
export const EMPLOYEE = {
  name: "Maya Lindqvist",
  email: "maya@fjord.example",
  password: "nine purple lanterns",
};
export const COLLEAGUE = { name: "Tomasz Wieczorek", email: "tomasz@fjord.example" };
export const STRANGER = { name: "Aisha Rahman", email: "aisha@fjord.example" };

/** A zone in which it is early afternoon now: today has a morning, whenever this runs. */
function zoneOf(now) {
  const offset = 14 - new Date(now).getUTCHours();
  // The sign of these names is that of the way to Greenwich.
  return { name: `Etc/GMT${offset > 0 ? "-" : "+"}${Math.abs(offset)}`, offset: offset * HOUR };
}

/** As the wire has it: spans are whole seconds. */
const iso = (millis) => new Date(millis).toISOString();

/** A computer of one person, which numbers what it sends. */
async function device(address, admin, userId) {
  const { token } = await admin("POST", "/enrolment-tokens", {
    user_id: userId,
    label: "",
    max_uses: 1,
    expires_in_hours: 1,
  });
  const { device_id, device_secret } = await client(address)("POST", "/devices/enrol", {
    token,
    device_id: randomUUID(),
    name: "fjord-laptop",
    os: "Debian GNU/Linux 12",
    agent_version: "0.1.0",
  });
  const send = client(address, device_secret);
  const epoch = randomUUID();
  let seq = 1;
  return async (items) => {
    for (let at = 0; at < items.length; at += 500) {
      const answer = await send("POST", "/sync", {
        device_id,
        epoch,
        clock: iso(Date.now()),
        items: items.slice(at, at + 500).map((item) => ({ seq: seq++, item })),
      });
      const refused = answer.results.filter(({ outcome }) => outcome !== "stored");
      assert.deepEqual(refused, []);
    }
  };
}

/** A session of stretches that follow each other: `[minutes, application]`, idle without one. */
function session(from, stretches, { stopped = true } = {}) {
  const session_id = randomUUID();
  const items = [{ session_started: { session_id, started_at: iso(from) } }];
  let at = from;
  for (const [minutes, application] of stretches) {
    for (const end = at + minutes * 60_000; at < end; at += 60_000) {
      const activity = {
        session_id,
        activity_type: application ? "active" : "idle",
        started_at: iso(at),
        duration_seconds: 60,
        ...(application ? { application } : {}),
      };
      items.push({ activity });
    }
  }
  if (stopped) items.push({ session_stopped: { session_id, stopped_at: iso(at) } });
  return items;
}

/**
 * Yesterday three hours of the team, two of them Maya's; the day before two, one of them hers. Today
 * she worked for an hour and has given no input for 25 minutes, which becomes an alert.
 */
export async function makeCompany({ address }) {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const zone = zoneOf(now);
  await client(address)("POST", "/setup", {
    organization_name: "Fjord Studio",
    time_zone: zone.name,
    name: ADMIN.name,
    email: ADMIN.email,
    password: ADMIN.password,
  });
  const admin = await loggedIn(address, ADMIN.email, ADMIN.password);
  const ids = {};
  for (const [one, role] of [
    [MANAGER, "manager"],
    [EMPLOYEE, "employee"],
    [COLLEAGUE, "employee"],
    [STRANGER, "employee"],
  ]) {
    ids[one.name] = (await admin("POST", "/users", { role, ...one })).id;
  }
  const team = async (name, people) => {
    const { id } = await admin("POST", "/teams", { name });
    for (const one of people) {
      const member = { is_manager: one === MANAGER };
      await admin("PUT", `/teams/${id}/members/${ids[one.name]}`, member);
    }
    return id;
  };
  const design = await team("Design", [MANAGER, EMPLOYEE, COLLEAGUE]);
  await team("Finance", [STRANGER]);
  const project = await admin("POST", "/projects", { name: "Harbour website", open_to_all: true });
  await admin("POST", "/webhooks", {
    url: "https://hooks.fjord.invalid/in",
    label: "To the chat",
    kinds: ["alert.opened"],
  });

  const midnight = Math.floor((now + zone.offset) / DAY) * DAY - zone.offset;
  const at = (day, hour) => midnight - day * DAY + hour * HOUR;
  const maya = await device(address, admin, ids[EMPLOYEE.name]);
  await maya(session(at(2, 9), [[60, "Figma"]]));
  await maya(
    session(at(1, 9), [
      [90, "Figma"],
      [30, "Firefox"],
    ]),
  );
  await maya(session(now - 85 * 60_000, [[60, "Figma"], [25]], { stopped: false }));
  const tomasz = await device(address, admin, ids[COLLEAGUE.name]);
  await tomasz(session(at(2, 9), [[60, "Blender"]]));
  await tomasz(session(at(1, 9), [[60, "Blender"]]));
  await tomasz(session(now - 30 * 60_000, [[30, "Blender"]], { stopped: false }));
  const aisha = await device(address, admin, ids[STRANGER.name]);
  await aisha(session(at(1, 8), [[300, "LibreOffice Calc"]]));
  await aisha(session(now - 30 * 60_000, [[30, "LibreOffice Calc"]], { stopped: false }));

  /** A day of the organization, as addresses have it. */
  const date = (day) => iso(at(day, 12) + zone.offset).slice(0, 10);
  return { ids, team: design, project: project.id, date, zone: zone.name };
}
