import { act, render, screen } from "@testing-library/react";
import { Component, type ReactNode, Suspense } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { ApiError } from "../api/problem";
import { opensTo } from "./fetchPages";
import { forgetFailures, lazyPage } from "./lazyPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const Day = () => <p>the page</p>;

class Caught extends Component<{ children: ReactNode }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError = (error: unknown) => ({ error });
  override render() {
    const { error } = this.state;
    return error instanceof ApiError ? error.problem.code : this.props.children;
  }
}

const shown = (Page: ReturnType<typeof lazyPage>) =>
  act(async () =>
    render(
      <Caught>
        <Suspense fallback="to come">
          <Page />
        </Suspense>
      </Caught>,
    ),
  );

it("a page whose script cannot be loaded says so, and comes once it can", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  vi.spyOn(console, "error").mockImplementation(() => {});
  let there = false;
  const Page = lazyPage(
    () =>
      there
        ? Promise.resolve({ Day })
        : Promise.reject(new TypeError("Failed to fetch dynamically imported module")),
    "Day",
  );
  const first = await shown(Page);
  expect(await screen.findByText("network")).toBeTruthy();
  first.unmount();
  there = true;
  forgetFailures();
  await shown(Page);
  expect(await screen.findByText("the page")).toBeTruthy();
});

it("what was fetched ahead needs no network any more", async () => {
  const load = vi.fn(() => Promise.resolve({ Day }));
  const Page = lazyPage(load, "Day");
  await Page.fetch();
  await shown(Page);
  expect(screen.getByText("the page")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(1);
});

it("nobody is sent the scripts of pages that they cannot open", () => {
  const route = (id: string) => ({ id, options: {} });
  expect(opensTo(route("/inside/me"), "employee")).toBe(true);
  expect(opensTo(route("/inside/managers/reports"), "employee")).toBe(false);
  expect(opensTo(route("/inside/managers/reports"), "manager")).toBe(true);
  expect(opensTo(route("/inside/admins/settings"), "manager")).toBe(false);
  expect(opensTo(route("/inside/admins/settings"), "admin")).toBe(true);
  expect(opensTo(route("/login"), "admin")).toBe(false);
});
