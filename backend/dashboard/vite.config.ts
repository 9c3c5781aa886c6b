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
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    css: false,
    restoreMocks: true,
    // A busy machine is no failure; a test that hangs still ends.
    testTimeout: 60_000,
    // Nobody's own zone or clock decides whether a test passes.
    env: { TZ: "UTC" },
  },
});
