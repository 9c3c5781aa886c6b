/** Starts the window's page. Wiring only. */
import "./styles.css";
import "@dashboard/styles/tokens.css";
import "@dashboard/styles/base.css";
import { language } from "@dashboard/text/language";
import { theme } from "@dashboard/theme";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { BridgeProvider, program } from "./bridge";

document.documentElement.lang = language;

const bridge =
  import.meta.env.MODE === "fake"
    ? (await import("../test/fake")).fakeOf(new URLSearchParams(window.location.search))
    : program;

// How long a window takes is told to the program's log.
new PerformanceObserver((list, watcher) => {
  for (const paint of list.getEntriesByName("first-contentful-paint")) {
    watcher.disconnect();
    void bridge
      .painted(Math.round(performance.timeOrigin + paint.startTime))
      .catch(() => undefined);
  }
}).observe({ type: "paint", buffered: true });

const queries = new QueryClient({
  defaultOptions: {
    // The program is on this machine: a network that is away keeps nobody from asking it, and a
    // refusal stays one.
    queries: { retry: false, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has a #root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <BridgeProvider value={bridge}>
          <App />
        </BridgeProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
