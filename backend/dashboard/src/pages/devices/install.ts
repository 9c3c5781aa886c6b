/** The exact commands that bring a computer into the organization, by platform. Pure. */

export const PLATFORMS = ["debian", "fedora", "windows", "macos"] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface Enrolment {
  server: string;
  token: string;
  /** Whether the token says whose the computer is; otherwise the command has to. */
  ofOnePerson: boolean;
}

export interface Step {
  what: "package" | "source" | "enrol" | "start" | "run";
  command: string;
}

/** What stands where the person's own address belongs. */
export const ADDRESS = "name@example.org";

/** Safe in a shell as it is; everything else is put into quotes. */
function quoted(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

export function installSteps(platform: Platform, enrolment: Enrolment): Step[] {
  const program = platform === "windows" ? "workpulse-agent.exe" : "workpulse-agent";
  const whose = enrolment.ofOnePerson ? "" : ` --email ${ADDRESS}`;
  const enrol: Step = {
    what: "enrol",
    command: `${program} enrol --server ${quoted(enrolment.server)} --token ${quoted(enrolment.token)}${whose}`,
  };
  switch (platform) {
    case "debian":
      return [
        { what: "package", command: "sudo apt install ./workpulse-agent_*.deb" },
        enrol,
        { what: "start", command: "setsid workpulse-tray" },
      ];
    case "fedora":
      return [
        { what: "package", command: "sudo dnf install ./workpulse-agent-*.rpm" },
        enrol,
        { what: "start", command: "setsid workpulse-tray" },
      ];
    case "windows":
    case "macos":
      return [
        { what: "source", command: "cargo install --locked --path agent" },
        enrol,
        { what: "run", command: `${program} run` },
      ];
  }
}

/** The platform that the viewer sits at, as a first guess. */
export function guessPlatform(userAgent: string): Platform {
  if (/windows/i.test(userAgent)) return "windows";
  if (/mac os|macintosh/i.test(userAgent)) return "macos";
  if (/fedora|red hat|suse/i.test(userAgent)) return "fedora";
  return "debian";
}
