/** Routes about notes: what people say of their own time, and what managers answer. */
import { http, from as next, unwrap } from "./http";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Note = Schemas["Note"];
export type NotePage = Schemas["NotePage"];
export type NoteKind = Schemas["NoteKind"];
export type NoteState = Schemas["NoteState"];
/** What a person says of a stretch. */
export type Said = Schemas["CreateNote"];

export const notes = {
  list: (state: NoteState | null, cursor: string | null): Promise<NotePage> =>
    unwrap(
      http.GET("/api/v1/notes", {
        params: { query: { ...(state ? { state } : {}), ...next(cursor) } },
      }),
    ),

  write: (said: Said): Promise<Note> => unwrap(http.POST("/api/v1/notes", { body: said })),

  change: (id: string, version: number, said: Said): Promise<Note> =>
    unwrap(
      http.PUT("/api/v1/notes/{id}", { params: { path: { id } }, body: { ...said, version } }),
    ),

  takeBack: async (id: string): Promise<void> => {
    await unwrap(http.DELETE("/api/v1/notes/{id}", { params: { path: { id } } }));
  },

  answer: (note: Note, accepted: boolean, answer: string): Promise<Note> =>
    unwrap(
      http.POST("/api/v1/notes/{id}/answer", {
        params: { path: { id: note.id } },
        body: {
          version: note.version,
          accepted,
          ...(answer.trim() === "" ? {} : { answer: answer.trim() }),
        },
      }),
    ),
};
