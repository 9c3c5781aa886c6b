/** The categories, what each counts as, and how many rules put something into it. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Category, categories } from "../../../api/categories";
import { categories as words } from "../../../text/categories";
import { Question } from "../../../ui/Dialog";
import { Empty, Section } from "../../../ui/Page";
import { Table } from "../../../ui/Table";
import classes from "./Categories.module.css";
import { CategoryDialog } from "./CategoryDialog";
import { Kind } from "./Kind";
import { CATEGORIES } from "./queries";

interface Props {
  all: readonly Category[];
  /** How many rules name each, as they are saved. */
  used: ReadonlyMap<string, number>;
}

type Asking = { what: "edit"; category: Category | null } | { what: "remove"; category: Category };

export function CategoryList(props: Props) {
  const { all, used } = props;
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const add = (
    <Button variant="default" onClick={() => setAsking({ what: "edit", category: null })}>
      {words.add}
    </Button>
  );
  return (
    <Section title={words.listTitle} lead={words.listLead} actions={all.length > 0 && add}>
      {all.length === 0 ? (
        <Empty title={words.empty}>
          <p>{words.emptyHint}</p>
          {add}
        </Empty>
      ) : (
        <Table
          label={words.listTitle}
          rows={all}
          rowKey={(one) => one.id}
          columns={[
            { head: words.name, kind: "main", cell: (one) => <bdi>{one.name}</bdi> },
            { head: words.kind, cell: (one) => <Kind kind={one.kind} /> },
            { head: words.rulesHead, kind: "number", cell: (one) => used.get(one.id) ?? 0 },
            {
              head: words.deeds,
              kind: "end",
              cell: (one) => (
                <span className={classes.deeds}>
                  <Button
                    variant="default"
                    size="sm"
                    aria-label={words.changeOf(one.name)}
                    onClick={() => setAsking({ what: "edit", category: one })}
                  >
                    {words.change}
                  </Button>
                  <Button
                    variant="default"
                    size="sm"
                    aria-label={words.removeOf(one.name)}
                    onClick={() => setAsking({ what: "remove", category: one })}
                  >
                    {words.remove}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      )}
      {asking?.what === "edit" && <CategoryDialog category={asking.category} onClose={close} />}
      {asking?.what === "remove" && (
        <Remove
          category={asking.category}
          rules={used.get(asking.category.id) ?? 0}
          onClose={close}
        />
      )}
    </Section>
  );
}

function Remove(props: { category: Category; rules: number; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    networkMode: "always",
    mutationFn: () => categories.remove(props.category.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: CATEGORIES });
      props.onClose();
    },
  });
  return (
    <Question
      title={words.removeTitle(props.category.name)}
      confirm={words.remove}
      danger
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={props.onClose}
    >
      <p>{props.rules > 0 ? words.removeInUse(props.rules) : words.removeDetail}</p>
    </Question>
  );
}
