/** What is done with notes: each question about them, and each day, is asked again afterwards. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Note, notes, type Said } from "../api/notes";

/** Every question about notes begins so. */
export const NOTES = ["notes"] as const;

function useAgain() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: NOTES }),
      queries.invalidateQueries({ queryKey: ["timeline"] }),
    ]);
}

/** Writes a note, or says something else in the place of one. */
export function useSay(note: Note | null) {
  const again = useAgain();
  return useMutation({
    networkMode: "always",
    mutationFn: (said: Said) =>
      note === null ? notes.write(said) : notes.change(note.id, note.version, said),
    onSuccess: again,
  });
}

export function useTakeBack() {
  const again = useAgain();
  return useMutation({
    networkMode: "always",
    mutationFn: (note: Note) => notes.takeBack(note.id),
    onSettled: again,
  });
}

export interface Answering {
  note: Note;
  accepted: boolean;
  answer: string;
}

export function useAnswer() {
  const again = useAgain();
  return useMutation({
    networkMode: "always",
    mutationFn: ({ note, accepted, answer }: Answering) => notes.answer(note, accepted, answer),
    onSuccess: again,
  });
}
