import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ADDRESS, guessPlatform, installSteps, PLATFORMS } from "./install";

const one = { server: "https://time.example.org", token: "wpe_abc-123", ofOnePerson: true };
const anybody = { ...one, ofOnePerson: false };
// What IT is told; the commands must not say anything else.
const guide = readFileSync(join(process.cwd(), "../../docs/PACKAGES.md"), "utf8");
const commands = (...given: Parameters<typeof installSteps>) =>
  installSteps(...given).map(({ command }) => command ?? "");

it.each(PLATFORMS)("on %s server and token stand in exactly one command", (platform) => {
  for (const enrolment of [one, anybody]) {
    const naming = commands(platform, enrolment).filter(
      (command) => command.includes(enrolment.server) && command.includes(enrolment.token),
    );
    expect(naming).toHaveLength(1);
  }
});

it.each(PLATFORMS)(
  "on %s a token of nobody in particular asks whose the computer is",
  (platform) => {
    expect(commands(platform, anybody).join("\n")).toContain(`--email ${ADDRESS}`);
    expect(commands(platform, one).join("\n")).not.toContain("--email");
  },
);

it.each(PLATFORMS)("on %s a package is installed, and nothing is built", (platform) => {
  for (const enrolment of [one, anybody]) {
    expect(commands(platform, enrolment).join("\n")).not.toMatch(/cargo|git /);
  }
});

it("the packages of Linux have the names that the guide tells", () => {
  expect(guide).toContain("`workpulse-agent_*.deb`, `workpulse-agent-*.rpm`");
  expect(commands("debian", one)[0]).toBe("sudo apt install ./workpulse-agent_*.deb");
  expect(commands("fedora", one)[0]).toBe("sudo dnf install ./workpulse-agent-*.rpm");
});

it("on Windows the installer gets the properties that the guide tells", () => {
  const [line] = /^msiexec .*$/m.exec(guide) ?? [""];
  const [install] = commands("windows", one);
  const told = line
    .replace("/qn", "/passive")
    .replace("https://time.example.org", one.server)
    .replace("wpe_…", one.token);
  expect(install).toBe(told);
});

it("on macOS the enrolment lies in the file that the guide and the package name", () => {
  const folder = "/Library/Application Support/WorkPulse/";
  expect(guide.replace(/\s+/g, " ")).toContain(`\`enrolment.toml\` in \`${folder}\``);
  const plist = join(process.cwd(), "../../installers/macos/io.workpulse.enrol.plist");
  expect(readFileSync(plist, "utf8")).toContain(`${folder}enrolment.toml`);
  const [file, install] = commands("macos", one);
  expect(file).toContain(`sudo tee "${folder}enrolment.toml"`);
  expect(file).toContain(`'server = "%s"\\ntoken = "%s"\\n' ${one.server} ${one.token}`);
  expect(install).toBe("sudo installer -pkg WorkPulse-*.pkg -target /");
});

it("nothing in a token can become another command", () => {
  const token = "a'; rm -rf ~ #";
  expect(commands("debian", { ...one, token })[1]).toContain(`--token 'a'\\''; rm -rf ~ #'`);
  expect(commands("macos", { ...one, token })[0]).toContain(` 'a'\\''; rm -rf ~ #' | sudo tee`);
  expect(commands("windows", { ...one, token: 'a" & calc' })[0]).toContain(
    'ENROLLMENT_TOKEN="a"" & calc" ',
  );
});

it("guesses the platform from the browser", () => {
  expect(guessPlatform("Mozilla/5.0 (Windows NT 10.0; Win64; x64)")).toBe("windows");
  expect(guessPlatform("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)")).toBe("macos");
  expect(guessPlatform("Mozilla/5.0 (X11; Fedora; Linux x86_64)")).toBe("fedora");
  expect(guessPlatform("Mozilla/5.0 (X11; Linux x86_64)")).toBe("debian");
});
