/** Starts the dashboard. Wiring only. */
import "@fontsource-variable/inter/wght.css";
import "./styles/mantine.css";
import "virtual:theme.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/problem";
import { Frame } from "./Frame";
import { makeQueries } from "./queries";
import { makeRouter } from "./router";
import { takeSecret } from "./secret";
import { language } from "./text/language";
import { prepareNotes } from "./ui/Floating";

document.documentElement.lang = language;

// Before the router reads the address, and before anything is drawn.
takeSecret();
prepareNotes();
window.addEventListener("hashchange", () => takeSecret());

const queries = makeQueries();
const router = makeRouter(queries);
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has a #root");

createRoot(root, {
  onCaughtError: (error) => {
    // The page says in words what the server said; the console is for faults of our own.
    if (!(error instanceof ApiError)) reportError(error);
  },
}).render(
  <StrictMode>
    <Frame>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Frame>
  </StrictMode>,
);
