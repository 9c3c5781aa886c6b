import { expect, it } from "vitest";
import { guessPlatform, installSteps, PLATFORMS } from "./install";

const one = { server: "https://time.example.org", token: "wpe_abc-123", ofOnePerson: true };

it.each(PLATFORMS)("on %s the token and the server stand in the command", (platform) => {
  const enrol = installSteps(platform, one).find((step) => step.what === "enrol")?.command;
  expect(enrol).toMatch(
    /^workpulse-agent(\.exe)? enrol --server https:\/\/time\.example\.org --token wpe_abc-123$/,
  );
});

it("a token of nobody in particular asks whose the computer is", () => {
  const [, enrol] = installSteps("debian", { ...one, ofOnePerson: false });
  expect(enrol?.command).toContain("--email name@example.org");
});

it("nothing in a token can become another command", () => {
  const [, enrol] = installSteps("debian", { ...one, token: "a'; rm -rf ~ #" });
  expect(enrol?.command).toContain(`--token 'a'\\''; rm -rf ~ #'`);
});

it("guesses the platform from the browser", () => {
  expect(guessPlatform("Mozilla/5.0 (Windows NT 10.0; Win64; x64)")).toBe("windows");
  expect(guessPlatform("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)")).toBe("macos");
  expect(guessPlatform("Mozilla/5.0 (X11; Fedora; Linux x86_64)")).toBe("fedora");
  expect(guessPlatform("Mozilla/5.0 (X11; Linux x86_64)")).toBe("debian");
});
