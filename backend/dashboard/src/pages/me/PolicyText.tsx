/** A capture policy as sentences: what is collected, what is not, and by which rules. */
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { CapturePolicy } from "../../api/settings";
import { me } from "../../text/me";
import { Section } from "../../ui/Page";
import { allCategories } from "../settings/categories/queries";
import classes from "./PolicyText.module.css";
import { policyInWords } from "./policyWords";

const words = me.privacy;

export function PolicyText(props: { policy: CapturePolicy }) {
  const named = (props.policy.window_rules ?? []).some((rule) => rule.category_id);
  const categories = useQuery({ ...allCategories, enabled: named });
  const names = new Map((categories.data ?? []).map((one) => [one.id, one.name]));
  const { collected, notCollected, rules } = policyInWords(props.policy, names);
  return (
    <>
      <Section title={words.collected}>
        <ul className={classes.list}>
          {collected.map((sentence) => (
            <li key={sentence}>
              <IconCheck size={18} aria-hidden="true" />
              {sentence}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={words.notCollected}>
        <ul className={classes.list} data-not="true">
          {notCollected.map((sentence) => (
            <li key={sentence}>
              <IconX size={18} aria-hidden="true" />
              {sentence}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={words.rules}>
        <ul className={classes.rules}>
          {rules.map((rule) => (
            <li key={rule.text}>
              {rule.text}
              {rule.list.length > 0 && (
                <ul>
                  {rule.list.map((entry) => (
                    <li key={entry}>
                      <bdi>{entry}</bdi>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
