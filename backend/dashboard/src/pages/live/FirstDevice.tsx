/** What to do while no device has reported: the two commands that change that. */
import { CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { Me } from "../../api/types";
import { text } from "../../text/en";
import classes from "./FirstDevice.module.css";

const words = text.live.empty;

export function FirstDevice(props: { nobody: boolean; me: Me }) {
  return (
    <section className={classes.first} aria-labelledby="first-device">
      <h2 id="first-device">{props.nobody ? words.title : words.noDevice}</h2>
      {props.me.role === "admin" ? (
        <>
          <p>{words.lead}</p>
          <ol>
            <li>
              {words.step1}
              <Command line={words.tokenCommand(props.me.email)} />
            </li>
            <li>
              {words.step2}
              <Command line={words.enrolCommand(window.location.origin)} />
            </li>
          </ol>
        </>
      ) : (
        <p>{words.askAdmin}</p>
      )}
    </section>
  );
}

function Command(props: { line: string }) {
  return (
    <div className={classes.command}>
      <code>{props.line}</code>
      <CopyButton value={props.line}>
        {({ copied, copy }) => (
          <button type="button" onClick={copy} aria-label={copied ? text.copied : text.copy}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </button>
        )}
      </CopyButton>
    </div>
  );
}
