/** One's account: name, password, where one is logged in, devices. */

import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { own } from "../../api/own";
import { fieldMessage, saidAtFields } from "../../api/problem";
import type { Me } from "../../api/types";
import { meQuery } from "../../session";
import { text } from "../../text/en";
import { me as texts } from "../../text/me";
import { shared } from "../../text/shared";
import { FloatingProblem } from "../../ui/Floating";
import { Form, Submit } from "../../ui/Form";
import { Done, Page, Section } from "../../ui/Page";
import { AlertSignals } from "./AlertSignals";
import { Logins } from "./Logins";
import { MeTabs } from "./MeTabs";
import { MyDevices } from "./MyDevices";
import { PasswordChange } from "./PasswordChange";

const words = texts.account;

export function Account(props: { me: Me; onLoggedOut: () => void; onRenamed: () => void }) {
  const { me } = props;
  return (
    <Page
      title={words.title}
      lead={
        <>
          {me.email}, {text.account.role[me.role] ?? me.role}, <bdi>{me.organization.name}</bdi>
        </>
      }
      tabs={<MeTabs />}
      narrow
    >
      <Name me={me} onRenamed={props.onRenamed} />
      <PasswordChange me={me} />
      <AlertSignals />
      <Logins onLoggedOut={props.onLoggedOut} />
      <MyDevices userId={me.user_id} />
    </Page>
  );
}

function Name(props: { me: Me; onRenamed: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(props.me.name);
  const [gap, setGap] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (to: string) => own.rename(props.me.user_id, to),
    // Shown at once; taken back if the server refuses.
    onMutate: (to) => {
      const before = queries.getQueryData(meQuery.queryKey);
      if (before) queries.setQueryData(meQuery.queryKey, { ...before, name: to });
      return { before };
    },
    onError: (_error, _to, kept) => {
      if (kept?.before) queries.setQueryData(meQuery.queryKey, kept.before);
    },
    onSettled: props.onRenamed,
  });
  return (
    <Section title={words.person}>
      <Form
        onSubmit={() => {
          const to = name.trim();
          setGap(to === "" ? words.nameMissing : null);
          if (to !== "") rename.mutate(to);
        }}
      >
        {rename.error && !saidAtFields(rename.error, ["name"]) && (
          <FloatingProblem error={rename.error} />
        )}
        <TextInput
          label={words.name}
          description={words.nameHint}
          name="name"
          autoComplete="name"
          maxLength={200}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            rename.reset();
          }}
          error={gap ?? fieldMessage(rename.error, "name", words.name)}
        />
        <Submit>
          <Button type="submit" loading={rename.isPending}>
            {shared.save}
          </Button>
          {rename.isSuccess && <Done>{shared.saved}</Done>}
        </Submit>
      </Form>
    </Section>
  );
}
