// A desktop without a screen for a real agent: a display, a window manager, a window that has the
// focus, and somebody who types into it. Everything ends by its own process.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { until } from "./realServer.mjs";

const LIMIT = 30_000;
/** What the window says it is: the application that the agent sees. */
export const WINDOW = "Ledger";

export async function startDesktop() {
  const children = [];
  const start = (program, args, options) => {
    const child = spawn(program, args, { stdio: "ignore", ...options });
    child.on("error", (error) => {
      child.failed = error;
    });
    children.unshift(child);
    return child;
  };
  /** Windows before the display that they are on. */
  const stop = async () => {
    for (const child of children) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
  };
  try {
    // Without a reset: a display begins anew when its last client leaves.
    const display = start(
      "Xvfb",
      ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset"],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    let number = "";
    display.stdout.on("data", (part) => {
      number += part;
    });
    await until("a display", LIMIT, () => {
      assert.equal(display.failed, undefined, "Xvfb cannot be started");
      return number.endsWith("\n");
    });
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DISPLAY: `:${number.trim()}` };
    start("openbox", ["--sm-disable"], { env });
    const hand = (...args) => spawnSync("xdotool", args, { env, stdio: "ignore" }).status === 0;
    await until("a window manager", LIMIT, () => hand("get_num_desktops"));
    // It only swallows what is typed: a shell would be a door.
    start("xterm", ["-class", WINDOW, "-T", "accounts", "-e", "cat"], { env });
    const focus = () => hand("search", "--class", WINDOW, "windowactivate", "--sync");
    await until("a window with the focus", LIMIT, focus);
    start("xdotool", ["type", "--delay", "2000", "0123456789".repeat(30)], { env });
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
