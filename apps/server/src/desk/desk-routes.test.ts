import { api } from "@svara/contracts";
import type { AgentId } from "@svara/kernel";
import { expect, it } from "vitest";
import type { HttpCore } from "../http/http-core.ts";
import { Access } from "../rights/access.ts";
import { idleLive } from "../test-kit/idle-live.ts";
import { mountDeskRoutes } from "./desk-routes.ts";

type Handler = (request: { readonly caller: object; readonly body: object }) => Promise<unknown>;

it("leaves to the live centre whether a number may be called: 112 and a colleague's need no right to call out", async () => {
  const handlers = new Map<object, Handler>();
  const http = { mount: (route: object, handler: Handler) => handlers.set(route, handler) };
  const live = idleLive();
  const parts = { http: http as unknown as HttpCore, live, turn: null };
  mountDeskRoutes(parts as unknown as Parameters<typeof mountDeskRoutes>[0]);
  const access = new Access([{ permissions: new Set(["desk.use"]), scope: { kind: "centre" } }]);
  const caller = { access, agentId: "anna" as AgentId, displayName: "Anna" };
  await handlers.get(api.desk.call)?.({ caller, body: { number: "112" } });
  expect(live.asked).toEqual(["call number"]);
});
