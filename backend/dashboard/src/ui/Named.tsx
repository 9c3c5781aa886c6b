/** Somebody's text, set apart from ours, and never invisible: a name of blanks is still a name. */
import { shared } from "../text/shared";

export function Named(props: { name: string | null | undefined }) {
  return <bdi>{named(props.name)}</bdi>;
}

export function named(name: string | null | undefined): string {
  return name && name.trim() !== "" ? name : shared.noName;
}
