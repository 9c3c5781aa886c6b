import { beforeEach, expect, it } from "vitest";
import { forgetSecret, secretOf, takeSecret } from "./secret";

function place(address: string) {
  const url = new URL(address, "http://dashboard.example");
  const seen: string[] = [];
  return {
    seen,
    location: { pathname: url.pathname, search: url.search, hash: url.hash },
    history: {
      state: { key: "k" },
      replaceState: (_state: unknown, _title: string, to?: string | URL | null) => {
        seen.push(String(to));
      },
    },
  };
}

beforeEach(forgetSecret);

it("takes the secret out of the address at once, and keeps it for its own page only", () => {
  const at = place("/join?from=mail#token=abc_-123");
  takeSecret(at);
  expect(at.seen).toEqual(["/join?from=mail"]);
  expect(secretOf("/join")).toBe("abc_-123");
  expect(secretOf("/reset")).toBeNull();
  forgetSecret();
  expect(secretOf("/join")).toBeNull();
});

it.each(["/live#token=abc", "/join#section", "/join"])("leaves %s alone", (address) => {
  const at = place(address);
  takeSecret(at);
  expect(at.seen).toEqual([]);
  expect(secretOf("/join")).toBeNull();
});

it.each(["/reset#token=", `/reset#token=${"x".repeat(513)}`])(
  "no use is made of what is no secret, and yet it leaves the address",
  (address) => {
    const at = place(address);
    takeSecret(at);
    expect(at.seen).toEqual(["/reset"]);
    expect(secretOf("/reset")).toBeNull();
  },
);
