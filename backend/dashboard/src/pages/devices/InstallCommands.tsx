/** How a computer is brought in with a token, step by step, for the platform that is chosen. */
import { useState } from "react";
import { devices as texts } from "../../text/devices";
import { Command } from "../../ui/Command";
import { Choice } from "../../ui/Form";
import classes from "./InstallCommands.module.css";
import { guessPlatform, installSteps, PLATFORMS } from "./install";

const words = texts.install;

export function InstallCommands(props: { token: string; ofOnePerson: boolean }) {
  const [platform, setPlatform] = useState(() => guessPlatform(navigator.userAgent));
  const steps = installSteps(platform, { server: window.location.origin, ...props });
  return (
    <div className={classes.install}>
      <Choice
        label={words.platform}
        value={platform}
        options={PLATFORMS.map((value) => ({ value, label: words.platforms[value] }))}
        onChange={setPlatform}
      />
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.what}>
            {words.steps[step.what]}
            {step.command && <Command line={step.command} />}
          </li>
        ))}
      </ol>
      {!props.ofOnePerson && <p className={classes.hint}>{words.ownAddress}</p>}
    </div>
  );
}
