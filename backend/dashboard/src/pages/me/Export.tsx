/** Everything about oneself as a file. */
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { ownData } from "../../api/export";
import { me } from "../../text/me";
import { Done } from "../../ui/Page";
import { ProblemNote } from "../../ui/ProblemNote";
import { saveFile } from "../../ui/saveFile";

const words = me.privacy;

export function Export() {
  const download = useMutation({ mutationFn: ownData, onSuccess: saveFile });
  return (
    <>
      {download.error && <ProblemNote error={download.error} />}
      <div>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.7} aria-hidden="true" />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          {words.exportDo}
        </Button>
      </div>
      {download.isSuccess && <Done>{words.exportReady}</Done>}
    </>
  );
}
