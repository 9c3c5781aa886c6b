// What the mock server answers about jobs: all is well, but for one that was given up and one that
// is behind.
const iso = (millis) => new Date(millis).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function jobsOf(now) {
  const schedule = (name, expression, ago, duration, more = {}) => ({
    name,
    expression,
    own: false,
    enabled: true,
    failed: 0,
    next_due_at: iso(now + 40_000),
    waiting_since: null,
    last_run: {
      due_at: iso(now - ago),
      started_at: iso(now - ago + 300),
      finished_at: iso(now - ago + 300 + duration),
      duration_ms: duration,
      state: "done",
      attempts: 1,
    },
    ...more,
  });
  const nextHour = { next_due_at: iso(now + 40 * MINUTE) };
  const midnight = schedule("daily_summary", "@midnight", 14 * HOUR, 2_140, {
    own: true,
    next_due_at: iso(now + 10 * HOUR),
  });
  midnight.last_run.outcome = "26 days closed";
  const retention = schedule("retention", "12 * * * *", HOUR, 1_804_000, {
    ...nextHour,
    failed: 3,
  });
  Object.assign(retention.last_run, { state: "failed", attempts: 5 });
  return [
    midnight,
    schedule("erasure", "* * * * *", 20_000, 4),
    schedule("events_retention", "7 * * * *", 31 * MINUTE, 61, nextHour),
    schedule("exports", "* * * * *", 20_000, 9, { waiting_since: iso(now - 20_000) }),
    schedule("idle_detector", "* * * * *", 20_000, 38),
    schedule("jobs_history", "37 * * * *", 12 * MINUTE, 17, nextHour),
    schedule("joining_retention", "52 * * * *", 26 * MINUTE, 12, nextHour),
    schedule("late_summaries", "*/10 * * * *", 4 * MINUTE, 212),
    schedule("months", "* * * * *", 20_000, 6),
    schedule("overtime_checker", "*/30 * * * *", 18 * MINUTE, 84),
    schedule("partitions", "3 0 * * *", 14 * HOUR, 3, {
      enabled: false,
      next_due_at: null,
    }),
    schedule("recategorize", "* * * * *", 2 * HOUR, 74_300, {
      waiting_since: iso(now - 118 * MINUTE),
    }),
    retention,
    schedule("rollups", "* * * * *", 20_000, 5),
    schedule("token_expiry", "22 * * * *", 50 * MINUTE, 9, { ...nextHour, last_run: null }),
  ];
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function jobRoutes({ mock, json, problem }) {
  return [
    {
      method: "GET",
      pattern: /^\/api\/v1\/jobs$/,
      answer: (res) => {
        // Until the server stops, which closes the connection.
        if (mock.jobsHang) return undefined;
        return mock.jobsFail
          ? problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.")
          : json(res, 200, { items: mock.jobs });
      },
    },
  ];
}
