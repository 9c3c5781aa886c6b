/** Whether the command palette is open, and the key that opens and closes it everywhere. */
import { useEffect, useState } from "react";

export function usePalette(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey) return;
      if (!(event.ctrlKey || event.metaKey) || event.repeat) return;
      // A question that stands open has to be answered first.
      if (!open && document.querySelector("dialog[open]")) return;
      event.preventDefault();
      setOpen(!open);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);
  return [open, setOpen];
}
