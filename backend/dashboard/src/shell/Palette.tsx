/**
 * The command palette: one field that goes to any page or person, or does something. A dialog of
 * the browser's own with a list box under its field; loaded when it is first opened.
 */
import { useMantineColorScheme } from "@mantine/core";
import { IconArrowRight, IconBolt, IconSearch, IconUser } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Role } from "../api/types";
import { useFeed } from "../live/LiveProvider";
import { text } from "../text/en";
import { LANGUAGES, language, speak } from "../text/language";
import { shell as words } from "../text/shell";
import { type Command, fitting, stepped } from "./commands";
import classes from "./Palette.module.css";
import { PLACES } from "./places";
import { shownTo } from "./sections";

const ICONS = { pages: IconArrowRight, people: IconUser, actions: IconBolt } as const;

export default function Palette(props: { role: Role; onLogout: () => void; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const commands = useCommands(props.role, props.onLogout);
  const shown = useMemo(() => fitting(commands, typed), [commands, typed]);
  const marked = shown[at];

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  useLayoutEffect(() => {
    list.current?.querySelector(`[id="${id}-${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at, id]);

  const choose = (command: Command | undefined) => {
    if (!command) return;
    props.onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A word that an input method still composes is not typed yet.
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((now) => stepped(now, step, shown.length));
    else if (event.key === "Enter") choose(marked);
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className={classes.palette}
      aria-label={words.open}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        // Only the backdrop is the dialog itself.
        if (event.target === dialog.current) props.onClose();
      }}
      onKeyDown={onKeyDown}
    >
      <div className={classes.field}>
        <IconSearch size={20} stroke={1.7} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label={words.field}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={marked ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={words.field}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
        />
      </div>
      <p className="wp-hidden" role="status">
        {shown.length === 0 ? words.nothing : words.found(shown.length)}
      </p>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={words.results}
        className={classes.list}
        tabIndex={-1}
      >
        {shown.map((command, index) => {
          const Icon = ICONS[command.group];
          const first = shown[index - 1]?.group !== command.group;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys for the list
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
            <div
              key={command.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className={classes.option}
              data-group={first ? words[command.group] : undefined}
              onClick={() => choose(command)}
              onPointerMove={() => setAt(index)}
            >
              <Icon size={18} stroke={1.7} aria-hidden="true" />
              <bdi>{command.label}</bdi>
            </div>
          );
        })}
      </div>
      {shown.length === 0 && (
        <p className={classes.nothing}>
          <strong>{words.nothing}</strong> {words.nothingHint}
        </p>
      )}
      <p className={classes.keys} aria-hidden="true">
        {words.keys}
      </p>
    </dialog>
  );
}

function useCommands(role: Role, onLogout: () => void): Command[] {
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const feed = useFeed();
  // People as they were when the palette was opened: a list that moves cannot be aimed at.
  const [known] = useState(() => [...(feed.view().live?.people.values() ?? [])]);
  return useMemo(() => {
    const action = (id: string, label: string, run: () => void): Command => ({
      id,
      group: "actions",
      label,
      run,
    });
    return [
      ...shownTo(PLACES, role).map(
        ({ to, label }): Command => ({
          id: to,
          group: "pages",
          label,
          run: () => void navigate({ to }),
        }),
      ),
      ...(role === "employee" ? [] : known).map(
        ({ person }): Command => ({
          id: person.user_id,
          group: "people",
          label: person.name || text.live.noName,
          run: () => void navigate({ to: "/people/$id/day", params: { id: person.user_id } }),
        }),
      ),
      action("light", words.light, () => setColorScheme("light")),
      action("dark", words.dark, () => setColorScheme("dark")),
      action("system", words.system, () => setColorScheme("auto")),
      ...LANGUAGES.filter(({ value }) => value !== language).map(({ value, label }) =>
        action(value, label, () => speak(value)),
      ),
      action("logout", text.account.logOut, onLogout),
    ];
  }, [role, known, navigate, setColorScheme, onLogout]);
}
