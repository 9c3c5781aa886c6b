/** Lines of hours with a button that adds one: those of a policy and those without alerts alike. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { settings } from "../text/settings";
import classes from "../ui/Lines.module.css";
import { useLines } from "../ui/useLines";
import { HoursFields } from "./HoursFields";
import { type HoursGap, type HoursLine, inWords } from "./line";

const words = settings.organization.quiet;

interface Props {
  lines: readonly HoursLine[];
  /** What a new line begins with. */
  first: Omit<HoursLine, "key">;
  /** So many lines at most. */
  most?: number;
  words: {
    title: string;
    /** Said while there is no line. */
    none: string;
    days: string;
    line: (nth: number) => string;
    removeOf: (nth: number) => string;
  };
  /** What is wrong with a line. */
  gapOf: (line: HoursLine) => HoursGap | null;
  /** The same, once it is to be said. */
  told: (line: HoursLine) => HoursGap | null;
  /** What is wrong with all of them together. */
  problem: string | null | undefined;
  onChange: (lines: HoursLine[]) => void;
}

export function HoursList(props: Props) {
  const { lines, onChange } = props;
  const { list, add, begin, removed } = useLines();
  return (
    <>
      {lines.length === 0 && <p className={classes.said}>{props.words.none}</p>}
      {lines.length > 0 && (
        <ul ref={list} className={classes.lines} aria-label={props.words.title}>
          {lines.map((line, at) => (
            <HoursFields
              key={line.key}
              line={line}
              label={props.words.line(at + 1)}
              daysLabel={props.words.days}
              removeLabel={props.words.removeOf(at + 1)}
              gap={props.told(line)}
              said={props.gapOf(line) === null ? inWords(line) : null}
              onChange={(part) =>
                onChange(lines.map((one) => (one.key === line.key ? { ...one, ...part } : one)))
              }
              onRemove={() => {
                onChange(lines.filter((one) => one.key !== line.key));
                removed();
              }}
            />
          ))}
        </ul>
      )}
      {props.problem && (
        <p className={classes.wrong} role="alert">
          {props.problem}
        </p>
      )}
      {lines.length < (props.most ?? Number.POSITIVE_INFINITY) && (
        <div>
          <Button
            ref={add}
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => onChange([...lines, { key: begin(), ...props.first }])}
          >
            {words.add}
          </Button>
        </div>
      )}
    </>
  );
}
