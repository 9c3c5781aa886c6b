/**
 * The list of rules, worked on as a draft: nothing counts before it is saved. Two admins at once:
 * the second to save is told, keeps the draft, and decides.
 */
import { ActionIcon, Button } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type Category, type CategoryRules, categories } from "../../../api/categories";
import { ApiError } from "../../../api/problem";
import { categories as words } from "../../../text/categories";
import { Done, Section } from "../../../ui/Page";
import { ProblemNote } from "../../../ui/ProblemNote";
import classes from "./Categories.module.css";
import { type Drafted, differs, draftOf, moved, put, rulesOf, without } from "./draft";
import { CATEGORIES, progressQuery, rulesQuery } from "./queries";
import { RuleDialog } from "./RuleDialog";
import { refusedRules } from "./refused";
import { Try } from "./Try";

interface Props {
  all: readonly Category[];
  saved: CategoryRules;
}

export function Rules(props: Props) {
  const { all, saved } = props;
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(saved.version, saved.rules));
  /** What is asked about: a rule, or null for a new one. */
  const [asking, setAsking] = useState<Drafted | null | undefined>(undefined);
  const list = useRef<HTMLOListElement>(null);
  const changed = differs(draft, saved.rules);
  const save = useMutation({
    networkMode: "always",
    mutationFn: () => categories.putRules(draft.version, rulesOf(draft)),
    onSuccess: (now) => {
      queries.setQueryData(rulesQuery.queryKey, now);
      setDraft(draftOf(now.version, now.rules));
      void queries.invalidateQueries({ queryKey: progressQuery.queryKey });
    },
  });
  const begin = (rules: CategoryRules) => {
    setDraft(draftOf(rules.version, rules.rules));
    save.reset();
  };
  const theirs = useMutation({
    networkMode: "always",
    mutationFn: categories.rules,
    onSuccess: (now) => {
      queries.setQueryData(rulesQuery.queryKey, now);
      begin(now);
      void queries.invalidateQueries({ queryKey: [...CATEGORIES, "all"] });
    },
  });
  const mine = useMutation({
    networkMode: "always",
    mutationFn: categories.rules,
    onSuccess: (now) => {
      queries.setQueryData(rulesQuery.queryKey, now);
      setDraft((before) => ({ ...before, version: now.version }));
      save.reset();
    },
  });
  const faster = save.error instanceof ApiError && save.error.is("conflict");
  const move = (key: number, by: -1 | 1) => {
    setDraft((before) => moved(before, key, by));
    // The rule that moved keeps the focus, also at an end, where the button is of no more use.
    requestAnimationFrame(() => {
      const row = list.current?.querySelector(`[data-rule="${key}"]`);
      const wanted = row?.querySelector<HTMLButtonElement>(`[data-by="${by}"]`);
      (wanted?.disabled
        ? row?.querySelector<HTMLButtonElement>("[data-by]:not(:disabled)")
        : wanted
      )?.focus();
    });
  };
  return (
    <>
      <Section
        title={words.rulesTitle}
        lead={words.rulesLead}
        actions={
          all.length > 0 && (
            <Button variant="default" onClick={() => setAsking(null)}>
              {words.ruleAdd}
            </Button>
          )
        }
      >
        {draft.rules.length === 0 ? (
          <p className={classes.dim}>{words.noRules}</p>
        ) : (
          <ol ref={list} className={classes.rules} aria-label={words.rulesTitle}>
            {draft.rules.map((one, index) => (
              <Row
                key={one.key}
                one={one}
                place={index + 1}
                last={index === draft.rules.length - 1}
                category={all.find(({ id }) => id === one.rule.category_id)}
                onMove={(by) => move(one.key, by)}
                onChange={() => setAsking(one)}
                onRemove={() => setDraft((before) => without(before, one.key))}
              />
            ))}
          </ol>
        )}
        <p className={classes.dim}>{words.restHint}</p>
        <div className={classes.bar}>
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
            {words.saveRules}
          </Button>
          <Button variant="default" disabled={!changed} onClick={() => begin(saved)}>
            {words.discard}
          </Button>
          <span role="status">{changed ? words.unsaved : ""}</span>
        </div>
        {save.isSuccess && !changed && <Done>{words.saved}</Done>}
        {save.error && (
          <div className={classes.refused}>
            <ProblemNote heading={faster ? words.faster : words.notSaved} error={save.error} />
            {refusedRules(save.error).map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
            {(theirs.error || mine.error) && <ProblemNote error={theirs.error ?? mine.error} />}
            {faster && (
              <div className={classes.bar}>
                <Button
                  variant="default"
                  loading={theirs.isPending}
                  onClick={() => theirs.mutate()}
                >
                  {words.theirs}
                </Button>
                <Button variant="default" loading={mine.isPending} onClick={() => mine.mutate()}>
                  {words.mine}
                </Button>
              </div>
            )}
          </div>
        )}
      </Section>
      <Try all={all} rules={rulesOf(draft)} />
      {asking !== undefined && (
        <RuleDialog
          all={all}
          rule={asking?.rule ?? null}
          onRule={(rule) => {
            setDraft((before) => put(before, asking?.key ?? null, rule));
            setAsking(undefined);
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}

function Row(props: {
  one: Drafted;
  place: number;
  last: boolean;
  category: Category | undefined;
  onMove: (by: -1 | 1) => void;
  onChange: () => void;
  onRemove: () => void;
}) {
  const { place } = props;
  const { application, domain, title } = props.one.rule;
  return (
    <li className={classes.rule} data-rule={props.one.key}>
      <span className={classes.place}>{place}</span>
      <span className={classes.what}>
        <span className={classes.fits}>
          {application && <Part label={words.application} text={application} />}
          {domain && <Part label={words.domain} text={domain} />}
          {title && <Part label={words.title} text={title} />}
        </span>
        <span className={classes.into}>
          {"→ "}
          <bdi>{props.category?.name ?? words.gone}</bdi>
        </span>
      </span>
      <span className={classes.deeds}>
        <ActionIcon
          variant="default"
          size={36}
          data-by="-1"
          aria-label={words.up(place)}
          disabled={place === 1}
          onClick={() => props.onMove(-1)}
        >
          <IconArrowUp size={16} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={36}
          data-by="1"
          aria-label={words.down(place)}
          disabled={props.last}
          onClick={() => props.onMove(1)}
        >
          <IconArrowDown size={16} aria-hidden="true" />
        </ActionIcon>
        <Button
          variant="default"
          size="sm"
          aria-label={words.changeRule(place)}
          onClick={props.onChange}
        >
          {words.change}
        </Button>
        <Button
          variant="default"
          size="sm"
          aria-label={words.removeRule(place)}
          onClick={props.onRemove}
        >
          {words.remove}
        </Button>
      </span>
    </li>
  );
}

function Part(props: { label: string; text: string }) {
  return (
    <span>
      <span className={classes.dim}>{props.label}</span> <code>{props.text}</code>
    </span>
  );
}
