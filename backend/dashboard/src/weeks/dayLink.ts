/** Where a day of the person is opened down to its minutes: one's own, or somebody else's. */
export type DayLink =
  | { to: "/me"; params: Record<never, never> }
  | { to: "/people/$id/day"; params: { id: string } };
