/** Who looked at one's activity. */
import { own } from "../../api/own";
import { me } from "../../text/me";
import { LookTable } from "../../ui/LookTable";
import { Empty, Page } from "../../ui/Page";
import { Paged } from "../../ui/Paged";
import { usePages } from "../../ui/usePages";
import { MeTabs } from "./MeTabs";

const words = me.looks;

export function Looks() {
  const looks = usePages(["me", "looks"], own.looks);
  return (
    <Page title={words.title} lead={words.lead} tabs={<MeTabs />}>
      <Paged
        query={looks}
        count={looks.items.length}
        empty={
          <Empty title={words.empty}>
            <p>{words.emptyHint}</p>
          </Empty>
        }
      >
        <LookTable label={words.title} looks={looks.items} kinds={words.kinds} />
      </Paged>
    </Page>
  );
}
