import { expect, it, vi } from "vitest";
import { Renewal } from "./renewal";

it("needs no request when another tab has just renewed", async () => {
  const renewal = new Renewal(() => Promise.reject(new Error("must not be asked")));
  window.localStorage.setItem("wp-renewed-at", String(Date.now() + 1000));
  await expect(renewal.renew(Date.now())).resolves.toBe(true);
});

it("asks anew for a request that left after the last renewal", async () => {
  let asked = 0;
  const renewal = new Renewal(() => {
    asked += 1;
    return Promise.resolve(true);
  });
  await renewal.renew(Date.now());
  await renewal.renew(0);
  expect(asked).toBe(1);
  await renewal.renew(Date.now() + 1000);
  expect(asked).toBe(2);
});

it("a failed attempt is not remembered", async () => {
  const answers = [false, true];
  const renewal = new Renewal(() => Promise.resolve(answers.shift() ?? false));
  const askedAt = Date.now() + 1;
  await expect(renewal.renew(askedAt)).resolves.toBe(false);
  await expect(renewal.renew(askedAt)).resolves.toBe(true);
});

it("is asked for once in a tab even where nothing can be stored", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  let asked = 0;
  const renewal = new Renewal(() => {
    asked += 1;
    return Promise.resolve(true);
  });
  await expect(renewal.renew(0)).resolves.toBe(true);
  await expect(renewal.renew(0)).resolves.toBe(true);
  expect(asked).toBe(1);
});
