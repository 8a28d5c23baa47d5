import { z } from "zod";
import { callerIdChoice, calling, callingChange, parkedCall, ringingCall } from "./calling.ts";
import { id } from "./primitives.ts";
import { defineRoute } from "./route.ts";

const tag = "desk";
const slot = z.object({ slot: z.coerce.number<number | string>().int().min(1).max(99) });
const body = z.object({}).optional();

/** What the desk offers beside the commands on a contact: the agent's own calling, parked and ringing calls, caller numbers. */
export const deskCalling = {
  setCalling: defineRoute({
    method: "PUT",
    path: "/api/v1/desk/calling",
    permission: "desk.use",
    body: callingChange,
    response: calling,
    summary: "Do not disturb, and diversions of one's direct calls; what is not given stays",
    tag,
  }),
  callerIds: defineRoute({
    method: "GET",
    path: "/api/v1/desk/caller-ids",
    permission: "desk.dial_out",
    query: z.object({ clientId: id.optional() }).optional(),
    response: z.object({ items: z.array(callerIdChoice) }),
    summary: "The numbers that may be shown when one calls out",
    tag,
  }),
  parked: defineRoute({
    method: "GET",
    path: "/api/v1/desk/parked",
    permission: "desk.use",
    response: z.object({ items: z.array(parkedCall) }),
    summary: "Parked calls of one's clients",
    tag,
  }),
  fetchParked: defineRoute({
    method: "POST",
    path: "/api/v1/desk/parked/:slot/pick-up",
    permission: "desk.use",
    params: slot,
    body,
    response: z.object({ contactId: id }),
    summary: "Fetch a parked call: the own device rings and has it",
    tag,
  }),
  ringing: defineRoute({
    method: "GET",
    path: "/api/v1/desk/ringing",
    permission: "desk.use",
    response: z.object({ items: z.array(ringingCall) }),
    summary: "Calls that ring at colleagues of one's team, or at all whom `desk.pick_up` covers",
    tag,
  }),
  pickUp: defineRoute({
    method: "POST",
    path: "/api/v1/desk/ringing/:id/pick-up",
    permission: "desk.use",
    params: z.object({ id }),
    body,
    response: z.object({ contactId: id }),
    summary: "Take a call that rings at a colleague: the own device rings and has it",
    tag,
  }),
};
