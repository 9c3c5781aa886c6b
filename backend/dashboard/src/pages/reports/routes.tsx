/** Joins the reports to their addresses. */
import { useNavigate } from "@tanstack/react-router";
import { dayIn } from "../../format/instant";
import { attendanceRoute, completenessRoute, filesRoute, reportsRoute } from "../../router";
import { insideRoute } from "../../routes/roots";
import { Attendance } from "./Attendance";
import { Completeness } from "./Completeness";
import { Files } from "./files/Files";
import { Overview } from "./Overview";

/** The organization's zone, and today there. */
function useToday(): { zone: string; today: string } {
  const { me } = insideRoute.useRouteContext();
  const zone = me.organization.time_zone;
  const now = Date.now();
  return { zone, today: dayIn(zone, now) ?? new Date(now).toISOString().slice(0, 10) };
}

export function ReportsRoute() {
  const search = reportsRoute.useSearch();
  const navigate = useNavigate();
  return (
    <Overview
      search={search}
      today={useToday().today}
      onSearch={(next) => void navigate({ to: "/reports", search: next, replace: true })}
    />
  );
}

export function AttendanceRoute() {
  const search = attendanceRoute.useSearch();
  const navigate = useNavigate();
  return (
    <Attendance
      search={search}
      {...useToday()}
      onSearch={(next) => void navigate({ to: "/reports/attendance", search: next, replace: true })}
    />
  );
}

export function CompletenessRoute() {
  const search = completenessRoute.useSearch();
  const navigate = useNavigate();
  return (
    <Completeness
      search={search}
      today={useToday().today}
      onSearch={(next) =>
        void navigate({ to: "/reports/completeness", search: next, replace: true })
      }
    />
  );
}

export function FilesRoute() {
  return <Files search={filesRoute.useSearch()} {...useToday()} />;
}
