/** The exact commands that bring a computer into the organization, by platform. Pure. */

export const PLATFORMS = ["debian", "fedora", "windows", "macos"] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface Enrolment {
  server: string;
  token: string;
  /** Whether the token says whose the computer is; otherwise a command has to. */
  ofOnePerson: boolean;
}

export interface Step {
  what: "package" | "installer" | "file" | "pkg" | "enrol" | "enrolPrompt" | "start" | "login";
  /** None where the person only has to do something. */
  command?: string;
}

/** What stands where the person's own address belongs. */
export const ADDRESS = "name@example.org";

const MAC_SETTINGS = "/Library/Application Support/WorkPulse";
const MAC_AGENT = "/Applications/WorkPulse.app/Contents/MacOS/workpulse-agent";
const WINDOWS_FOLDER = "C:\\Program Files\\WorkPulse";

/** Safe in every shell as it is; everything else is put into quotes. */
const PLAIN = /^[\w.:/@+-]+$/;

function quoted(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** For the Command Prompt and msiexec, which both read a doubled quote as one. */
function quotedOnWindows(value: string): string {
  return PLAIN.test(value) ? value : `"${value.replaceAll('"', '""')}"`;
}

export function installSteps(platform: Platform, enrolment: Enrolment): Step[] {
  switch (platform) {
    case "debian":
      return linux("sudo apt install ./workpulse-agent_*.deb", enrolment);
    case "fedora":
      return linux("sudo dnf install ./workpulse-agent-*.rpm", enrolment);
    case "windows":
      return windows(enrolment);
    case "macos":
      return macos(enrolment);
  }
}

/** As the person whose computer it is. */
function enrol(program: string, enrolment: Enrolment, quote = quoted): string {
  const whose = enrolment.ofOnePerson ? "" : ` --email ${ADDRESS}`;
  return `${program} enrol --server ${quote(enrolment.server)} --token ${quote(enrolment.token)}${whose}`;
}

function linux(install: string, enrolment: Enrolment): Step[] {
  return [
    { what: "package", command: install },
    { what: "enrol", command: enrol("workpulse-agent", enrolment) },
    { what: "start", command: "setsid workpulse-tray" },
  ];
}

function windows(enrolment: Enrolment): Step[] {
  const install = "msiexec /i workpulse-agent.msi /passive";
  if (enrolment.ofOnePerson) {
    const server = quotedOnWindows(enrolment.server);
    const token = quotedOnWindows(enrolment.token);
    return [
      {
        what: "installer",
        command: `${install} SERVER_URL=${server} ENROLLMENT_TOKEN=${token} AUTOSTART=1`,
      },
      { what: "login" },
    ];
  }
  // The installer's properties cannot say whose the computer is.
  const agent = `"${WINDOWS_FOLDER}\\workpulse-agent.exe"`;
  return [
    { what: "installer", command: `${install} AUTOSTART=1` },
    { what: "enrolPrompt", command: enrol(agent, enrolment, quotedOnWindows) },
    { what: "start", command: `start "" "${WINDOWS_FOLDER}\\workpulse-tray.exe"` },
  ];
}

function macos(enrolment: Enrolment): Step[] {
  const install = "sudo installer -pkg WorkPulse-*.pkg -target /";
  if (enrolment.ofOnePerson) {
    // The package enrols whoever is logged in, from this file.
    const values = `${quoted(enrolment.server)} ${quoted(enrolment.token)}`;
    const write = `printf 'server = "%s"\\ntoken = "%s"\\n' ${values} | sudo tee "${MAC_SETTINGS}/enrolment.toml" >/dev/null`;
    return [
      { what: "file", command: `sudo mkdir -p "${MAC_SETTINGS}" && ${write}` },
      { what: "pkg", command: install },
    ];
  }
  return [
    { what: "package", command: install },
    { what: "enrol", command: enrol(MAC_AGENT, enrolment) },
    { what: "start", command: "open -a WorkPulse" },
  ];
}

/** The platform that the viewer sits at, as a first guess. */
export function guessPlatform(userAgent: string): Platform {
  if (/windows/i.test(userAgent)) return "windows";
  if (/mac os|macintosh/i.test(userAgent)) return "macos";
  if (/fedora|red hat|suse/i.test(userAgent)) return "fedora";
  return "debian";
}
