/**
 * From a new organization to its first computer: a token, the commands that use it, and the first
 * sign of life, which the live feed brings by itself.
 */

import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { devices } from "../../api/devices";
import type { Me } from "../../api/types";
import { useFeedView } from "../../live/LiveProvider";
import { text } from "../../text/en";
import { start as words } from "../../text/start";
import { FloatingProblem } from "../../ui/Floating";
import { Choice } from "../../ui/Form";
import { Page } from "../../ui/Page";
import { InstallCommands } from "../devices/InstallCommands";
import classes from "./Start.module.css";

type Whose = "mine" | "others";

const WAIT_MILLIS = 5_000;

export function Start(props: { me: Me }) {
  const { organization } = props.me;
  const [whose, setWhose] = useState<Whose>("mine");
  const { live } = useFeedView();
  const reported = [...(live?.people.values() ?? [])].find(
    ({ person }) => person.last_contact_at !== null && person.last_contact_at !== undefined,
  )?.person;
  const token = useMutation({
    mutationFn: async (of: Whose) => ({
      of,
      made: await devices.makeToken({
        label: words.title,
        expires_in_hours: 72,
        ...(of === "mine" ? { user_id: props.me.user_id, max_uses: 1 } : { max_uses: 100 }),
      }),
    }),
  });
  const pending = useQuery({
    queryKey: ["devices", "pending", "start"],
    queryFn: () => devices.list({ pending: true }, null),
    refetchInterval: WAIT_MILLIS,
    enabled: token.isSuccess,
  });
  const waiting = pending.data?.items.length ?? 0;

  return (
    <Page title={words.title} lead={words.lead} narrow>
      <ol className={classes.steps}>
        <Step title={words.organization} done={true}>
          <p>{words.organizationDone(organization.name, organization.time_zone)}</p>
          <p>
            <Link to="/settings/policy">{words.organizationMore}</Link>
          </p>
        </Step>
        <Step title={words.token} done={token.isSuccess || reported !== undefined}>
          <p>{words.tokenLead}</p>
          <Choice
            label={words.whose}
            value={whose}
            options={(["mine", "others"] as const).map((value) => ({
              value,
              label: words[value],
            }))}
            onChange={setWhose}
            {...(whose === "others" ? { description: words.othersHint } : {})}
          />
          <FloatingProblem error={token.error} />
          <div>
            <Button
              variant={token.isSuccess ? "default" : "filled"}
              loading={token.isPending}
              onClick={() => token.mutate(whose)}
            >
              {token.isSuccess ? words.again : words.make}
            </Button>
          </div>
        </Step>
        <Step title={words.install} done={reported !== undefined}>
          <p>
            {token.data ? words.installLead : reported ? words.installAnother : words.needsToken}
          </p>
          {token.data && (
            <InstallCommands token={token.data.made.token} ofOnePerson={token.data.of === "mine"} />
          )}
        </Step>
        <Step title={words.live} done={reported !== undefined}>
          <div role="status">
            {reported ? (
              <p>
                <bdi>{words.reported(reported.name.trim() || text.live.noName)}</bdi>
              </p>
            ) : (
              <p>{words.waiting}</p>
            )}
            {waiting > 0 && (
              <p>
                {words.pending(waiting)}{" "}
                <Link to="/people/devices" search={{ show: "pending" }}>
                  {words.approve}
                </Link>
              </p>
            )}
          </div>
          <p className={classes.links}>
            <Link to="/live">{words.toLive}</Link>
            <Link to="/people/invitations">{words.invite}</Link>
          </p>
        </Step>
      </ol>
    </Page>
  );
}

function Step(props: { title: string; done: boolean; children: ReactNode }) {
  return (
    <li className={classes.step} data-done={props.done}>
      <span className={classes.mark}>
        {props.done && (
          <>
            <IconCheck size={16} stroke={2.4} aria-hidden="true" />
            <span className="wp-hidden">{words.done}</span>
          </>
        )}
      </span>
      <div className={classes.body}>
        <h2>{props.title}</h2>
        {props.children}
      </div>
    </li>
  );
}
