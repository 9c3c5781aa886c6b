/** Where the focus goes when a form was sent and something is wrong: to the first field that is. */
import { useEffect, useRef } from "react";

/**
 * For the element around the fields. `gaps` are what the page itself found, new with each attempt;
 * `error` is the server's.
 */
export function useFirstWrong(gaps: Readonly<Record<string, unknown>>, error: unknown) {
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!error && Object.values(gaps).every((gap) => !gap)) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [gaps, error]);
  return form;
}
