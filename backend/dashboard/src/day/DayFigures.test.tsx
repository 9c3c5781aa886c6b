import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../test/network";
import { drawLinked, faults } from "../../test/page";
import { DayFigures } from "./DayFigures";

beforeEach(() => () => vi.unstubAllGlobals());

const figures = (active: number, idle: number) => ({
  active_seconds: active,
  idle_seconds: idle,
  unobserved_seconds: null,
  worked_seconds: active + idle,
  score: 80,
});

it("a day has its share of active time, explained, and its categories from one question", async () => {
  const seen = network({
    "GET /api/v1/reports": () =>
      ok({
        total: figures(4 * 3600, 3600),
        rows: [
          { key: "c1", label: "Design", ...figures(3 * 3600, 0) },
          { key: "none", label: "", ...figures(3600, 3600) },
        ],
        next_cursor: null,
      }),
  });
  await drawLinked(<DayFigures userId="u" date="2026-11-18" live={false} />);
  expect(await screen.findByText("80%")).toBeTruthy();
  expect(screen.getByText("Design: 3 h")).toBeTruthy();
  await userEvent.click(screen.getByText("How the share is made"));
  expect(screen.getByText(/^4 h with input, of 5 h with and without input: 80%/)).toBeTruthy();
  // Each question is a look that the person reads of.
  expect(seen.asked).toEqual(["GET /api/v1/reports"]);
  expect(await faults()).toEqual([]);
});

it("a failure is told where the figures would stand", async () => {
  network({ "GET /api/v1/reports": () => problem(403, "forbidden") });
  await drawLinked(<DayFigures userId="u" date="2026-11-18" live={false} />);
  expect((await screen.findAllByText(/Title of forbidden/)).length).toBeGreaterThan(0);
});
