/** Names a new team or project. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { fieldMessage, saidAtFields } from "../../api/problem";
import { groups } from "../../text/groups";
import { shared } from "../../text/shared";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Form } from "../../ui/Form";

export function NewGroup<Made>(props: {
  title: string;
  queryKey: readonly unknown[];
  initial?: string;
  make: (name: string) => Promise<Made>;
  onMade: (made: Made) => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const queries = useQueryClient();
  const [name, setName] = useState(props.initial ?? "");
  const [gap, setGap] = useState<string | null>(null);
  const make = useMutation({
    mutationFn: props.make,
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: props.queryKey });
      props.onMade(made);
    },
  });
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Form
        onSubmit={() => {
          setGap(name.trim() === "" ? groups.nameMissing : null);
          if (name.trim() !== "") make.mutate(name.trim());
        }}
      >
        <TextInput
          label={groups.name}
          name="name"
          autoComplete="off"
          autoFocus
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={gap ?? fieldMessage(make.error, "name", groups.name)}
        />
        {props.children}
        <DialogButtons problem={saidAtFields(make.error, ["name"]) ? null : make.error}>
          <Button variant="default" onClick={props.onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {shared.save}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
