/** The fields of one line of hours: days to tick, two times, and the line read back in words. */
import { Button, TextInput } from "@mantine/core";
import { useId } from "react";
import { settings } from "../text/settings";
import lines from "../ui/Lines.module.css";
import classes from "./HoursFields.module.css";
import type { HoursGap, HoursLine } from "./line";
import { dayName, WEEKDAYS } from "./weekdays";

const words = settings.organization.quiet;

interface Props {
  line: HoursLine;
  /** What the line is called, such as "Quiet hours 2". */
  label: string;
  /** What the days are: those on which the hours begin, or are. */
  daysLabel: string;
  removeLabel: string;
  /** What is wrong, once it is to be said. */
  gap: HoursGap | null;
  /** What the line means; null while it is not complete. */
  said: string | null;
  onChange: (part: Partial<HoursLine>) => void;
  onRemove: () => void;
}

export function HoursFields(props: Props) {
  const { line, gap } = props;
  const id = useId();
  const days = gap?.at === "days";
  const times = gap?.at === "times";
  return (
    <li className={classes.line} aria-label={props.label}>
      <fieldset className={lines.set} aria-describedby={days ? `${id}-said` : undefined}>
        <legend>{props.daysLabel}</legend>
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
      </fieldset>
      <fieldset
        className={`${lines.fields} ${classes.times}`}
        aria-label={props.label}
        aria-describedby={times ? `${id}-said` : undefined}
      >
        <TextInput
          type="time"
          label={words.from}
          value={line.from}
          error={times}
          onChange={(event) => props.onChange({ from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label={words.until}
          value={line.until}
          error={times}
          onChange={(event) => props.onChange({ until: event.currentTarget.value })}
        />
        <Button variant="default" aria-label={props.removeLabel} onClick={props.onRemove}>
          {words.remove}
        </Button>
      </fieldset>
      {/* One line for either: nothing below moves when something is found wrong. */}
      <p id={`${id}-said`} className={gap ? lines.wrong : lines.said}>
        {gap?.words ?? props.said ?? words.notYet}
      </p>
    </li>
  );
}
