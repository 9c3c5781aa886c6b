/** The draft tried on what was used lately: what each rule decides, and what would move. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Category, type CategoryRule, categories } from "../../../api/categories";
import { duration } from "../../../format/duration";
import { dayInWords } from "../../../format/instant";
import { categories as words } from "../../../text/categories";
import { Choice } from "../../../ui/Form";
import { Rows, Section } from "../../../ui/Page";
import { ProblemNote } from "../../../ui/ProblemNote";
import { Table } from "../../../ui/Table";
import classes from "./Categories.module.css";
import { refusedRules } from "./refused";

const SPANS = [7, 30, 90] as const;

interface Props {
  all: readonly Category[];
  rules: CategoryRule[];
}

export function Try(props: Props) {
  const { rules } = props;
  const [days, setDays] = useState<number>(30);
  const tried = useMutation({
    networkMode: "always",
    mutationFn: (asked: { rules: CategoryRule[]; days: number }) =>
      categories.tryRules(asked.rules, asked.days),
  });
  const answer = tried.data;
  /** What is shown is of other rules than those that stand there now. */
  const old =
    answer !== undefined && JSON.stringify(tried.variables?.rules) !== JSON.stringify(rules);
  const name = (id: string | null | undefined) =>
    id == null ? words.none : (props.all.find((one) => one.id === id)?.name ?? words.gone);
  return (
    <Section title={words.tryTitle} lead={words.tryLead}>
      <div className={classes.bar}>
        <Choice
          label={words.tryDays}
          value={String(days)}
          options={SPANS.map((span) => ({ value: String(span), label: words.lastDays(span) }))}
          onChange={(value) => setDays(Number(value))}
        />
        <Button
          variant="default"
          loading={tried.isPending}
          onClick={() => tried.mutate({ rules, days })}
        >
          {words.tryOut}
        </Button>
      </div>
      {tried.isPending && <Rows count={3} />}
      {tried.error && <ProblemNote heading={words.notTried} error={tried.error} />}
      {refusedRules(tried.error).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {answer && !tried.isPending && (
        <div className={classes.tried} data-old={old}>
          <p role="status">
            {old ? `${words.old} ` : ""}
            {words.tried(
              dayInWords(answer.from),
              dayInWords(answer.to),
              duration(answer.worked_seconds),
              duration(answer.moved_seconds),
            )}
          </p>
          {answer.decided_by_title_seconds > 0 && (
            <p className={classes.dim}>
              {words.byTitle(duration(answer.decided_by_title_seconds))}
            </p>
          )}
          {answer.rule_seconds.length > 0 && !old && (
            <>
              <h3>{words.byRule}</h3>
              <Table
                label={words.byRule}
                rows={answer.rule_seconds.map((seconds, index) => ({ seconds, index }))}
                rowKey={(one) => String(one.index)}
                columns={[
                  {
                    head: words.ruleHead,
                    kind: "main",
                    cell: (one) => <RuleName place={one.index + 1} rule={rules[one.index]} />,
                  },
                  {
                    head: words.into,
                    cell: (one) => <bdi>{name(rules[one.index]?.category_id)}</bdi>,
                  },
                  {
                    head: words.decides,
                    kind: "number",
                    cell: (one) => (one.seconds == null ? words.fromThenOn : duration(one.seconds)),
                  },
                ]}
              />
            </>
          )}
          {answer.moved.length > 0 && (
            <>
              <h3>{words.moves}</h3>
              <Table
                label={words.moves}
                rows={answer.moved}
                rowKey={(one) => `${one.application}\n${one.domain}\n${one.before}`}
                columns={[
                  {
                    head: words.used,
                    kind: "main",
                    cell: (one) => (
                      <>
                        <bdi>{one.application || words.unknown}</bdi>
                        {one.domain && <bdi className={classes.sub}>{one.domain}</bdi>}
                      </>
                    ),
                  },
                  { head: words.before, cell: (one) => <bdi>{name(one.before)}</bdi> },
                  { head: words.after, cell: (one) => <bdi>{name(one.after)}</bdi> },
                  {
                    head: words.worked,
                    kind: "number",
                    cell: (one) => duration(one.worked_seconds),
                  },
                ]}
              />
            </>
          )}
          {answer.left_out > 0 && <p>{words.leftOut(answer.left_out)}</p>}
        </div>
      )}
    </Section>
  );
}

function RuleName(props: { place: number; rule: CategoryRule | undefined }) {
  const { application, domain, title } = props.rule ?? {};
  const parts = [application, domain, title].filter((part) => part);
  return (
    <span>
      {props.place}. <code>{parts.join(" + ")}</code>
    </span>
  );
}
