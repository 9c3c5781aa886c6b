/** The zone that days are cut in. Another one makes all days again, which is watched here. */
import { useState } from "react";
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { millis, timeIn } from "../../../format/instant";
import { useNow } from "../../../live/now";
import { settings } from "../../../text/settings";
import { Question } from "../../../ui/Dialog";
import { Done } from "../../../ui/Page";
import { When } from "../../../ui/When";
import { ZoneField } from "../../../ui/ZoneField";
import classes from "./Organization.module.css";
import { SectionForm } from "./SectionForm";
import { useSection } from "./useSection";

const words = settings.organization.timeZone;

export function TimeZone(props: { organization: Organization; onChanged: () => void }) {
  const { organization } = props;
  const section = useSection({ zone: organization.time_zone }, props.onChanged);
  const [asking, setAsking] = useState(false);
  const { values, saving } = section;
  return (
    <SectionForm
      title={words.title}
      lead={words.lead}
      section={section}
      fields={["time_zone"]}
      onSubmit={() => setAsking(true)}
    >
      <ZoneField
        label={words.zone}
        description={<Clock zone={values.zone} />}
        value={values.zone}
        onChange={(zone) => section.edit({ zone })}
        error={fieldMessage(saving.error, "time_zone", words.title)}
      />
      <Remaking organization={organization} />
      {asking && (
        <Question
          title={words.question(values.zone)}
          confirm={words.confirm}
          pending={false}
          error={null}
          onConfirm={() => {
            setAsking(false);
            section.save({ time_zone: values.zone });
          }}
          onClose={() => setAsking(false)}
        >
          <p>{words.detail}</p>
          <p>{words.detailOlder}</p>
        </Question>
      )}
    </SectionForm>
  );
}

/** By itself, so that only this ticks. */
function Clock(props: { zone: string }) {
  const now = useNow();
  return <span className="wp-numbers">{words.clock(timeIn(props.zone, now))}</span>;
}

/** How far days are that are being made again; and, once it was seen running, that it is over. */
function Remaking(props: { organization: Organization }) {
  const remade = props.organization.days_remade;
  const [seen, setSeen] = useState(false);
  if (remade && !seen) setSeen(true);
  if (!remade && !seen) return null;
  // The place stays when they are done: what stands below does not move up under a pointer.
  if (!remade) {
    return (
      <div className={classes.remaking}>
        <Done>{words.remade}</Done>
      </div>
    );
  }
  const { people, people_done: done, asked_at: since } = remade;
  return (
    <div className={classes.remaking}>
      <p>{words.remaking[remade.reason] ?? words.remaking.asked}</p>
      <progress aria-label={words.progress} value={done} max={Math.max(1, people)} />
      <p className="wp-numbers">
        {words.done(done, people)}
        {millis(since) !== null && (
          <>
            {" "}
            {words.since} <When at={since} />.
          </>
        )}
      </p>
    </div>
  );
}
