import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { person, snapshot } from "../../test/given";
import { drawLinked, faults } from "../../test/page";
import type { LiveFeed } from "../live/feed";
import { GivenFeed } from "../live/LiveProvider";
import { applySnapshot } from "../live/state";
import Palette from "./Palette";

afterEach(() => {
  vi.unstubAllGlobals();
});

async function opened(role: "admin" | "employee" = "admin") {
  const done = { onLogout: vi.fn(), onClose: vi.fn() };
  const live = applySnapshot(null, snapshot([person("zoe", { name: "Zoë Lindqvist" })]));
  const feed = { view: () => ({ live }) } as unknown as LiveFeed;
  await drawLinked(
    <GivenFeed feed={feed}>
      <Palette role={role} {...done} />
    </GivenFeed>,
  );
  return { user: userEvent.setup(), field: await screen.findByRole("combobox"), ...done };
}

const names = () => screen.queryAllByRole("option").map((option) => option.textContent);
const marked = () => screen.getByRole("option", { selected: true }).textContent;

it("goes through pages and actions with the keyboard alone, and back around the end", async () => {
  const { user, field, onLogout, onClose } = await opened();
  await user.click(field);
  expect(marked()).toBe("Live");
  await user.keyboard("{ArrowDown}");
  expect(marked()).toBe("People");
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(marked()).toBe("Log out");
  expect(field.getAttribute("aria-activedescendant")).toBe(
    screen.getByRole("option", { selected: true }).id,
  );
  await user.keyboard("{Enter}");
  expect(onLogout).toHaveBeenCalledOnce();
  expect(onClose).toHaveBeenCalledOnce();
});

it("finds a person without their accent", async () => {
  const { user, field } = await opened();
  await user.type(field, "zoe");
  expect(names()).toEqual(["Zoë Lindqvist"]);
});

it("offers an employee neither people nor pages of others", async () => {
  const { user, field } = await opened("employee");
  expect(names()).not.toContain("Audit log");
  await user.type(field, "zoe");
  expect(names()).toEqual([]);
  expect(screen.getByRole("status").textContent).toBe("Nothing fits");
});

it("has no accessibility faults", async () => {
  await opened();
  expect(await faults()).toEqual([]);
});
