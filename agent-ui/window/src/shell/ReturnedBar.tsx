/** Asks somebody who has just come back what the time was: once, and in nobody's way. */
import { clock } from "@dashboard/format/instant";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { reason, useBridge } from "../bridge";
import { words } from "../text/words";
import classes from "./Shell.module.css";

export function ReturnedBar() {
  const bridge = useBridge();
  const queries = useQueryClient();
  const [later, setLater] = useState<number | null>(null);
  const returned = useQuery({
    queryKey: ["returned"],
    queryFn: () => bridge.returned(),
    refetchInterval: 5_000,
  });
  const away = returned.data ?? null;
  const answer = useMutation({
    mutationFn: (given: "break" | "meeting" | "keep") =>
      away === null ? Promise.resolve() : bridge.answerReturn(away.from, away.to, given),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["returned"] }),
  });
  if (away === null || later === away.from) return null;
  const now = Date.now();
  const choice = (given: "break" | "meeting" | "keep", label: string) => (
    <Button
      size="sm"
      variant="default"
      disabled={answer.isPending}
      onClick={() => answer.mutate(given)}
    >
      {label}
    </Button>
  );
  return (
    <section className={classes.bar} aria-label={words.returned.label}>
      <p>{words.returned.question(clock(away.from, now), clock(away.to, now), away.reason)}</p>
      <div className={classes.answers}>
        {choice("break", words.returned.break)}
        {choice("meeting", words.returned.meeting)}
        {choice("keep", words.returned.keep)}
        <Button size="sm" variant="subtle" onClick={() => setLater(away.from)}>
          {words.returned.later}
        </Button>
      </div>
      {answer.isError && (
        <p className={classes.problem} role="alert">
          {words.returned.failed} {reason(answer.error)}
        </p>
      )}
    </section>
  );
}
