/** When there is an alert, and whether managers are mailed. */
import { TextInput } from "@mantine/core";
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { settings } from "../../../text/settings";
import { Line } from "../../../ui/Form";
import { inUnits, toSeconds } from "./figures";
import classes from "./Organization.module.css";
import { SectionForm, Switch } from "./SectionForm";
import { type Change, useSection } from "./useSection";

const words = settings.organization.thresholds;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

export function Thresholds(props: { organization: Organization; onChanged: () => void }) {
  const { organization } = props;
  const base = {
    idle: inUnits(organization.idle_alert_seconds, MINUTE),
    overtime: inUnits(organization.overtime_alert_seconds, HOUR),
  };
  const section = useSection(base, props.onChanged);
  const { values, gaps, saving } = section;
  const submit = () => {
    const idle = toSeconds(values.idle, MINUTE, MINUTE, DAY);
    const overtime = toSeconds(values.overtime, HOUR, HOUR, DAY);
    if (idle === null || overtime === null) {
      section.setGaps({
        ...(idle === null ? { idle: words.idleWrong } : {}),
        ...(overtime === null ? { overtime: words.overtimeWrong } : {}),
      });
      return;
    }
    // What nobody touched is not sent: it may be finer than it is shown.
    const change: Change = {
      ...(values.idle === base.idle ? {} : { idle_alert_seconds: idle }),
      ...(values.overtime === base.overtime ? {} : { overtime_alert_seconds: overtime }),
    };
    section.save(change);
  };
  return (
    <SectionForm
      title={words.title}
      lead={words.lead}
      section={section}
      fields={["idle_alert_seconds", "overtime_alert_seconds"]}
      onSubmit={submit}
      after={
        <Switch
          label={words.mail}
          hint={words.mailHint}
          field="alert_mail"
          on={organization.alert_mail}
          onChanged={props.onChanged}
        />
      }
    >
      <Line>
        <TextInput
          className={classes.short ?? ""}
          label={words.idle}
          inputMode="decimal"
          value={values.idle}
          onChange={(event) => section.edit({ idle: event.currentTarget.value })}
          error={gaps.idle ?? fieldMessage(saving.error, "idle_alert_seconds", words.idle)}
        />
        <TextInput
          className={classes.short ?? ""}
          label={words.overtime}
          inputMode="decimal"
          value={values.overtime}
          onChange={(event) => section.edit({ overtime: event.currentTarget.value })}
          error={
            gaps.overtime ?? fieldMessage(saving.error, "overtime_alert_seconds", words.overtime)
          }
        />
      </Line>
    </SectionForm>
  );
}
