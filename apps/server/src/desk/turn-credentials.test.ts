import { expect, test } from "vitest";
import { iceServersFor } from "./turn-credentials.ts";

const now = Date.UTC(2026, 0, 1);
const urls = ["turn:turn.example.org:3478?transport=udp", "turns:turn.example.org:5349"];

test("a browser gets the relays with credentials that run out after a day", () => {
  const [server, ...others] = iceServersFor({ urls, secret: "north" }, "agent-7", now);
  expect(others).toEqual([]);
  expect(server?.urls).toEqual(urls);
  expect(server?.username).toBe(`${now / 1000 + 86_400}:agent-7`);
  // openssl: printf 1767312000:agent-7 | openssl dgst -sha1 -hmac north -binary | base64
  expect(server?.credential).toBe("OG/ZiSJ8nLR/713vFKWe3kQT2sE=");
});

test("each user and each secret has another password", () => {
  const password = (user: string, secret: string): string | undefined =>
    iceServersFor({ urls, secret }, user, now)[0]?.credential;
  expect(new Set([password("a", "x"), password("b", "x"), password("a", "y")]).size).toBe(3);
});

test("a stun server needs none; without any setting there is nobody to ask", () => {
  expect(iceServersFor({ urls: ["stun:stun.example.org"], secret: null }, "a", now)).toEqual([
    { urls: ["stun:stun.example.org"] },
  ]);
  expect(iceServersFor(null, "a", now)).toEqual([]);
});
