/** Hours in which nobody is told of alerts: any number of lines, each read back in words. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { fieldMessage } from "../../../api/problem";
import type { Organization } from "../../../api/settings";
import { HoursFields } from "../../../hours/HoursFields";
import type { HoursGap, HoursLine } from "../../../hours/line";
import { WEEKDAYS } from "../../../hours/weekdays";
import { settings } from "../../../text/settings";
import shared from "../../../ui/Lines.module.css";
import { useLines } from "../../../ui/useLines";
import { gapOf, hoursOf, inWords, linesOf, MOST_LINES } from "./quiet";
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
  const change = (key: string, part: Partial<HoursLine>) =>
    section.edit({ lines: lines.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  const submit = () => {
    const gaps = lines.flatMap((line) => {
      const gap = gapOf(line);
      return gap ? [[`${line.key}-${gap.at}`, gap.words]] : [];
    });
    if (gaps.length > 0) section.setGaps(Object.fromEntries(gaps));
    else section.save({ quiet_hours: hoursOf(lines) });
  };
  const saidOf = (line: HoursLine): HoursGap | null => {
    for (const at of ["days", "times"] as const) {
      const gap = section.gaps[`${line.key}-${at}`];
      if (gap) return { at, words: gap };
    }
    return null;
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
            <HoursFields
              key={line.key}
              line={line}
              label={words.line(i + 1)}
              daysLabel={words.days}
              removeLabel={words.removeOf(i + 1)}
              gap={saidOf(line)}
              said={gapOf(line) === null ? inWords(line) : null}
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
