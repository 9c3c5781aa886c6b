/** What applications and sites stand for: categories, and the rules that put something into them. */

import { useQuery } from "@tanstack/react-query";
import { categories as words } from "../../../text/categories";
import { LoadProblem } from "../../../ui/LoadProblem";
import { Page, Rows } from "../../../ui/Page";
import { SettingsTabs } from "../SettingsTabs";
import { CategoryList } from "./CategoryList";
import { Progress } from "./Progress";
import { allCategories, rulesQuery } from "./queries";
import { Rules } from "./Rules";

export function Categories() {
  const all = useQuery(allCategories);
  const rules = useQuery(rulesQuery);
  const error = all.error ?? rules.error;
  const used = new Map<string, number>();
  for (const { category_id } of rules.data?.rules ?? []) {
    used.set(category_id, (used.get(category_id) ?? 0) + 1);
  }
  return (
    <Page title={words.pageTitle} lead={words.pageLead} tabs={<SettingsTabs />}>
      {(all.isPending || rules.isPending) && !error && <Rows />}
      <LoadProblem
        query={{
          error,
          data: all.data && rules.data,
          refetch: () => {
            void all.refetch();
            void rules.refetch();
          },
        }}
      />
      {all.data && rules.data && (
        <>
          <Progress />
          <CategoryList all={all.data} used={used} />
          <Rules all={all.data} saved={rules.data} />
        </>
      )}
    </Page>
  );
}
