/** Files that the server makes: everything about a person. */
import { http, unwrap } from "./http";

export interface MadeFile {
  name: string;
  content: Blob;
}

export const ownData = async (): Promise<MadeFile> => ({
  name: "workpulse-my-data.zip",
  content: (await unwrap(
    http.GET("/api/v1/me/export", { parseAs: "blob" }) as Promise<{
      data?: unknown;
      response: Response;
    }>,
  )) as Blob,
});

export const dataOf = async (id: string): Promise<MadeFile> => ({
  name: `workpulse-person-${id}.zip`,
  content: (await unwrap(
    http.GET("/api/v1/users/{id}/export", {
      params: { path: { id } },
      parseAs: "blob",
    }) as Promise<{ data?: unknown; response: Response }>,
  )) as Blob,
});
