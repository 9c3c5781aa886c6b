/**
 * A section of the organization's settings, which is saved by itself: seen at once wherever the
 * settings are shown, and put back where the server refuses. What was typed stays in its field.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Organization, settings } from "../../../api/settings";

export const ORGANIZATION = ["organization"] as const;

/** What can be changed. */
export type Change = Partial<Omit<Organization, "id" | "days_remade">>;

/** Those fields that a change names, as they stand elsewhere. */
function those(change: Change, from: Organization): Change {
  return Object.fromEntries(
    Object.keys(change).map((name) => [name, from[name as keyof Organization]]),
  );
}

export function useSaving(onChanged: () => void) {
  const queries = useQueryClient();
  const merge = (change: Change) =>
    queries.setQueryData<Organization>(ORGANIZATION, (now) => now && { ...now, ...change });
  return useMutation({
    mutationKey: ORGANIZATION,
    // One after the other, in the order in which they were made.
    scope: { id: "organization" },
    mutationFn: (change: Change) => settings.change(change),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: ORGANIZATION });
      const before = queries.getQueryData<Organization>(ORGANIZATION);
      merge(change);
      return before && those(change, before);
    },
    onSuccess: (now, change) => {
      // The answer knows nothing of what another section has sent since.
      merge(those(change, now));
      onChanged();
    },
    onError: (_error, _change, before) => {
      if (before) merge(before);
    },
    onSettled: () => {
      if (queries.isMutating({ mutationKey: ORGANIZATION }) === 1) {
        void queries.invalidateQueries({ queryKey: ORGANIZATION });
      }
    },
  });
}

export type Saving = ReturnType<typeof useSaving>;

/** By field, what is wrong with it. */
export type Gaps = Readonly<Record<string, string>>;

const NONE: Gaps = {};

/** A section with fields: what is typed, on top of what holds. */
export function useSection<Draft>(base: Draft, onChanged: () => void) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [gaps, setGaps] = useState<Gaps>(NONE);
  const saving = useSaving(onChanged);
  const forget = () => {
    setGaps(NONE);
    if (saving.isSuccess || saving.isError) saving.reset();
  };
  return {
    values: draft ?? base,
    /** Whether there is anything to save. */
    dirty: draft !== null && JSON.stringify(draft) !== JSON.stringify(base),
    gaps,
    setGaps,
    saving,
    edit: (part: Partial<Draft>) => {
      setDraft((before) => ({ ...(before ?? base), ...part }));
      forget();
    },
    undo: () => {
      setDraft(null);
      forget();
    },
    save: (change: Change) => {
      setGaps(NONE);
      // What is typed while it is saved stays.
      saving.mutate(change, {
        onSuccess: () => setDraft((now) => (now === draft ? null : now)),
      });
    },
  };
}
