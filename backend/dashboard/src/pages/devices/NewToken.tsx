/** Makes an enrolment token, and shows it once with the command that uses it. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CreateEnrolmentToken, devices } from "../../api/devices";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { devices as texts } from "../../text/devices";
import { shared } from "../../text/shared";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Choice, Form, Line, Tick } from "../../ui/Form";
import { Secret } from "../../ui/Secret";
import { everyone } from "../people/everyone";
import { InstallCommands } from "./InstallCommands";

const words = texts.tokens;

type Whose = "anybody" | "domain" | "onePerson";
type Gaps = Partial<Record<"domain" | "email" | "uses", string>>;

export function NewToken(props: { onClose: () => void }) {
  const queries = useQueryClient();
  const people = useQuery(everyone);
  const [label, setLabel] = useState("");
  const [whose, setWhose] = useState<Whose>("anybody");
  const [domain, setDomain] = useState("");
  const [email, setEmail] = useState("");
  const [uses, setUses] = useState("1");
  const [hours, setHours] = useState("72");
  const [approval, setApproval] = useState(true);
  const [gaps, setGaps] = useState<Gaps>({});
  const make = useMutation({
    mutationFn: (body: CreateEnrolmentToken) => devices.makeToken(body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["enrolment-tokens"] }),
  });

  if (make.data) {
    const { token } = make.data;
    return (
      <Dialog title={words.add} onClose={props.onClose}>
        <Secret label={words.secret} value={token} />
        <p>{words.command}</p>
        <InstallCommands token={token} ofOnePerson={whose === "onePerson"} />
        <DialogButtons>
          <Button onClick={props.onClose}>{shared.close}</Button>
        </DialogButtons>
      </Dialog>
    );
  }

  const submit = () => {
    const person = (people.data ?? []).find(
      (it) => it.email.toLowerCase() === email.trim().toLowerCase(),
    );
    // Nobody is said to be missing before everybody is known.
    const whyNobody = people.data
      ? words.personMissing
      : people.isError
        ? words.peopleFailed
        : words.peopleLoading;
    if (people.isError) void people.refetch();
    const count = /^\d{1,4}$/.test(uses.trim()) ? Number(uses) : 0;
    const found: Gaps = {
      ...(whose === "domain" && !/^[^\s@]+\.[^\s@]+$/.test(domain.trim())
        ? { domain: words.domainMissing }
        : {}),
      ...(whose === "onePerson" && !person ? { email: whyNobody } : {}),
      ...(count < 1 || count > 1000 ? { uses: words.usesWrong } : {}),
    };
    setGaps(found);
    if (Object.keys(found).length > 0) return;
    make.mutate({
      label: label.trim(),
      max_uses: count,
      expires_in_hours: Number(hours),
      needs_approval: approval,
      ...(whose === "domain" ? { mail_domain: domain.trim() } : {}),
      ...(whose === "onePerson" && person ? { user_id: person.id } : {}),
    });
  };
  return (
    <Dialog title={words.add} onClose={props.onClose}>
      <Form onSubmit={submit}>
        <TextInput
          label={words.label}
          description={words.labelHint}
          autoComplete="off"
          autoFocus
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          error={fieldMessage(make.error, "label", words.label)}
        />
        <Choice
          label={words.whose}
          value={whose}
          options={(["anybody", "domain", "onePerson"] as const).map((value) => ({
            value,
            label: words[value],
          }))}
          onChange={(value) => {
            setWhose(value);
            // One person's devices need no second look; anybody's do.
            setApproval(value !== "onePerson");
          }}
        />
        {whose === "domain" && (
          <TextInput
            label={words.mailDomain}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={domain}
            onChange={(event) => setDomain(event.currentTarget.value)}
            error={gaps.domain ?? fieldMessage(make.error, "mail_domain", words.mailDomain)}
          />
        )}
        {whose === "onePerson" && (
          <TextInput
            label={words.email}
            type="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={gaps.email}
          />
        )}
        <Line>
          <TextInput
            label={words.uses}
            inputMode="numeric"
            value={uses}
            onChange={(event) => setUses(event.currentTarget.value)}
            error={gaps.uses ?? fieldMessage(make.error, "max_uses", words.uses)}
          />
          <Choice label={words.days} value={hours} options={words.dayOptions} onChange={setHours} />
        </Line>
        <Tick
          label={words.approval}
          hint={words.approvalHint}
          checked={approval}
          onChange={setApproval}
        />
        <DialogButtons
          problem={
            saidAtFields(make.error, ["label", "mail_domain", "max_uses"]) ? null : make.error
          }
        >
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {words.make}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
