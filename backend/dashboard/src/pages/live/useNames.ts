/** Teams and projects for the groups of the live page, asked for only once somebody groups by them. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { projects, teams } from "../../api/groups";
import type { Grouping, Names } from "../../live/groups";

const WHILE = { staleTime: 5 * 60_000 };

export interface FoundNames extends Names {
  /** Why they could not be had. */
  error: unknown;
  /** Groups would change in a moment. */
  loading: boolean;
  retry: () => void;
}

/** Every page of a list. */
async function whole<T>(
  page: (cursor: string | null) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const got: { items: T[]; next_cursor?: string | null } = await page(cursor);
    items.push(...got.items);
    cursor = got.next_cursor ?? null;
  } while (cursor !== null);
  return items;
}

export function useNames(by: Grouping): FoundNames {
  const teamList = useQuery({
    queryKey: ["teams", "all"],
    queryFn: () => whole(teams.list),
    enabled: by === "team",
    ...WHILE,
  });
  const members = useQueries({
    queries: (by === "team" ? (teamList.data ?? []) : []).map((team) => ({
      queryKey: ["teams", team.id, "people"],
      queryFn: async () => {
        const all = await whole((cursor) => teams.members(team.id, cursor));
        return { id: team.id, name: team.name, people: all.map((member) => member.user_id) };
      },
      ...WHILE,
    })),
    combine: (results) => ({
      data: results.flatMap((result) => (result.data ? [result.data] : [])),
      loading: results.some((result) => result.isPending),
      error: results.find((result) => result.error)?.error ?? null,
      retry: () => {
        for (const result of results) if (result.error) void result.refetch();
      },
    }),
  });
  const projectList = useQuery({
    queryKey: ["projects", "names"],
    // A session may still run on a project that was put away meanwhile.
    queryFn: () => whole((cursor) => projects.list(true, cursor)),
    enabled: by === "project",
    ...WHILE,
  });
  return useMemo(
    () => ({
      teams: new Map(
        members.data.map((team) => [team.id, { name: team.name, people: new Set(team.people) }]),
      ),
      projects: new Map((projectList.data ?? []).map((project) => [project.id, project.name])),
      error: teamList.error ?? members.error ?? projectList.error,
      loading: teamList.isLoading || members.loading || projectList.isLoading,
      retry: () => {
        if (teamList.error) void teamList.refetch();
        if (projectList.error) void projectList.refetch();
        members.retry();
      },
    }),
    [members, projectList, teamList],
  );
}
