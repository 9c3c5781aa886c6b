/** The form of a capture policy, with what people will read about it. */

import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/problem";
import type { CapturePolicy } from "../../api/settings";
import { settings as texts } from "../../text/settings";
import { shared } from "../../text/shared";
import { FloatingProblem } from "../../ui/Floating";
import { Form, Line, Submit, Tick } from "../../ui/Form";
import { Done, Section } from "../../ui/Page";
import { ProblemNote } from "../../ui/ProblemNote";
import { useFirstWrong } from "../../ui/useFirstWrong";
import { PolicyText } from "../me/PolicyText";
import classes from "./PolicyForm.module.css";
import { PolicyTry } from "./PolicyTry";
import { draftOf, type PolicyDraft, type PolicyGaps, policyOf } from "./policyForm";
import { WindowRules } from "./WindowRules";
import { WorkingHours } from "./WorkingHours";

const words = texts.policy;

interface Props {
  policy: CapturePolicy;
  /** Replaces the policy whose version it names; a conflict when that is no longer in force. */
  save: (policy: CapturePolicy) => Promise<CapturePolicy>;
  /** What is in force now, after a conflict. */
  read: () => Promise<CapturePolicy>;
  onSaved: (now: CapturePolicy) => void;
}

export function PolicyForm(props: Props) {
  /** What the form was begun from; the server refuses a change to any other version. */
  const [base, setBase] = useState(props.policy);
  const [draft, setDraft] = useState(() => draftOf(props.policy));
  const [gaps, setGaps] = useState<PolicyGaps>({});
  const [theirs, setTheirs] = useState<CapturePolicy | null>(null);
  const save = useMutation({
    mutationFn: props.save,
    onSuccess: (now) => {
      props.onSaved(now);
      setBase(now);
      setDraft(draftOf(now));
    },
    onError: async (error) => {
      if (error instanceof ApiError && error.is("conflict")) {
        setTheirs(await props.read().catch(() => null));
      }
    },
  });
  const form = useFirstWrong(gaps, save.error);
  const set = (part: Partial<PolicyDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    if (save.isSuccess) save.reset();
  };
  const send = (on: CapturePolicy) => {
    const checked = policyOf(draft, on);
    setGaps(checked.gaps);
    if (checked.policy) save.mutate(checked.policy);
  };
  const tick = (field: keyof PolicyDraft, label: string, hint?: string) => (
    <Tick
      label={label}
      hint={hint}
      checked={draft[field] === true}
      onChange={(on) => set({ [field]: on })}
    />
  );
  const field = (name: keyof PolicyDraft, label: string, description?: string) => ({
    label,
    description,
    value: String(draft[name]),
    error: gaps[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  const many = { rows: 4, spellCheck: false, autoCapitalize: "none" as const };
  const preview = policyOf(draft, base).policy;
  return (
    <>
      {base.version > 0 && <p>{words.version(base.version)}</p>}
      <div ref={form}>
        <Form onSubmit={() => send(base)}>
          <Section title={words.collect}>
            {tick("applications", words.applications)}
            {tick("titles", words.titles, words.titlesHint)}
            {tick("urls", words.urls, words.urlsHint)}
          </Section>
          <Section title={words.exclude}>
            <Textarea {...field("excluded", words.excluded, words.perLine)} {...many} />
            <Textarea {...field("patterns", words.patterns, words.patternsHint)} {...many} />
            <Textarea {...field("sites", words.sites, words.sitesHint)} {...many} />
            <WindowRules
              rules={draft.windows}
              gap={gaps.windows}
              onChange={(windows) => set({ windows })}
            />
          </Section>
          <Section title={words.hours}>
            {tick("hoursOn", words.hoursOn, words.hoursHint)}
            {draft.hoursOn && (
              <WorkingHours
                hours={draft.hours}
                gap={gaps.hours}
                onChange={(hours) => set({ hours })}
              />
            )}
          </Section>
          <Section title={words.tracking}>
            {tick("pause", words.pause, words.pauseHint)}
            <Line>
              {draft.pause && (
                <TextInput
                  {...field("pauseMinutes", words.pauseLongest, words.pauseLongestHint)}
                  inputMode="numeric"
                />
              )}
              <TextInput {...field("idleSeconds", words.idle)} inputMode="numeric" />
              <TextInput {...field("gapMinutes", words.gap, words.gapHint)} inputMode="numeric" />
            </Line>
            {tick("autoStart", words.autoStart)}
            {tick("askOnReturn", words.askOnReturn, words.askOnReturnHint)}
            {tick("recordPending", words.recordPending)}
          </Section>
          {!theirs && <FloatingProblem error={save.error} />}
          {theirs && save.error && (
            <div className={classes.conflict}>
              <ProblemNote error={save.error} heading={words.conflict} />
              <p>{words.conflictDetail}</p>
              <div className={classes.theirs}>
                <PolicyText policy={theirs} />
              </div>
              <Line>
                <Button
                  variant="default"
                  onClick={() => {
                    setBase(theirs);
                    setDraft(draftOf(theirs));
                    setTheirs(null);
                    save.reset();
                  }}
                >
                  {words.theirs}
                </Button>
                <Button
                  variant="default"
                  onClick={() => {
                    setBase(theirs);
                    setTheirs(null);
                    send(theirs);
                  }}
                >
                  {words.mine}
                </Button>
              </Line>
            </div>
          )}
          <Submit>
            <Button type="submit" loading={save.isPending} disabled={theirs !== null}>
              {shared.save}
            </Button>
            {save.isSuccess && <Done>{words.saved(save.data.version)}</Done>}
          </Submit>
        </Form>
      </div>
      {preview && <PolicyTry policy={preview} />}
      {preview && (
        <details className={classes.preview}>
          <summary>{words.preview}</summary>
          <div className={classes.theirs}>
            <PolicyText policy={preview} />
          </div>
        </details>
      )}
    </>
  );
}
