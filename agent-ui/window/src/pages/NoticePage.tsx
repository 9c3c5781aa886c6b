/** What is collected and why: read and accepted before anything is recorded. */
import { Button } from "@mantine/core";
import { IconCheck, IconCircleHalf2, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { reason, useBridge } from "../bridge";
import { words } from "../text/words";
import { Failure, Head, Loading } from "../ui/parts";
import classes from "./pages.module.css";

const MARKS = { yes: IconCheck, limited: IconCircleHalf2, no: IconX };

export function NoticePage() {
  const bridge = useBridge();
  const queries = useQueryClient();
  const notice = useQuery({ queryKey: ["notice"], queryFn: () => bridge.notice() });
  const accept = useMutation({
    mutationFn: () => bridge.acceptNotice(),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <main className="wp-alone">
      <title>{`${words.notice.title} · WorkPulse`}</title>
      {notice.isError && (
        <Failure
          heading={words.notice.failed}
          error={notice.error}
          onRetry={() => void notice.refetch()}
        />
      )}
      {notice.isPending && <Loading />}
      {notice.data && (
        <>
          <Head
            title={words.notice.title}
            lead={words.notice.lead(notice.data.user_name, notice.data.organization_name)}
          />
          <ul className={classes.lines}>
            {notice.data.lines.map((line) => {
              const Mark = MARKS[line.collected];
              return (
                <li key={line.what} data-collected={line.collected}>
                  <Mark size={20} stroke={2} aria-hidden="true" />
                  <strong>
                    {line.what}
                    <span className={classes.badge}>{words.notice.marks[line.collected]}</span>
                  </strong>
                  <p>{line.why}</p>
                </li>
              );
            })}
          </ul>
          <p className={classes.dim}>{words.notice.after}</p>
          {accept.isError && (
            <p className={classes.problem} role="alert">
              {reason(accept.error)}
            </p>
          )}
          <div className={classes.row}>
            <Button loading={accept.isPending} onClick={() => accept.mutate()}>
              {words.notice.accept}
            </Button>
          </div>
        </>
      )}
    </main>
  );
}
