import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";

test("a password is known by its argon2id hash, another is not", async () => {
  const hash = await hashPassword("grå räv i snön");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword("grå räv i snön", hash)).toBe(true);
  expect(await verifyPassword("grå räv i snön".normalize("NFD"), hash)).toBe(true);
  expect(await verifyPassword("gra rav i snon", hash)).toBe(false);
});

test("without an account, and with a hash that is none, nothing is right", async () => {
  expect(await verifyPassword("anything", null)).toBe(false);
  expect(await verifyPassword("anything", "plain")).toBe(false);
});
