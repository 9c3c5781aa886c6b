/** Draws a page as the browser gets it, and looks for accessibility faults. */
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { Frame } from "../src/Frame";
import { makeQueries } from "../src/queries";

export function draw(page: ReactNode) {
  const queries = makeQueries();
  queries.setDefaultOptions({ queries: { retry: false } });
  return render(
    <Frame>
      <QueryClientProvider client={queries}>{page}</QueryClientProvider>
    </Frame>,
  );
}

/** As `draw`, for pages that link to others. */
export async function drawLinked(page: ReactNode) {
  const root = createRootRoute({ component: () => <main>{page}</main> });
  const router = createRouter({
    routeTree: root.addChildren([
      createRoute({ getParentRoute: () => root, path: "/$", component: () => null }),
    ]),
    history: createMemoryHistory({ initialEntries: ["/here"] }),
  });
  await router.load();
  // The links' addresses are checked against the real routes by the compiler.
  return draw(<RouterProvider router={router as never} />);
}

/** What axe finds, in words; colors need a real browser and are looked at there. */
export async function faults(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return result.violations.map(
    (v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
  );
}
