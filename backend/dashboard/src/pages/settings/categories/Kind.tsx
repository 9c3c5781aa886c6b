/** What time in a category counts as: a word with a shape of its own. */
import type { CategoryKind } from "../../../api/categories";
import { categories as words } from "../../../text/categories";
import { Badge } from "../../../ui/Page";

const TONES = { productive: "good", neutral: "quiet", unproductive: "bad" } as const;

export function Kind(props: { kind: CategoryKind }) {
  return <Badge tone={TONES[props.kind] ?? "quiet"}>{words.kinds[props.kind] ?? props.kind}</Badge>;
}
