// From an empty database to the first minute on the live page: the wizard, a token, the command as
// it is shown, and a real agent that follows it. The minute needs its time, so the second half is
// awaited later, while other scenarios run.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDesktop, WINDOW } from "./realDesktop.mjs";
import { startServer } from "./realServer.mjs";

const run = promisify(execFile);
/** A minute to close, as long again until it is known not to have been idle, and the way. */
const FIRST_MINUTE = 240_000;

export async function firstRun({ step, person, binary, agent }) {
  const server = await startServer(binary);
  const directory = mkdtempSync(join(tmpdir(), "workpulse-first-run-"));
  let desktop = null;
  let process_ = null;
  let told = "";
  const stop = async () => {
    if (process_ && process_.exitCode === null && process_.signalCode === null) {
      const ended = once(process_, "exit");
      process_.kill("SIGTERM");
      await ended;
    }
    await desktop?.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const page = await person();
    // Who is not logged in is told so by the first question.
    page.expected = [/status of 401/];
    await step("first run: an empty server leads to the set-up", async () => {
      await page.goto(`${server.address}/live`);
      await page.getByRole("heading", { name: "Set up WorkPulse" }).waitFor();
      await page.getByLabel("Organization name").fill("Kontor Nord");
      await page.getByRole("combobox", { name: "Time zone" }).fill("oslo");
      await page.getByRole("option", { name: "Europe/Oslo" }).click();
      await page.getByLabel("Your name").fill("Ragnhild Moen");
      await page.getByLabel("E-mail").fill("ragnhild@kontor.example");
      await page.getByLabel("Password").fill("eleven slow ferries");
      await page.getByRole("button", { name: "Create organization" }).click();
      await page
        .getByText("Kontor Nord is set up. Its days begin and end in Europe/Oslo.")
        .waitFor();
      await page.getByText("First make a token.").waitFor();
    });

    page.expected = [];
    const command = await step("first run: a token, and the command that uses it", async () => {
      await page.getByRole("button", { name: "Make token" }).click();
      await page.getByLabel("Platform").selectOption("debian");
      const shown = page.getByText(/^workpulse-agent enrol --server/);
      const text = await shown.textContent();
      assert.ok(
        text.startsWith(`workpulse-agent enrol --server ${server.address} --token wpe_`),
        text,
      );
      await page.getByText("Waiting for a computer to report.", { exact: false }).waitFor();
      return text;
    });

    const live = await person({ within: page.context() });
    await live.goto(`${server.address}/live`);
    await live.getByRole("heading", { level: 1, name: "Live" }).waitFor();
    await live.evaluate(() => {
      window.loadedOnce = true;
    });

    await step("first run: an agent enrols by that command, and runs", async () => {
      desktop = await startDesktop();
      const env = {
        ...desktop.env,
        WORKPULSE_AGENT_DATA_DIR: directory,
        // Not the person's own keychain, panel or settings.
        WORKPULSE_AGENT_CREDENTIALS: "file",
        DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent/bus",
        WORKPULSE_AGENT_SAMPLE_INTERVAL_SECONDS: "1",
        WORKPULSE_AGENT_SYNC_INTERVAL_SECONDS: "1",
      };
      // Word for word what is shown; that the notice was read is said here, where nobody is asked.
      const [, ...words] = command.split(" ");
      await run(agent, [...words, "--accept-notice"], { env, cwd: directory });
      process_ = spawn(agent, ["run"], { env, cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
      for (const stream of [process_.stdout, process_.stderr]) {
        stream.on("data", (part) => {
          told += part;
        });
      }
      await page.getByText("Ragnhild Moen is on the live page.").waitFor({ timeout: 60_000 });
    });

    const finish = () =>
      step("first run: the first minute arrives on the live page by itself", async () => {
        const row = live.getByRole("row", { name: "Ragnhild Moen" });
        await live
          .waitForFunction(
            () => {
              const { status, activeSeconds } = document.querySelector("[data-user-id]").dataset;
              return status === "active" && Number(activeSeconds) > 0;
            },
            null,
            { timeout: FIRST_MINUTE },
          )
          .catch((error) => {
            throw new Error(`${error.message}\nthe agent said:\n${told}`);
          });
        await row.getByText("Active", { exact: true }).waitFor();
        await row.getByText(WINDOW).waitFor();
        assert.equal(
          await live.evaluate(() => window.loadedOnce),
          true,
          "the page was loaded anew",
        );
        assert.ok(!told.includes("accounts"), "the agent's log tells a window's title");
        assert.ok(!told.includes(command.split("--token ")[1]), "it tells the token");
      });
    return { finish, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
