/** What jsdom lacks and the component library expects; and a clean page after each test. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A busy machine takes longer than the library's second; nothing is asserted of time.
configure({ asyncUtilTimeout: 10_000 });

window.matchMedia = (query: string) =>
  ({
    // Tests see the wide layout, unless they say otherwise.
    matches: query.includes("min-width"),
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  }) as MediaQueryList;

window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

afterEach(() => {
  cleanup();
  // The stack of notes stands beside what a test draws.
  document.querySelector("[data-floating]")?.parentElement?.remove();
  window.localStorage.clear();
});

// jsdom knows the element, not what it does.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};
