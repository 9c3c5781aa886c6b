/** The hours outside which an agent does not look: any number of lines, each read back in words. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { HoursFields } from "../../hours/HoursFields";
import type { HoursLine } from "../../hours/line";
import { gapOf, workingInWords } from "../../hours/working";
import { settings } from "../../text/settings";
import classes from "../../ui/Lines.module.css";
import { useLines } from "../../ui/useLines";
import { FIRST_HOURS } from "./policyForm";

const words = settings.policy;

interface Props {
  hours: readonly HoursLine[];
  /** What is wrong with them, if anything. */
  gap: string | undefined;
  onChange: (hours: HoursLine[]) => void;
}

export function WorkingHours(props: Props) {
  const { hours } = props;
  const { list, add, begin, removed } = useLines();
  return (
    <>
      {hours.length === 0 && <p className={classes.said}>{words.hoursNone}</p>}
      {hours.length > 0 && (
        <ul ref={list} className={classes.lines} aria-label={words.hoursLines}>
          {hours.map((line, at) => (
            <HoursFields
              key={line.key}
              line={line}
              label={words.hoursLine(at + 1)}
              daysLabel={words.hoursDays}
              removeLabel={words.hoursRemoveOf(at + 1)}
              gap={props.gap ? gapOf(line) : null}
              said={gapOf(line) === null ? workingInWords(line) : null}
              onChange={(part) =>
                props.onChange(
                  hours.map((one) => (one.key === line.key ? { ...one, ...part } : one)),
                )
              }
              onRemove={() => {
                props.onChange(hours.filter((one) => one.key !== line.key));
                removed();
              }}
            />
          ))}
        </ul>
      )}
      {props.gap && (
        <p className={classes.wrong} role="alert">
          {props.gap}
        </p>
      )}
      <div>
        <Button
          ref={add}
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => props.onChange([...hours, { key: begin(), ...FIRST_HOURS }])}
        >
          {settings.organization.quiet.add}
        </Button>
      </div>
    </>
  );
}
