import { useQuery } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { draw, faults } from "../../test/page";
import { Frame } from "../Frame";
import { FloatingDone, FloatingProblem } from "./Floating";
import { LoadProblem, OldNote } from "./LoadProblem";

afterEach(() => {
  vi.useRealTimers();
});

const problem = (error: unknown) => (
  <Frame>
    <FloatingProblem error={error} heading="Not sent" />
  </Frame>
);

it("a problem that was closed stays away until there is another", async () => {
  const first = new Error("one");
  const { rerender } = render(problem(first));
  expect(screen.getByRole("alert").textContent).toContain("Not sent");
  expect(await faults()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  rerender(problem(first));
  expect(screen.queryByRole("alert")).toBeNull();
  rerender(problem(new Error("two")));
  expect(screen.getByRole("alert")).toBeTruthy();
});

it("what was done is said beside the page, goes by itself, and is said again for the next time", () => {
  vi.useFakeTimers();
  const done = (submittedAt: number) => (
    <Frame>
      <FloatingDone of={{ isSuccess: true, submittedAt }}>Logged out.</FloatingDone>
    </Frame>
  );
  const { container, rerender } = render(done(1));
  expect(container.textContent).toBe("");
  expect(screen.getByRole("status").textContent).toBe("Logged out.");
  act(() => vi.advanceTimersByTime(12_000));
  expect(screen.getByRole("status").textContent).toBe("");
  rerender(done(2));
  expect(screen.getByRole("status").textContent).toBe("Logged out.");
});

let fails = false;
const ask = async () => {
  if (fails) throw new Error("away");
  return "here";
};

function Asks() {
  const one = useQuery({ queryKey: ["one"], queryFn: ask });
  const two = useQuery({ queryKey: ["two"], queryFn: ask });
  return (
    <>
      <LoadProblem query={one} />
      <LoadProblem query={two} />
      <p>{`${one.data} ${two.data}`}</p>
      <button
        type="button"
        onClick={() => {
          void one.refetch();
          void two.refetch();
        }}
      >
        Look again
      </button>
      <OldNote />
    </>
  );
}

it("what is from before stays, is said to be so once, and comes again all at once", async () => {
  fails = false;
  draw(<Asks />);
  await screen.findByText("here here");
  fails = true;
  await userEvent.click(screen.getByRole("button", { name: "Look again" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Not brought up to date");
  expect(screen.getByText("here here")).toBeTruthy();
  fails = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

it("what never came is told of in its place", async () => {
  fails = true;
  const { container } = draw(<Asks />);
  await waitFor(() => expect(container.querySelectorAll('[role="alert"]')).toHaveLength(2));
  expect(screen.queryByText(/Not brought up to date/)).toBeNull();
});
