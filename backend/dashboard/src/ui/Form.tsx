/** Small parts of forms: a stack of fields, a box to tick, a choice, a field for dates. */
import { NativeSelect } from "@mantine/core";
import { type FormEvent, type ReactNode, useId } from "react";
import classes from "./Form.module.css";

export function Form(props: { onSubmit: () => void; label?: string; children: ReactNode }) {
  return (
    <form
      className={classes.form}
      aria-label={props.label}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        props.onSubmit();
      }}
    >
      {props.children}
    </form>
  );
}

/** Fields side by side where there is room. */
export function Line(props: { children: ReactNode }) {
  return <div className={classes.line}>{props.children}</div>;
}

/** The button that sends a form, and beside it what came of that: below it, it would move the page. */
export function Submit(props: { children: ReactNode }) {
  return <div className={classes.submit}>{props.children}</div>;
}

export function Tick(props: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className={classes.tick}>
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        disabled={props.disabled}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <div>
        <label htmlFor={id}>{props.label}</label>
        {props.hint && (
          <p id={`${id}-hint`} className={classes.hint}>
            {props.hint}
          </p>
        )}
      </div>
    </div>
  );
}

export function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  disabled?: boolean;
  description?: string;
  onChange: (value: Value) => void;
}) {
  return (
    <NativeSelect
      label={props.label}
      description={props.description}
      disabled={props.disabled ?? false}
      value={props.value}
      data={props.options.map((option) => ({ ...option }))}
      onChange={(event) => {
        const chosen = props.options.find((o) => o.value === event.currentTarget.value);
        if (chosen) props.onChange(chosen.value);
      }}
    />
  );
}
