/** One rule: what it fits, and the category that it puts that into. */
import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Category, CategoryRule } from "../../../api/categories";
import { categories as words } from "../../../text/categories";
import { shared } from "../../../text/shared";
import { Dialog, DialogButtons } from "../../../ui/Dialog";
import { Choice, Form } from "../../../ui/Form";
import { plain } from "./draft";

interface Props {
  all: readonly Category[];
  /** Null: a new one. */
  rule: CategoryRule | null;
  onRule: (rule: CategoryRule) => void;
  onClose: () => void;
}

export function RuleDialog(props: Props) {
  const { all, rule } = props;
  const [application, setApplication] = useState(rule?.application ?? "");
  const [domain, setDomain] = useState(rule?.domain ?? "");
  const [title, setTitle] = useState(rule?.title ?? "");
  const [category, setCategory] = useState(rule?.category_id ?? all[0]?.id ?? "");
  const [missing, setMissing] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (missing) first.current?.focus();
  }, [missing]);
  const submit = () => {
    const said = plain({ application, domain, title, category_id: category });
    const empty = !said.application && !said.domain && !said.title;
    setMissing(empty);
    if (!empty) props.onRule(said);
  };
  return (
    <Dialog title={rule ? words.ruleChange : words.ruleAdd} onClose={props.onClose}>
      <Form onSubmit={submit}>
        <p>{words.ruleLead}</p>
        <TextInput
          ref={first}
          label={words.application}
          description={words.applicationHint}
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={application}
          onChange={(event) => setApplication(event.currentTarget.value)}
          error={missing ? words.ruleMissing : undefined}
        />
        <TextInput
          label={words.domain}
          description={words.domainHint}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={253}
          value={domain}
          onChange={(event) => setDomain(event.currentTarget.value)}
        />
        <TextInput
          label={words.title}
          description={words.titleHint}
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Choice
          label={words.into}
          value={category}
          options={all.map((one) => ({ value: one.id, label: one.name }))}
          onChange={setCategory}
        />
        <DialogButtons>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit">{rule ? words.ruleKeep : words.rulePut}</Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
