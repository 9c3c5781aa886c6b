import { useQuery } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../test/network";
import { dayOf, noteOf } from "../../test/notes";
import { draw } from "../../test/page";
import { type Note, notes } from "../api/notes";
import { own } from "../api/own";
import { usePages } from "../ui/usePages";
import { NOTES, useAnswer } from "./useNotes";

beforeEach(() => () => vi.unstubAllGlobals());

const note = noteOf("09:00", "09:45");

/** The three places that hold a note: the inbox of open ones, all of them, and the day. */
function Places() {
  const open = usePages<Note>([...NOTES, "list", "open"], (cursor) => notes.list("open", cursor));
  const all = usePages<Note>([...NOTES, "list", null], (cursor) => notes.list(null, cursor));
  const day = useQuery({
    queryKey: ["timeline", "u", "2026-11-18"],
    queryFn: () => own.timeline("u", "2026-11-18"),
  });
  const answer = useAnswer();
  return (
    <>
      <p>open: {open.items.length}</p>
      <p>all: {all.items.map((one) => `${one.state} ${one.answer ?? ""}`).join()}</p>
      <p>day: {day.data?.notes.map((one) => one.state).join()}</p>
      {answer.isError && <p>refused</p>}
      <button
        type="button"
        onClick={() => answer.mutate({ note, accepted: true, answer: "Thanks" })}
      >
        Accept
      </button>
    </>
  );
}

it("an answer is seen at once wherever the note stands, and taken back when refused", async () => {
  let give: (response: Response) => void = () => {};
  network({
    "GET /api/v1/notes": () => ok({ items: [note], next_cursor: null }),
    "GET /api/v1/users/u/timeline": () => ok(dayOf([], [note])),
    "POST /api/v1/notes/n0900/answer": () =>
      new Promise((go) => {
        give = go;
      }),
  });
  draw(<Places />);
  await screen.findByText("open: 1");
  await screen.findByText("day: open");
  await userEvent.click(screen.getByRole("button", { name: "Accept" }));
  await screen.findByText("open: 0");
  await screen.findByText("all: accepted Thanks");
  await screen.findByText("day: accepted");
  give(problem(409, "conflict"));
  await screen.findByText("refused");
  await waitFor(() => expect(screen.getByText("open: 1")).toBeTruthy());
  expect(screen.getByText("day: open")).toBeTruthy();
});
