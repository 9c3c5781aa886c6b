/** Which language the dashboard speaks. A choice is kept and loads the page again. */
import { LANGUAGES, language, speak } from "../text/language";
import { shared } from "../text/shared";
import classes from "./LanguageChoice.module.css";

export function LanguageChoice() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend to be seen
    <div role="group" className={classes.choice} aria-label={shared.language}>
      {LANGUAGES.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          lang={value}
          aria-pressed={value === language}
          onClick={() => {
            if (value !== language) speak(value);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
