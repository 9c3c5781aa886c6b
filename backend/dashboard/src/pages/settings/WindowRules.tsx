/** Rules that hide a window's title, or keep a category in place of everything else. */
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { settings } from "../../text/settings";
import { Choice } from "../../ui/Form";
import classes from "../../ui/Lines.module.css";
import { useLines } from "../../ui/useLines";
import { allCategories } from "./categories/queries";
import { HIDE_TITLE, type WindowDraft } from "./policyForm";

const words = settings.policy;
const FIELDS = ["application", "title", "domain"] as const;

interface Props {
  rules: readonly WindowDraft[];
  /** What is wrong with them, if anything. */
  gap: string | undefined;
  onChange: (rules: WindowDraft[]) => void;
}

export function WindowRules(props: Props) {
  const { rules } = props;
  // Whoever has no such rule needs no categories.
  const categories = useQuery({ ...allCategories, enabled: rules.length > 0 });
  const lines = useLines();
  const id = useId();
  const keeps = (rule: WindowDraft) => {
    const all = [
      { value: HIDE_TITLE, label: words.windowsHide },
      ...(categories.data ?? []).map((one) => ({
        value: one.id,
        label: words.windowsOnly(one.name),
      })),
    ];
    // Until the names are there, a rule must not look like another one.
    return all.some((one) => one.value === rule.keeps)
      ? all
      : [...all, { value: rule.keeps, label: words.windowsOnly("…") }];
  };
  const change = (key: string, part: Partial<WindowDraft>) =>
    props.onChange(rules.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <fieldset className={classes.set} aria-describedby={`${id}-hint`}>
      <legend>{words.windows}</legend>
      <p id={`${id}-hint`} className={classes.said}>
        {words.windowsHint}
      </p>
      {rules.length > 0 && (
        <ul ref={lines.list} className={classes.lines} aria-label={words.windows}>
          {rules.map((rule, at) => (
            <li key={rule.key} className={classes.fields} aria-label={words.windowsRule(at + 1)}>
              <Choice
                label={words.windowsField}
                value={rule.field}
                options={FIELDS.map((value) => ({ value, label: words.windowsFields[value] }))}
                onChange={(field) => change(rule.key, { field })}
              />
              <TextInput
                label={words.windowsPattern}
                value={rule.pattern}
                maxLength={256}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                error={props.gap !== undefined && rule.pattern.trim() === ""}
                onChange={(event) => change(rule.key, { pattern: event.currentTarget.value })}
              />
              <Choice
                label={words.windowsKept}
                value={rule.keeps}
                options={keeps(rule)}
                onChange={(kept) => change(rule.key, { keeps: kept })}
              />
              <Button
                variant="subtle"
                aria-label={words.windowsRemoveOf(at + 1)}
                onClick={() => {
                  props.onChange(rules.filter((one) => one.key !== rule.key));
                  lines.removed();
                }}
              >
                {words.windowsRemove}
              </Button>
            </li>
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
          ref={lines.add}
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() =>
            props.onChange([
              ...rules,
              { key: lines.begin(), field: "application", pattern: "", keeps: HIDE_TITLE },
            ])
          }
        >
          {words.windowsAdd}
        </Button>
      </div>
    </fieldset>
  );
}
