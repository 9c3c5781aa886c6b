/** What a person may ask for: everything about them as a file, and its removal. */

import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dataOf } from "../../api/export";
import { people, type User } from "../../api/people";
import { people as texts } from "../../text/people";
import { Question } from "../../ui/Dialog";
import { FloatingDone, FloatingProblem } from "../../ui/Floating";
import { saveFile } from "../../ui/saveFile";
import { Deed } from "./Deed";

const words = texts.person;

export function Rights(props: { person: User; name: string; self: boolean }) {
  const { person } = props;
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const [gap, setGap] = useState<string | null>(null);
  const download = useMutation({ mutationFn: () => dataOf(person.id), onSuccess: saveFile });
  const erase = useMutation({
    mutationFn: (email: string) => people.erase(person.id, email),
    onSuccess: () => {
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ["people"] });
    },
  });
  const confirm = () => {
    const same = typed.trim().toLowerCase() === person.email.toLowerCase();
    setGap(same ? null : words.eraseMismatch);
    if (same) erase.mutate(typed.trim());
  };
  return (
    <>
      <Deed lead={words.exportLead}>
        <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
          {words.export}
        </Button>
      </Deed>
      <FloatingProblem error={download.error} />
      {!props.self && (
        <Deed lead={words.eraseLead}>
          <Button variant="default" disabled={erase.isSuccess} onClick={() => setAsking(true)}>
            {words.erase}
          </Button>
        </Deed>
      )}
      <FloatingDone of={erase}>{words.erasing}</FloatingDone>
      {asking && (
        <Question
          title={words.eraseQuestion(props.name)}
          confirm={words.erase}
          danger
          pending={erase.isPending}
          error={erase.error}
          onConfirm={confirm}
          onClose={() => setAsking(false)}
        >
          <p>{words.eraseDetail}</p>
          <TextInput
            label={words.eraseConfirm}
            type="email"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={gap}
          />
        </Question>
      )}
    </>
  );
}
