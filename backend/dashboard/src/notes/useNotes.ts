/** What is done with notes: each question about them, and each day, is asked again afterwards. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Note, notes, type Said } from "../api/notes";
import type { Timeline } from "../api/own";
import { showAtOnce } from "../ui/optimistic";

/** Every question about notes begins so. */
export const NOTES = ["notes"] as const;

/** And every day that is drawn. */
const DAYS = ["timeline"] as const;

function useAgain() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: NOTES }),
      queries.invalidateQueries({ queryKey: DAYS }),
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

/** What is answered is seen at once, in each list and in the day, and taken back when refused. */
export function useAnswer() {
  const again = useAgain();
  const queries = useQueryClient();
  return useMutation({
    networkMode: "always",
    mutationFn: ({ note, accepted, answer }: Answering) => notes.answer(note, accepted, answer),
    onMutate: async ({ note, accepted, answer }) => {
      const given = (one: Note): Note =>
        one.id === note.id
          ? {
              ...one,
              state: accepted ? "accepted" : "declined",
              answer: answer.trim() === "" ? null : answer.trim(),
            }
          : one;
      const back = await showAtOnce<Note>(queries, NOTES, (one, key) => {
        const now = given(one);
        // The third part of a list's key is the state that it is of; null is every one.
        return key[1] === "list" && key[2] !== null && now.state !== key[2] ? null : now;
      });
      await queries.cancelQueries({ queryKey: DAYS });
      const days = queries.getQueriesData<Timeline>({ queryKey: DAYS });
      queries.setQueriesData<Timeline>(
        { queryKey: DAYS },
        (day) => day && { ...day, notes: day.notes.map(given) },
      );
      return () => {
        back();
        for (const [key, day] of days) queries.setQueryData(key, day);
      };
    },
    onError: (_error, _answering, back) => back?.(),
    onSuccess: again,
  });
}
