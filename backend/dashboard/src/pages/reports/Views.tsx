/** Saved views as links, and the form that saves the present one. */
import { Button, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { reports as words } from "../../text/reports";
import { shared } from "../../text/shared";
import { Section } from "../../ui/Page";
import type { ReportSearch } from "./address";
import classes from "./Reports.module.css";
import { forgetView, savedViews, saveView } from "./views";

export function Views(props: { search: ReportSearch }) {
  const [views, setViews] = useState(savedViews);
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  return (
    <Section title={words.saved} lead={words.savedHint}>
      <div className={classes.views}>
        {views.map((view) => (
          <span key={view.name} className={classes.view}>
            <Link to="/reports" search={view.search}>
              <bdi>{view.name}</bdi>
            </Link>
            <button
              type="button"
              className={classes.forget}
              aria-label={words.forget(view.name)}
              onClick={() => setViews(forgetView(view.name))}
            >
              <IconX size={14} aria-hidden="true" />
            </button>
          </span>
        ))}
        <form
          noValidate
          aria-label={words.save}
          onSubmit={(event) => {
            event.preventDefault();
            const wanted = name.trim();
            setMissing(wanted === "");
            if (wanted === "") return;
            setViews(saveView(wanted, props.search));
            setName("");
          }}
        >
          <TextInput
            label={words.viewName}
            maxLength={80}
            value={name}
            error={missing ? words.nameMissing : null}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {shared.save}
          </Button>
        </form>
      </div>
    </Section>
  );
}
