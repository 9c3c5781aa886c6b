// What the mock server answers about notes: what people say of a day, and what was answered.
import { HOSTILE, uuid } from "./people.mjs";

const iso = (millis) => new Date(millis).toISOString();
const HOUR = 3_600_000;

/** The day before this one, `YYYY-MM-DD`: it is over, whenever the tests run. */
export const YESTERDAY = iso(Date.now() - 24 * HOUR).slice(0, 10);

/** Of the day that begins at `from`, by this person. */
export function notesOf(from, person, hostile) {
  const words = (text) => (hostile ? HOSTILE[3] : text);
  const note = (i, begin, hours, more) => ({
    id: uuid(8000 + i),
    user_id: person.user_id,
    user_name: person.name,
    from: iso(from + begin * HOUR),
    to: iso(from + (begin + hours) * HOUR),
    kind: "meeting",
    text: null,
    state: "open",
    version: 1,
    created_at: iso(from + (begin + hours) * HOUR),
    changed_at: iso(from + (begin + hours) * HOUR),
    answered_at: null,
    answered_by: null,
    answered_by_name: null,
    answer: null,
    ...more,
  });
  const answered = (state, answer) => ({
    state,
    answered_at: iso(from + 20 * HOUR),
    answered_by: uuid(2),
    answered_by_name: hostile ? HOSTILE[0] : "Priya Nair",
    answer: words(answer),
  });
  return [
    note(0, 9.25, 0.5, { text: words("Stand-up with the design team, in the kitchen.") }),
    note(1, 12.05, 0.7, { kind: "break", ...answered("accepted", "Thanks for saying so.") }),
    note(2, 13.5, 1, {
      kind: "work",
      text: words("On the phone with the printer about the proofs."),
      ...answered("declined", "That was the day before, I think. Have another look?"),
    }),
  ];
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function noteRoutes({ mock, json, problem, me }) {
  const conflict = (res) =>
    problem(
      res,
      409,
      "conflict",
      "This stands against something else",
      "You have a note about some of this time already. Change that one, or choose another time; nothing was kept.",
    );
  const find = (id) => mock.notes.find((note) => note.id === id);
  const routes = [
    [
      "GET",
      /^\/api\/v1\/notes$/,
      (res, _ids, _body, query) => {
        if (mock.notesHang) return undefined;
        if (mock.notesFail) {
          return problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.");
        }
        const items = mock.notes.filter(
          (note) =>
            (!query.has("state") || query.get("state") === note.state) &&
            (mock.role !== "employee" || note.user_id === me().user_id),
        );
        return json(res, 200, { items, next_cursor: null });
      },
    ],
    [
      "POST",
      /^\/api\/v1\/notes$/,
      (res, _ids, body) => {
        if (mock.refuseNotes) return conflict(res);
        const made = {
          ...mock.notes[0],
          answered_at: null,
          answered_by: null,
          answered_by_name: null,
          answer: null,
          text: null,
          ...body,
          id: uuid(8100 + mock.notes.length),
          user_id: me().user_id,
          user_name: me().name,
          state: "open",
          version: 1,
        };
        mock.notes.push(made);
        return json(res, 201, made);
      },
    ],
    [
      "PUT",
      /^\/api\/v1\/notes\/(?<id>[^/]+)$/,
      (res, { id }, body) => {
        const note = find(id);
        if (!note || body.version !== note.version) return conflict(res);
        Object.assign(note, { text: null }, body, { version: note.version + 1 });
        return json(res, 200, note);
      },
    ],
    [
      "DELETE",
      /^\/api\/v1\/notes\/(?<id>[^/]+)$/,
      (res, { id }) => {
        mock.notes = mock.notes.filter((note) => note.id !== id);
        return json(res, 204);
      },
    ],
    [
      "POST",
      /^\/api\/v1\/notes\/(?<id>[^/]+)\/answer$/,
      (res, { id }, body) => {
        const note = find(id);
        if (!note || mock.refuseNotes) return conflict(res);
        Object.assign(note, {
          state: body.accepted ? "accepted" : "declined",
          answer: body.answer ?? null,
          answered_at: iso(Date.now()),
          answered_by: me().user_id,
          answered_by_name: me().name,
        });
        return json(res, 200, note);
      },
    ],
  ];
  return routes.map(([method, pattern, answer]) => ({ method, pattern, answer }));
}
