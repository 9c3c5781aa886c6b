// Runs before the first paint, so that a dark screen never flashes white. A file of its own
// because the content security policy allows nothing inline. The key is the component library's.
(() => {
  let wish = null;
  try {
    wish = window.localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // Storage is switched off: the system's scheme it is.
  }
  const dark =
    wish === "dark" ||
    (wish !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
