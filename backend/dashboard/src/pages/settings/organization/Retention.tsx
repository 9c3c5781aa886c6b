/** For how long activity is kept. Less than now is asked about: what goes is gone. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { settings } from "../../../text/settings";
import { Question } from "../../../ui/Dialog";
import { whole } from "./figures";
import classes from "./Organization.module.css";
import { SectionForm } from "./SectionForm";
import { useSection } from "./useSection";

const words = settings.organization;

export function Retention(props: { organization: Organization; onChanged: () => void }) {
  const { organization } = props;
  const section = useSection({ days: String(organization.retention_days) }, props.onChanged);
  const [asking, setAsking] = useState<number | null>(null);
  const { values, saving } = section;
  const submit = () => {
    const days = whole(values.days, 1, 3650);
    if (days === null) section.setGaps({ days: words.daysWrong });
    else if (days < organization.retention_days) setAsking(days);
    else section.save({ retention_days: days });
  };
  return (
    <SectionForm
      title={words.keeping}
      lead={words.daysHint}
      section={section}
      fields={["retention_days"]}
      onSubmit={submit}
    >
      <TextInput
        className={classes.short ?? ""}
        label={words.days}
        inputMode="numeric"
        value={values.days}
        onChange={(event) => section.edit({ days: event.currentTarget.value })}
        error={section.gaps.days ?? fieldMessage(saving.error, "retention_days", words.days)}
      />
      {asking !== null && (
        <Question
          title={words.shorterQuestion(asking)}
          confirm={words.shorter}
          danger
          pending={false}
          error={null}
          onConfirm={() => {
            setAsking(null);
            section.save({ retention_days: asking });
          }}
          onClose={() => setAsking(null)}
        >
          <p>{words.shorterDetail}</p>
        </Question>
      )}
    </SectionForm>
  );
}
