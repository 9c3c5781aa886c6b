/** Hours in which nobody is told of alerts: any number of lines, each read back in words. */
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useId } from "react";
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { settings } from "../../../text/settings";
import shared from "../Lines.module.css";
import { useLines } from "../useLines";
import classes from "./Organization.module.css";
import {
  dayName,
  gapOf,
  hoursOf,
  inWords,
  linesOf,
  MOST_LINES,
  type QuietLine,
  WEEKDAYS,
} from "./quiet";
import { SectionForm } from "./SectionForm";
import { useSection } from "./useSection";

const words = settings.organization.quiet;
/** What a new line begins with: the evenings of a working week. */
const FIRST = { days: WEEKDAYS.slice(0, 5), from: "20:00", until: "07:00" };

export function QuietHours(props: { organization: Organization; onChanged: () => void }) {
  const { organization } = props;
  const section = useSection({ lines: linesOf(organization.quiet_hours) }, props.onChanged);
  const { lines } = section.values;
  const { list, add, begin, removed } = useLines();
  const change = (key: string, part: Partial<QuietLine>) =>
    section.edit({ lines: lines.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  const submit = () => {
    const gaps = lines.flatMap((line) => {
      const gap = gapOf(line);
      return gap ? [[`${line.key}-${gap.at}`, gap.words]] : [];
    });
    if (gaps.length > 0) section.setGaps(Object.fromEntries(gaps));
    else section.save({ quiet_hours: hoursOf(lines) });
  };
  const said = fieldMessage(section.saving.error, "quiet_hours", words.title);
  return (
    <SectionForm
      title={words.title}
      lead={words.lead}
      section={section}
      fields={["quiet_hours"]}
      onSubmit={submit}
    >
      {lines.length === 0 && <p className={shared.said}>{words.none}</p>}
      {lines.length > 0 && (
        <ul ref={list} className={shared.lines} aria-label={words.title}>
          {lines.map((line, i) => (
            <Line
              key={line.key}
              line={line}
              number={i + 1}
              gaps={section.gaps}
              onChange={(part) => change(line.key, part)}
              onRemove={() => {
                section.edit({ lines: lines.filter((one) => one.key !== line.key) });
                removed();
              }}
            />
          ))}
        </ul>
      )}
      {said && (
        <p className={shared.wrong} role="alert">
          {said}
        </p>
      )}
      {lines.length < MOST_LINES && (
        <div>
          <Button
            ref={add}
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => section.edit({ lines: [...lines, { key: begin(), ...FIRST }] })}
          >
            {words.add}
          </Button>
        </div>
      )}
    </SectionForm>
  );
}

interface LineProps {
  line: QuietLine;
  number: number;
  gaps: Readonly<Record<string, string>>;
  onChange: (part: Partial<QuietLine>) => void;
  onRemove: () => void;
}

function Line(props: LineProps) {
  const { line, gaps } = props;
  const id = useId();
  const days = gaps[`${line.key}-days`];
  const times = gaps[`${line.key}-times`];
  return (
    <li className={classes.line} aria-label={words.line(props.number)}>
      <fieldset className={shared.set} aria-describedby={days ? `${id}-days` : undefined}>
        <legend>{words.days}</legend>
        <div className={classes.days}>
          {WEEKDAYS.map((day) => (
            <label key={day} className={classes.day}>
              <input
                type="checkbox"
                aria-label={dayName(day).long}
                aria-invalid={days ? true : undefined}
                checked={line.days.includes(day)}
                onChange={(event) => {
                  const on = event.currentTarget.checked;
                  props.onChange({
                    days: WEEKDAYS.filter((one) => (one === day ? on : line.days.includes(one))),
                  });
                }}
              />
              <span aria-hidden="true">{dayName(day).short}</span>
            </label>
          ))}
        </div>
        {days && (
          <p id={`${id}-days`} className={shared.wrong}>
            {days}
          </p>
        )}
      </fieldset>
      <div className={`${shared.fields} ${classes.times}`}>
        <TextInput
          type="time"
          label={words.from}
          value={line.from}
          aria-invalid={times ? true : undefined}
          onChange={(event) => props.onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label={words.until}
          value={line.until}
          aria-invalid={times ? true : undefined}
          onChange={(event) => props.onChange({ until: event.currentTarget.value })}
        />
        <Button
          variant="default"
          aria-label={words.removeOf(props.number)}
          onClick={props.onRemove}
        >
          {words.remove}
        </Button>
      </div>
      <p className={times ? shared.wrong : shared.said}>
        {times ?? (gapOf(line) === null ? inWords(line) : words.notYet)}
      </p>
    </li>
  );
}
