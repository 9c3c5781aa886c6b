import { expect, it } from "vitest";
import { ApiError } from "../../../api/problem";
import { refusedRules } from "./refused";

const refusal = (field: string) =>
  new ApiError({
    code: "validation",
    status: 422,
    title: "Some fields are not valid",
    detail: "",
    requestId: null,
    retryAfterSeconds: null,
    fields: [{ field, message: "is a name such as example.org" }],
  });

it("names the rule that is refused by its place, and what of it", () => {
  expect(refusedRules(refusal("rules[1].domain"))).toEqual([
    "Rule 2: Site is a name such as example.org.",
  ]);
  expect(refusedRules(refusal("version"))).toEqual([]);
  expect(refusedRules(new Error("offline"))).toEqual([]);
});
