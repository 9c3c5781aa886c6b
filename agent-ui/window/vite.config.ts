import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The dashboard's sources: how WorkPulse looks and speaks is written once. */
const dashboard = fileURLToPath(new URL("../../backend/dashboard/src", import.meta.url));

export default defineConfig({
  plugins: [react()],
  base: "./",
  resolve: {
    alias: { "@dashboard": dashboard },
    // One React, whoever imports it.
    dedupe: ["react", "react-dom", "@mantine/core", "@mantine/hooks", "@tabler/icons-react"],
  },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    css: false,
    restoreMocks: true,
    testTimeout: 60_000,
    env: { TZ: "UTC" },
  },
});
