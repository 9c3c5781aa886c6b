/** What to do while no device has reported: the way to the first steps. */
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
          <p>
            <a href="/start">{words.start}</a>
          </p>
        </>
      ) : (
        <p>{words.askAdmin}</p>
      )}
    </section>
  );
}
