/** The command palette, loaded when it is first opened, or the word that it could not be. */
import { type ComponentProps, useEffect, useState } from "react";
import { networkError } from "../api/problem";
import { shell as words } from "../text/shell";
import { Dialog } from "../ui/Dialog";
import { ProblemNote } from "../ui/ProblemNote";

export const loadPalette = () => import("./Palette");

type Palette = Awaited<ReturnType<typeof loadPalette>>["default"];

/** Kept when it is there: opening it again needs nothing. */
let loaded: Palette | null = null;

export function LoadedPalette(props: ComponentProps<Palette>) {
  const [Palette, setPalette] = useState<Palette | null>(() => loaded);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is the same question again
  useEffect(() => {
    if (loaded !== null) return;
    let gone = false;
    loadPalette().then(
      (module) => {
        loaded = module.default;
        if (!gone) setPalette(() => module.default);
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
    };
  }, [tries]);
  if (Palette !== null) return <Palette {...props} />;
  if (!failed) return null;
  return (
    <Dialog title={words.open} onClose={props.onClose}>
      <ProblemNote
        error={networkError()}
        onRetry={() => {
          setFailed(false);
          setTries(tries + 1);
        }}
      />
    </Dialog>
  );
}
