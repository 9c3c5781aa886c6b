/** Whether there is a newer version; it is fetched on request, and installed by an administrator. */
import { Button, CopyButton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type Newer, reason, useBridge } from "../bridge";
import { words } from "../text/words";
import { Section } from "../ui/parts";
import classes from "./pages.module.css";

export function Updates() {
  const bridge = useBridge();
  const known = useQuery({
    queryKey: ["update"],
    queryFn: () => bridge.updateCheck(),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const download = useMutation({ mutationFn: () => bridge.updateDownload() });
  const newer = download.data ?? known.data;
  const error = download.error ?? known.error;
  return (
    <Section title={words.updates.title}>
      {known.isPending && <p role="status">{words.updates.looking}</p>}
      {newer && <Told newer={newer} />}
      {error && (
        <p className={classes.problem} role="alert">
          {reason(error)}
        </p>
      )}
      {newer?.state === "available" && (
        <Button
          className={classes.act}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          {words.updates.download}
        </Button>
      )}
      {known.isError && (
        <Button className={classes.act} variant="default" onClick={() => void known.refetch()}>
          {words.again}
        </Button>
      )}
    </Section>
  );
}

function Told(props: { newer: Newer }) {
  const { newer } = props;
  switch (newer.state) {
    case "off":
      return <p className={classes.dim}>{newer.why}</p>;
    case "none":
      return <p>{words.updates.none(newer.running)}</p>;
    case "available":
      return <p>{words.updates.available(newer.version)}</p>;
    case "ready":
      return (
        <>
          <p role="status">{words.updates.ready(newer.version)}</p>
          <pre className={classes.body}>{newer.command}</pre>
          <CopyButton value={newer.command}>
            {({ copied, copy }) => (
              <Button className={classes.act} variant="default" onClick={copy}>
                {copied ? words.diagnosis.copied : words.updates.copy}
              </Button>
            )}
          </CopyButton>
        </>
      );
  }
}
