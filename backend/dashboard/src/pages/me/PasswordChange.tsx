/** Changing one's own password. */

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { own } from "../../api/own";
import { fieldMessage, saidAtFields } from "../../api/problem";
import type { Me } from "../../api/types";
import { me as texts } from "../../text/me";
import { FloatingProblem } from "../../ui/Floating";
import { Form, Submit } from "../../ui/Form";
import { NewPassword } from "../../ui/NewPassword";
import { Done, Section } from "../../ui/Page";
import { PasswordField } from "../../ui/PasswordField";
import { advise } from "../../ui/strength";

const words = texts.account;

export function PasswordChange(props: { me: Me }) {
  const { me } = props;
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [gaps, setGaps] = useState<{ current?: string; next?: string }>({});
  const change = useMutation({
    mutationFn: (sent: { current: string; next: string }) =>
      own.changePassword(sent.current, sent.next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      void queries.invalidateQueries({ queryKey: ["me", "logins"] });
    },
  });
  const submit = () => {
    const advice = advise(next);
    const found = {
      ...(current === "" ? { current: words.currentMissing } : {}),
      ...(advice.level === 0 ? { next: advice.words } : {}),
    };
    setGaps(found);
    if (Object.keys(found).length === 0) change.mutate({ current, next });
  };
  return (
    <Section title={words.passwordTitle} lead={words.passwordLead}>
      <Form onSubmit={submit}>
        {change.error && !saidAtFields(change.error, ["current_password", "new_password"]) && (
          <FloatingProblem error={change.error} />
        )}
        <input type="hidden" name="username" autoComplete="username" value={me.email} />
        <PasswordField
          label={words.current}
          name="current_password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={gaps.current ?? fieldMessage(change.error, "current_password", words.current)}
        />
        <NewPassword
          label={words.next}
          name="new_password"
          size="sm"
          value={next}
          personal={[me.name, me.email, me.organization.name]}
          onChange={setNext}
          error={gaps.next ?? fieldMessage(change.error, "new_password", words.next)}
        />
        <Submit>
          <Button type="submit" loading={change.isPending}>
            {words.change}
          </Button>
          {change.isSuccess && next === "" && <Done>{words.changed}</Done>}
        </Submit>
      </Form>
    </Section>
  );
}
