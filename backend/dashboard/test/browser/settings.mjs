// What the mock server answers about the organization's settings. Changes are kept, so that the
// pages can be used.
const iso = (millis) => new Date(millis).toISOString();

/** The settings besides the name and the zone, which everyone is told with who they are. */
export function settingsOf() {
  return {
    registration_open: true,
    registration_domains: ["northwind.example"],
    devices_need_approval: false,
    retention_days: 365,
    idle_alert_seconds: 300,
    overtime_alert_seconds: 32_400,
    quiet_hours: [
      {
        weekdays: ["monday", "tuesday", "wednesday", "thursday", "friday"],
        from: "20:00",
        to: "07:00",
      },
      { weekdays: ["saturday", "sunday"], from: "00:00", to: "24:00" },
    ],
    alert_mail: false,
  };
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function settingsRoutes({ mock, json, problem }) {
  const organization = () => ({
    ...mock.organization,
    ...mock.settings,
    ...(mock.remade ? { days_remade: mock.remade } : {}),
  });
  const refused = (res, field, message) =>
    problem(res, 422, "validation", "Some fields are not valid", "Nothing was changed.", {
      fields: [{ field, message }],
    });
  const routes = [
    [
      "GET /organization",
      (res) => {
        // Until the server stops, which closes the connection.
        if (mock.settingsHang) return undefined;
        if (mock.settingsFail) {
          return problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.");
        }
        return json(res, 200, organization());
      },
    ],
    [
      "PATCH /organization",
      (res, _ids, body) => {
        if (mock.refuseSettings) {
          return problem(res, 503, "unavailable", "Not available just now", "Nothing was changed.");
        }
        if (body.alert_mail && !mock.sendsMail) {
          return refused(
            res,
            "alert_mail",
            "needs a mail server: whoever runs this server configures one first",
          );
        }
        if (body.registration_domains?.some((domain) => !domain.includes("."))) {
          return refused(
            res,
            "registration_domains",
            "must be at most 50 mail domains such as example.org",
          );
        }
        const { name, time_zone: zone, ...rest } = body;
        if (name) mock.organization.name = name;
        if (zone) {
          mock.organization.time_zone = zone;
          mock.remade = {
            reason: "zone",
            asked_at: iso(Date.now()),
            people: mock.people.length,
            people_done: 0,
          };
        }
        Object.assign(mock.settings, rest);
        const { days_remade: _later, ...now } = organization();
        return json(res, 200, now);
      },
    ],
  ];
  return routes.map(([key, answer]) => {
    const [method, path] = key.split(" ");
    const pattern = new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    return { method, pattern, answer };
  });
}
