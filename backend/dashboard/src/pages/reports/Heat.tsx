/** When of the week work is done, with its own waiting and its own failure. */
import { useQuery } from "@tanstack/react-query";
import { type Days, reports } from "../../api/reports";
import { reports as words } from "../../text/reports";
import { LoadProblem } from "../../ui/LoadProblem";
import { Rows, Section } from "../../ui/Page";
import { HeatTable } from "./HeatTable";

export function Heat(props: { days: Days; ofProject: boolean }) {
  const { days, ofProject } = props;
  const heat = useQuery({
    queryKey: ["reports", "heatmap", days],
    queryFn: () => reports.heatmap(days),
    enabled: !ofProject,
    placeholderData: (before) => before,
  });
  return (
    <Section title={words.heat} lead={ofProject ? words.heatNotProject : words.heatLead}>
      {!ofProject && heat.isPending && <Rows count={8} />}
      {!ofProject && <LoadProblem query={heat} />}
      {!ofProject && heat.data && <HeatTable heat={heat.data} />}
    </Section>
  );
}
