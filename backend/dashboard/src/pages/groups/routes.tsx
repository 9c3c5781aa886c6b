/** Joins the pages about teams and projects to their addresses. */
import { useNavigate } from "@tanstack/react-router";
import { projectRoute } from "../../router";
import { teamPolicyRoute, teamRoute } from "../../routes/people";
import { insideRoute } from "../../routes/roots";
import { ProjectPage } from "./ProjectPage";
import { Projects } from "./Projects";
import { TeamPage } from "./TeamPage";
import { TeamPolicy } from "./TeamPolicy";
import { Teams } from "./Teams";

export function TeamsRoute() {
  const { me } = insideRoute.useRouteContext();
  const navigate = useNavigate();
  return (
    <Teams
      me={me}
      onMade={(team) => void navigate({ to: "/people/teams/$id", params: { id: team.id } })}
    />
  );
}

export function TeamRoute() {
  const { me } = insideRoute.useRouteContext();
  const { id } = teamRoute.useParams();
  const navigate = useNavigate();
  return (
    <TeamPage
      key={id}
      me={me}
      id={id}
      onDeleted={() => void navigate({ to: "/people/teams", replace: true })}
    />
  );
}

export function TeamPolicyRoute() {
  const { id } = teamPolicyRoute.useParams();
  return <TeamPolicy key={id} id={id} />;
}

export function ProjectsRoute() {
  const { me } = insideRoute.useRouteContext();
  const navigate = useNavigate();
  return (
    <Projects
      me={me}
      onMade={(project) => void navigate({ to: "/projects/$id", params: { id: project.id } })}
    />
  );
}

export function ProjectRoute() {
  const { me } = insideRoute.useRouteContext();
  const { id } = projectRoute.useParams();
  return <ProjectPage key={id} me={me} id={id} />;
}
