/**
 * A page whose script is loaded when it is first opened. Unlike the router's own, it never loads
 * the window again while the server cannot be reached: that would lose the page that stands, and
 * show the browser's error in its place. The failure is thrown for the frame to tell, and the page
 * can be tried again.
 */
import { type ComponentType, createElement, type ReactNode, use } from "react";
import { reachable } from "../api/client";
import { networkError } from "../api/problem";

const RELOADED = "workpulse-page-reloaded";
/** A second one this soon would not help either, and could go on for ever. */
const RELOAD_PAUSE_MILLIS = 60_000;

/** Those that could not be loaded, by how each forgets that. */
const failed = new Set<() => void>();

/** Lets every page that could not be loaded be tried again. */
export function forgetFailures(): void {
  for (const forget of failed) forget();
  failed.clear();
}

type Props = Record<string, unknown>;

export interface LazyPage {
  (props: Props): ReactNode;
  /** Called by the router before it shows the page. */
  preload: () => Promise<void>;
  /** Only fetches the script, so that it is there; fails in silence. */
  fetch: () => Promise<void>;
}

/** `load` brings the module, `name` is the component in it. */
export function lazyPage<Module, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
): LazyPage {
  let page: ComponentType<Props> | null = null;
  let error: unknown = null;
  let loading: Promise<void> | null = null;
  const take = (module: Module) => {
    page = module[name] as ComponentType<Props>;
  };
  const start = () => {
    loading ??= load().then(take, async () => {
      error = await whyNot();
      loading = null;
      failed.add(() => {
        error = null;
      });
    });
    return loading;
  };
  // biome-ignore lint/correctness/noComponentHookFactories: one for each page, made once
  const Lazy = (props: Props) => {
    if (page !== null) return createElement(page, props);
    if (error !== null) throw error;
    use(start());
    return page === null ? null : createElement(page, props);
  };
  return Object.assign(Lazy, {
    preload: start,
    fetch: () => load().then(take, () => {}),
  });
}

/**
 * A script that is gone although the server is there is one of an older version: the new one comes
 * with a new load of the window, at the address that was wanted.
 */
async function whyNot(): Promise<unknown> {
  if ((await reachable()) && mayReload()) {
    window.location.reload();
    return new Promise(() => {});
  }
  return networkError();
}

function mayReload(): boolean {
  try {
    const last = Number(window.sessionStorage.getItem(RELOADED) ?? 0);
    if (Date.now() - last < RELOAD_PAUSE_MILLIS) return false;
    window.sessionStorage.setItem(RELOADED, String(Date.now()));
    return true;
  } catch {
    // Without a note of it nobody would know when to stop.
    return false;
  }
}
