/** What can be set, and what somebody else has set: fixed, with its source. */
import { LANGUAGES, language, speak } from "@dashboard/text/language";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { reason, type Setting, useBridge } from "../bridge";
import { words } from "../text/words";
import { Failure, Head, Loading, Section } from "../ui/parts";
import classes from "./pages.module.css";

export default function Settings() {
  const bridge = useBridge();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => bridge.settings() });
  const own = settings.data?.filter((one) => !one.key.startsWith("policy.")) ?? [];
  const policy = settings.data?.filter((one) => one.key.startsWith("policy.")) ?? [];
  return (
    <>
      <Head title={words.places.settings} lead={words.settings.lead} />
      <div className={classes.field}>
        <label htmlFor="language">{words.settings.language}</label>
        <select
          id="language"
          value={language}
          onChange={(event) => {
            const chosen = LANGUAGES.find((one) => one.value === event.currentTarget.value);
            if (chosen) speak(chosen.value);
          }}
        >
          {LANGUAGES.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      </div>
      {settings.isPending && <Loading />}
      {settings.isError && (
        <Failure
          heading={words.settings.failed}
          error={settings.error}
          onRetry={() => void settings.refetch()}
        />
      )}
      {own.length > 0 && (
        <Section title={words.settings.own}>
          <div>
            {own.map((setting) => (
              <Item key={setting.key} setting={setting} />
            ))}
          </div>
        </Section>
      )}
      {policy.length > 0 && (
        <Section title={words.settings.policy} lead={policy[0]?.origin}>
          <div>
            {policy.map((setting) => (
              <Item key={setting.key} setting={setting} />
            ))}
          </div>
        </Section>
      )}
    </>
  );
}

function Item(props: { setting: Setting }) {
  const { setting } = props;
  const bridge = useBridge();
  const queries = useQueryClient();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const set = useMutation({
    mutationFn: (value: string | number | boolean) => bridge.set(setting.key, value),
    onSuccess: () => {
      setDraft(null);
      return queries.invalidateQueries({ queryKey: ["settings"] });
    },
  });
  const policy = setting.key.startsWith("policy.");
  const shown = draft ?? String(setting.value ?? "");
  const commit = () => {
    if (draft === null || draft === String(setting.value ?? "")) return setDraft(null);
    set.mutate(setting.kind === "number" ? Number(draft) : draft);
  };
  return (
    <div className={classes.setting}>
      <div>
        <label htmlFor={id}>{setting.label}</label>
        {setting.help !== "" && <p>{setting.help}</p>}
        {!policy && <p>{setting.fixed ? words.settings.fixed(setting.origin) : setting.origin}</p>}
      </div>
      {setting.fixed ? (
        <output id={id}>{told(setting)}</output>
      ) : setting.kind === "switch" ? (
        <input
          id={id}
          type="checkbox"
          checked={setting.value === true}
          disabled={set.isPending}
          onChange={(event) => set.mutate(event.currentTarget.checked)}
        />
      ) : (
        <div className={classes.field}>
          {setting.kind === "choice" ? (
            <select
              id={id}
              value={shown}
              disabled={set.isPending}
              onChange={(event) => set.mutate(event.currentTarget.value)}
            >
              {(setting.choices ?? []).map((one) => (
                <option key={one} value={one}>
                  {words.settings.choices[one] ?? one}
                </option>
              ))}
            </select>
          ) : (
            <input
              id={id}
              type={setting.kind === "number" ? "number" : "text"}
              value={shown}
              disabled={set.isPending}
              onChange={(event) => setDraft(event.currentTarget.value)}
              onBlur={commit}
              onKeyDown={(event) => {
                if (event.key === "Enter") commit();
                if (event.key === "Escape") setDraft(null);
              }}
            />
          )}
        </div>
      )}
      {set.data?.restart && (
        <p className={classes.full} role="status">
          {words.settings.restart}
        </p>
      )}
      {set.isError && (
        <p className={`${classes.full} ${classes.problem}`} role="alert">
          {reason(set.error)}
        </p>
      )}
    </div>
  );
}

function told(setting: Setting): string {
  if (typeof setting.value === "boolean") return setting.value ? words.yes : words.no;
  return setting.value === null || setting.value === "" ? "–" : String(setting.value);
}
