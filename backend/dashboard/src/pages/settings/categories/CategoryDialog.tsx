/** Makes a category, or gives one another name or meaning. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Category, type CategoryKind, categories } from "../../../api/categories";
import { fieldMessage, saidAtFields } from "../../../api/problem";
import { categories as words } from "../../../text/categories";
import { shared } from "../../../text/shared";
import { Dialog, DialogButtons } from "../../../ui/Dialog";
import { Choice, Form } from "../../../ui/Form";
import { CATEGORIES } from "./queries";

const KINDS: readonly CategoryKind[] = ["productive", "neutral", "unproductive"];

/** `category` null: a new one. */
export function CategoryDialog(props: { category: Category | null; onClose: () => void }) {
  const { category } = props;
  const queries = useQueryClient();
  const [name, setName] = useState(category?.name ?? "");
  const [kind, setKind] = useState<CategoryKind>(category?.kind ?? "productive");
  const [missing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const save = useMutation({
    networkMode: "always",
    mutationFn: () =>
      category
        ? categories.change(category.id, { name: name.trim(), kind })
        : categories.make(name.trim(), kind),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: CATEGORIES });
      props.onClose();
    },
  });
  useEffect(() => {
    if (missing || save.error) input.current?.focus();
  }, [missing, save.error]);
  return (
    <Dialog title={category ? words.changeTitle : words.add} onClose={props.onClose}>
      <Form
        onSubmit={() => {
          setMissing(name.trim() === "");
          if (name.trim() !== "") save.mutate();
        }}
      >
        <TextInput
          ref={input}
          label={words.name}
          autoComplete="off"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={missing ? words.nameMissing : fieldMessage(save.error, "name", words.name)}
        />
        <Choice
          label={words.kind}
          value={kind}
          options={KINDS.map((value) => ({
            value: value as string,
            label: words.kinds[value] ?? value,
          }))}
          onChange={(value) => setKind(KINDS.find((one) => one === value) ?? "neutral")}
        />
        {category && <p>{words.kindHint}</p>}
        <DialogButtons problem={saidAtFields(save.error, ["name"]) ? null : save.error}>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {category ? words.save : words.make}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
