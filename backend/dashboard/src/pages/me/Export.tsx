/** Everything about oneself as a file. */

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { ownData } from "../../api/export";
import { me } from "../../text/me";
import { FloatingDone, FloatingProblem } from "../../ui/Floating";
import { saveFile } from "../../ui/saveFile";

const words = me.privacy;

export function Export() {
  const download = useMutation({ mutationFn: ownData, onSuccess: saveFile });
  return (
    <>
      <FloatingProblem error={download.error} />
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
      <FloatingDone of={download}>{words.exportReady}</FloatingDone>
    </>
  );
}
