/** What the window shows: the first run until it is done, then the pages. */
import { lazy, Suspense } from "react";
import { FirstRun } from "./pages/FirstRun";
import { NoticePage } from "./pages/NoticePage";
import { Today } from "./pages/Today";
import { Shell } from "./shell/Shell";
import { useRoute } from "./shell/useRoute";
import { useStatus } from "./status";
import { words } from "./text/words";
import { Failure, Loading } from "./ui/parts";

// The first page is there at once; the others when they are asked for.
const Data = lazy(() => import("./pages/Data"));
const Days = lazy(() => import("./pages/Days"));
const Settings = lazy(() => import("./pages/Settings"));
const Diagnosis = lazy(() => import("./pages/Diagnosis"));

export function App() {
  const status = useStatus();
  const [route, go] = useRoute();
  if (status.data === undefined) {
    return (
      <main className="wp-alone">
        <h1>WorkPulse</h1>
        {status.isError ? (
          <Failure
            heading={words.cannotAsk}
            error={status.error}
            onRetry={() => void status.refetch()}
          />
        ) : (
          <Loading />
        )}
      </main>
    );
  }
  const { report, notice } = status.data;
  if (!report.enrolled) return <FirstRun />;
  if (notice.accepted_at === null && route.page !== "diagnosis") return <NoticePage />;
  return (
    <Shell status={status.data} stale={status.isError} page={route.page} go={go}>
      <Suspense fallback={<Loading />}>
        {route.page === "today" && <Today status={status.data} />}
        {route.page === "data" && <Data />}
        {route.page === "days" && <Days date={route.rest} go={go} />}
        {route.page === "settings" && <Settings />}
        {route.page === "diagnosis" && <Diagnosis />}
      </Suspense>
    </Shell>
  );
}
