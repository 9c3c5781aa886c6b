/** A password that is being chosen, with advice as it is typed. */
import { shared } from "../text/shared";
import classes from "./NewPassword.module.css";
import { PasswordField } from "./PasswordField";
import { advise } from "./strength";

interface Props {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  error: string | null;
  personal?: readonly string[];
  size?: "sm" | "md";
}

export function NewPassword(props: Props) {
  const advice = props.value === "" ? null : advise(props.value, props.personal);
  return (
    <div className={classes.field}>
      <PasswordField
        label={props.label}
        name={props.name}
        description={shared.password.hint}
        size={props.size ?? "md"}
        autoComplete="new-password"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        error={props.error}
      />
      {/* Always there, so that nothing moves when the first character is typed. */}
      <p className={classes.advice} data-level={advice?.level ?? 0} role="status">
        <span className={classes.bars} aria-hidden="true">
          <i data-on={(advice?.level ?? 0) > 0} />
          <i data-on={(advice?.level ?? 0) > 1} />
          <i data-on={(advice?.level ?? 0) > 2} />
        </span>
        {props.error ? "" : (advice?.words ?? "")}
      </p>
    </div>
  );
}
