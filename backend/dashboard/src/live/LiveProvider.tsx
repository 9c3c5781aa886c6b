/** Gives pages the live feed: started when somebody is logged in, stopped when they leave. */
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { api } from "../api/client";
import { type FeedView, LiveFeed } from "./feed";
import { browserWire } from "./socket";

const FeedContext = createContext<LiveFeed | null>(null);

interface Login {
  /** Asks who is logged in, and takes over what changed about them. */
  checkLogin: () => Promise<unknown>;
  onLoginEnded: () => void;
}

function browserFeed(login: Login): LiveFeed {
  return new LiveFeed({
    presence: api.presence,
    checkLogin: login.checkLogin,
    onLoginEnded: login.onLoginEnded,
    open: browserWire,
    timers: {
      set: (work, millis) => window.setTimeout(work, millis),
      clear: (handle) => window.clearTimeout(handle),
    },
    nextFrame: (work) => {
      // A hidden page gets no frames, and must not gather events for hours.
      if (document.visibilityState === "visible") window.requestAnimationFrame(work);
      else window.setTimeout(work, 1000);
    },
    now: () => Date.now(),
    random: () => Math.random(),
  });
}

export function LiveProvider(props: Login & { children: ReactNode }) {
  const [feed] = useState(() => browserFeed(props));
  useEffect(() => {
    const wake = () => {
      if (document.visibilityState === "visible") feed.wake();
    };
    feed.start();
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      feed.stop();
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [feed]);
  return <FeedContext value={feed}>{props.children}</FeedContext>;
}

/** For tests: a feed made elsewhere. */
export function GivenFeed(props: { feed: LiveFeed; children: ReactNode }) {
  return <FeedContext value={props.feed}>{props.children}</FeedContext>;
}

export function useFeed(): LiveFeed {
  const feed = use(FeedContext);
  if (feed === null) throw new Error("the live feed is used outside its provider");
  return feed;
}

export function useFeedView(): FeedView {
  const feed = useFeed();
  return useSyncExternalStore(feed.subscribe, feed.view);
}
