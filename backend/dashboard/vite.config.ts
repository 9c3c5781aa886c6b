import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { themeCss } from "./src/theme-css.ts";

/**
 * The theme's CSS variables as a stylesheet that is linked, not injected: Mantine would otherwise
 * write a `<style>` element at run time, which `style-src 'self'` forbids.
 */
function staticTheme(): Plugin {
  const id = "virtual:theme.css";
  return {
    name: "workpulse-static-theme",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (source) => (source === `\0${id}` ? themeCss() : null),
  };
}

const TESTS = ["src/**/*.test.{ts,tsx}"];
/** They replace modules, or load them anew in another language. */
const ALONE = [
  "src/weeks/Weeks.test.tsx",
  "src/text/language.test.ts",
  "src/format/percent.test.ts",
];

export default defineConfig({
  plugins: [react(), staticTheme()],
  build: {
    target: "es2022",
    // A data: address for a small file would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": {
        target: process.env.WORKPULSE_SERVER ?? "http://127.0.0.1:3000",
        ws: true,
        // The server compares a page's origin with the host that was asked.
        changeOrigin: false,
      },
    },
  },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://127.0.0.1:3000/" } },
    // A browser of its own and every module anew for each file took longer than the tests: those
    // that leave nothing behind share them.
    pool: "threads",
    projects: [
      { extends: true, test: { name: "shared", isolate: false, include: TESTS, exclude: ALONE } },
      { extends: true, test: { name: "alone", include: ALONE } },
    ],
    setupFiles: ["test/setup.ts"],
    css: false,
    restoreMocks: true,
    // A busy machine is no failure; a test that hangs still ends.
    testTimeout: 60_000,
    // Nobody's own zone or clock decides whether a test passes.
    env: { TZ: "UTC" },
  },
});
