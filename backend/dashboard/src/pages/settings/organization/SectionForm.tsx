/** The form of a section: its fields, what is wrong, and what came of saving. */

import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { fieldMessage, saidAtFields } from "../../../api/problem";
import { settings } from "../../../text/settings";
import { shared } from "../../../text/shared";
import { FloatingDone, FloatingProblem } from "../../../ui/Floating";
import { Form, Tick } from "../../../ui/Form";
import { Done, Section } from "../../../ui/Page";
import { useFirstWrong } from "../../../ui/useFirstWrong";
import classes from "./Organization.module.css";
import { type Gaps, type Saving, useSaving } from "./useSection";

const words = settings.organization;

interface Props {
  title: string;
  lead?: ReactNode;
  section: {
    dirty: boolean;
    gaps: Gaps;
    saving: Saving;
    undo: () => void;
  };
  /** Fields that say themselves what the server has against them. */
  fields: readonly string[];
  onSubmit: () => void;
  children: ReactNode;
  /** What is saved apart from the form. */
  after?: ReactNode;
}

export function SectionForm(props: Props) {
  const { dirty, gaps, saving, undo } = props.section;
  const { error } = saving;
  const form = useFirstWrong(gaps, error);
  return (
    <Section title={props.title} lead={props.lead}>
      <div ref={form}>
        <Form
          label={props.title}
          onSubmit={() => {
            if (dirty && !saving.isPending) props.onSubmit();
          }}
        >
          {props.children}
          {error && !saidAtFields(error, props.fields) && (
            <FloatingProblem heading={words.notSaved} error={error} />
          )}
          <div className={classes.buttons}>
            {/* Not disabled: whoever saved by keyboard stays where they are. */}
            <Button
              type="submit"
              loading={saving.isPending}
              aria-disabled={!dirty}
              {...(dirty || saving.isPending ? {} : { "data-disabled": true })}
            >
              {shared.save}
            </Button>
            {dirty && !saving.isPending && (
              <Button variant="default" onClick={undo}>
                {words.undo}
              </Button>
            )}
            {saving.isSuccess && !dirty && <Done>{shared.saved}</Done>}
          </div>
        </Form>
      </div>
      {props.after}
    </Section>
  );
}

interface SwitchProps {
  label: string;
  hint: string;
  field: "devices_need_approval" | "alert_mail";
  on: boolean;
  onChanged: () => void;
}

/** One thing that is on or off, and is saved as soon as it is switched. */
export function Switch(props: SwitchProps) {
  const saving = useSaving(props.onChanged);
  const { error } = saving;
  return (
    <>
      <Tick
        label={props.label}
        hint={props.hint}
        checked={props.on}
        onChange={(on) => saving.mutate({ [props.field]: on })}
      />
      {error &&
        (saidAtFields(error, [props.field]) ? (
          <p className={classes.wrong} role="alert">
            {fieldMessage(error, props.field, props.label)}
          </p>
        ) : (
          <FloatingProblem heading={words.notSaved} error={error} />
        ))}
      <FloatingDone of={saving}>{shared.saved}</FloatingDone>
    </>
  );
}
