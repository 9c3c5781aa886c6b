// Believable people at 14:20 on a working day, for the mock server: different rhythms, a
// part-timer, a laptop asleep, a day off. The same seed gives the same people.

const NAMES = [
  "Maya Lindqvist",
  "Tomasz Wieczorek",
  "Aisha Rahman",
  "Jonas Becker",
  "Chloé Dubois",
  "Kwame Mensah",
  "Yuki Tanaka",
  "Priya Nair",
  "Lucas Ferreira",
  "Hannah Schmidt",
  "Oleksandra Kovalenko",
  "Daniel O’Connor",
  "Zeynep Yılmaz",
  "Mateo García",
  "Ingrid Solberg",
  "Nguyễn Thị Lan",
  "Samuel Adeyemi",
  "Elif Demir",
  "Petra Novotná",
  "Ravi Iyer",
  "Sofia Rossi",
  "Emil Johansson",
  "Amara Okafor",
  "Lena Vogel",
  "Hugo Martin",
  "Fatima El-Sayed",
];
const APPLICATIONS = [
  "Figma",
  "Visual Studio Code",
  "Firefox",
  "Microsoft Excel",
  "Slack",
  "Google Chrome",
  "IntelliJ IDEA",
  "Outlook",
  "Zoom",
  "LibreOffice Writer",
  "Terminal",
  "Photoshop",
];
const REASONS = ["locked", "asleep", "paused", "no_capture", "not_running"];

export const HOSTILE = [
  "<script>alert(document.domain)</script>",
  '"><img src=x onerror=alert(1)>',
  "{{constructor.constructor('alert(1)')()}}",
  "مرحبا بالعالم שלום עולם",
  "👩‍👩‍👧‍👦".repeat(20),
  "W".repeat(256),
  "long words ".repeat(23).trim(),
  "Z̷̢̛a̸̧͝l̵̨͘g̶̛̕o̷͜͝ ".repeat(8),
  "  ",
  "javascript:alert(1)",
];

export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const uuid = (n) => `01930000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const iso = (millis) => new Date(millis).toISOString();

/** Seconds of each kind, spread over the hours before now as a day goes: a break here and there. */
function hoursOf(now, i, active, idle, unobserved) {
  const last = Number(
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", timeZone: "Europe/Berlin" }).format(now),
  );
  const count = Math.min(last + 1, Math.ceil((active + idle + unobserved) / 3600) + 1);
  const spread = (seconds, salt) => {
    const weights = Array.from(
      { length: count },
      (_, at) => 1 + 2 * random(i * 31 + at * 7 + salt)(),
    );
    const all = weights.reduce((sum, one) => sum + one, 0);
    return weights.map((one) => Math.floor((seconds * one) / all));
  };
  if (active + idle + unobserved === 0) {
    return { first_hour: 0, active_seconds: [], idle_seconds: [], unobserved_seconds: [] };
  }
  return {
    first_hour: last - count + 1,
    active_seconds: spread(active, 1),
    idle_seconds: spread(idle, 2),
    unobserved_seconds: spread(unobserved, 3),
  };
}

export function people(count, now, hostile = false) {
  const next = random(42);
  return Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / NAMES.length);
    const plain =
      NAMES[i % NAMES.length] +
      (round === 0 ? "" : ` ${String.fromCharCode(64 + (round % 26) + 1)}. ${round}`);
    const name = hostile ? HOSTILE[i % HOSTILE.length] : plain;
    const dice = next();
    const status =
      i % 13 === 4
        ? "not_working"
        : dice < 0.56
          ? "active"
          : dice < 0.74
            ? "idle"
            : dice < 0.86
              ? "unobserved"
              : dice < 0.92
                ? "offline"
                : "not_working";
    const dayOff = status === "not_working" && next() < 0.5;
    const elapsed = dayOff
      ? 0
      : Math.floor((i % 7 === 3 ? 3.2 : 5.4) * 3600 + (next() - 0.5) * 5400) +
        (i === 6 ? 4 * 3600 : 0);
    const unobserved = dayOff
      ? 0
      : status === "unobserved"
        ? Math.floor(elapsed * 0.1)
        : next() < 0.6
          ? 0
          : Math.floor(next() * 1500);
    const idle = Math.floor((elapsed - unobserved) * (0.04 + next() * 0.16));
    const working = status !== "not_working";
    const sinceSeconds =
      status === "active"
        ? next() * 1800
        : status === "idle"
          ? 300 + next() * 1500
          : 900 + next() * 4000;
    const contactSeconds =
      status === "offline" ? 190 + next() * 900 : working ? next() * 58 : dayOff ? 90000 : 7200;
    return {
      user_id: uuid(i + 1),
      name,
      status,
      reason: status === "unobserved" ? REASONS[Math.floor(next() * REASONS.length)] : null,
      online: working && status !== "offline",
      application:
        !working || (status === "unobserved" && next() < 0.5)
          ? null
          : hostile
            ? HOSTILE[(i * 3 + 1) % HOSTILE.length]
            : APPLICATIONS[Math.floor(next() * APPLICATIONS.length)],
      since: dayOff ? null : iso(now - sinceSeconds * 1000),
      session: working
        ? {
            id: uuid(500000 + i),
            started_at: iso(now - elapsed * 1000),
            project_id: null,
            version: 3,
          }
        : null,
      today: {
        active_seconds: elapsed - idle - unobserved,
        idle_seconds: idle,
        unobserved_seconds: unobserved,
      },
      hours: hoursOf(now, i, elapsed - idle - unobserved, idle, unobserved),
      last_contact_at: iso(now - contactSeconds * 1000),
    };
  }).sort((a, b) => a.name.localeCompare(b.name));
}
