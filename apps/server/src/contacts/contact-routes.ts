import { existsSync } from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
import { dayOf } from "@svara/calendar";
import { api } from "@svara/contracts";
import { waveformPeaks } from "@svara/media";
import { centreKind } from "../clients/centre-kind.ts";
import { clientKind } from "../clients/client-kind.ts";
import { floorView } from "../floor/floor-view.ts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden, HttpError, invalid, notFound } from "../http/http-error.ts";
import { sendFile } from "../http/send-file.ts";
import type { Audit } from "../identity/audit.ts";
import type { FloorMetric, InsightService } from "../live/live-service.ts";
import { recordingPath } from "../live/recording-keeper.ts";
import type { Office } from "../office/office.ts";
import { dispositionKind } from "../queues/disposition-kind.ts";
import type { Caller } from "../rights/access.ts";
import { csvHead, csvLine } from "./contact-csv.ts";
import type { ContactFilter, RecordingRow } from "./contact-reader.repository.ts";
import type { Contacts } from "./contacts.ts";

interface Parts {
  readonly http: HttpCore;
  readonly contacts: Contacts;
  readonly office: Office;
  readonly audit: Audit;
  /** Absolute. */
  readonly recordingsFolder: string;
  readonly insight: InsightService;
  /** The contacts behind a count of planning. @throws HttpError 403, 404 */
  readonly counted: (
    caller: Caller,
    count: {
      readonly queueId: string;
      readonly count: PlanCount;
      readonly from: number;
      readonly to: number;
    },
  ) => Promise<readonly string[]>;
}

type PlanCount = "offered" | "answered" | "abandoned" | "handled";

const EXPORT_LIMIT = 100_000;
const EXPORT_PAGE = 1000;
const DEFAULT_POINTS = 600;

interface Query extends Omit<ContactFilter, "fromAt" | "untilAt" | "search" | "ids"> {
  readonly search?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly metric?: FloorMetric | undefined;
  readonly counted?: PlanCount | undefined;
  readonly countedFrom?: number | undefined;
  readonly countedTo?: number | undefined;
}

/** The list, the detail, the export, and the recordings. */
export function mountContactRoutes(parts: Parts): void {
  const { http, contacts, office } = parts;

  http.mount(api.contacts.list, async ({ caller, query }) => {
    mayRead(caller);
    const limit = Math.min(query?.limit ?? 100, 500);
    return contacts.list(caller, await filterOf(parts, caller, query ?? {}), {
      cursor: query?.cursor,
      limit,
    });
  });
  http.mount(api.contacts.get, async ({ caller, params }) => {
    mayRead(caller);
    return contacts.detail(caller, params.id);
  });
  http.mount(api.contacts.setWork, async ({ caller, params, body }) => {
    if (body.dispositionId) {
      const disposition = office.catalogue.get(dispositionKind, body.dispositionId);
      if (!disposition || disposition.archived)
        throw invalid([{ field: "dispositionId", code: "unknown", message: "there is no such disposition" }]);
    }
    await contacts.setWork(caller, params.id, body);
    return {};
  });
  mountExport(parts);
  mountRecordings(parts);
}

function mayRead(caller: Caller): void {
  if (!caller.access.has("contacts.view") && !caller.access.has("contacts.view_own"))
    throw forbidden("contacts.view");
}

function mountExport(parts: Parts): void {
  const { http, contacts, office, audit } = parts;
  http.mount(api.contacts.export, async ({ caller, query, reply }) => {
    const filter = await filterOf(parts, caller, query ?? {});
    await audit.note({
      action: "contacts_exported",
      userId: caller.userId,
      address: caller.address,
      clientId: query?.clientId,
    });
    const dispositionName = (id: string): string => {
      const found = office.catalogue.get(dispositionKind, id)?.value;
      return found?.name ?? found?.code ?? "";
    };
    async function* lines(): AsyncGenerator<string> {
      yield csvHead();
      let cursor: string | undefined;
      for (let sent = 0; sent < EXPORT_LIMIT; sent += EXPORT_PAGE) {
        const page = await contacts.list(caller, filter, { cursor, limit: EXPORT_PAGE }, "contacts.export");
        yield page.items.map((contact) => csvLine(contact, dispositionName)).join("");
        if (page.nextCursor === null) return;
        cursor = page.nextCursor;
      }
    }
    await reply
      .type("text/csv; charset=utf-8")
      .header("content-disposition", 'attachment; filename="contacts.csv"')
      .header("cache-control", "private, no-store")
      .send(Readable.from(lines()));
    return undefined;
  });
}

function mountRecordings({ http, contacts, audit, recordingsFolder }: Parts): void {
  const playable = (recording: RecordingRow): string => {
    if (recording.state === "recording")
      throw new HttpError("The recording is still being made", { status: 409, code: "recording_unfinished" });
    if (recording.state !== "stored")
      throw new HttpError("The recording has been deleted or could not be made", {
        status: 404,
        code: "recording_gone",
      });
    return path.resolve(recordingPath(recordingsFolder, recording.storageKey));
  };

  http.mount(api.recordings.audio, async ({ caller, params, query, request, reply }) => {
    const download = query?.download === "true";
    const recording = await contacts.recording(
      caller,
      params.id,
      download ? "recordings.export" : "recordings.play",
    );
    const file = playable(recording);
    // a player asks for many ranges of one recording: the first is the listening
    if (download || !request.headers.range || /^bytes=0-/.test(request.headers.range))
      await audit.note({
        action: download ? "recording_exported" : "recording_played",
        userId: caller.userId,
        address: caller.address,
        clientId: recording.clientId,
        subjectId: recording.id,
      });
    await sendFile(request, reply, {
      path: file,
      type: "audio/wav",
      what: "recording",
      ...(download && { downloadAs: `recording-${recording.id}.wav` }),
    });
    return undefined;
  });
  http.mount(api.recordings.waveform, async ({ caller, params, query }) => {
    const recording = await contacts.recording(caller, params.id, "recordings.play");
    const file = playable(recording);
    if (!existsSync(file)) throw notFound("recording");
    const peaks = await waveformPeaks(file, query?.points ?? DEFAULT_POINTS);
    return { durationMs: peaks.durationMs, channels: peaks.channels.map((channel) => [...channel]) };
  });
}

/** Days are those of the client, else of the centre. */
type Wanted = Omit<ContactFilter, "search"> & { search?: string | undefined };

async function filterOf(parts: Parts, caller: Caller, query: Query): Promise<Wanted> {
  const { office } = parts;
  const { from, to, search, metric, counted, countedFrom, countedTo, ...rest } = query;
  if (metric !== undefined) return behindFigure(parts, caller, { ...query, metric });
  if (counted !== undefined || countedFrom !== undefined || countedTo !== undefined)
    return behindCount(parts, caller, query);
  const client = query.clientId === undefined ? undefined : office.catalogue.get(clientKind, query.clientId);
  const [centre] = office.catalogue.inUse(centreKind);
  const zone = client?.value.timeZone ?? centre?.value.timeZone ?? "UTC";
  return {
    ...rest,
    search: search || undefined,
    fromAt: from === undefined ? undefined : dayOf(from, zone).from,
    untilAt: to === undefined ? undefined : dayOf(to, zone).to,
  };
}

/** The contacts that a figure was made of, whatever queue they are in by now and whenever they began. */
async function behindFigure(
  { insight }: Parts,
  caller: Caller,
  query: Query & { readonly metric: FloorMetric },
): Promise<Wanted> {
  if (!caller.access.has("insight.view")) throw forbidden("insight.view");
  if (query.from === undefined)
    throw invalid([{ field: "query.from", code: "required", message: "the day of the figure" }]);
  const ids = await insight.contacts(floorView(caller.access, "insight.view"), {
    metric: query.metric,
    date: query.from,
    ...(query.queueId === undefined ? {} : { queueId: query.queueId }),
  });
  return { ids, search: query.search || undefined };
}

/** The contacts that a count of planning was made of, whatever became of them since. */
async function behindCount(parts: Parts, caller: Caller, query: Query): Promise<Wanted> {
  const { queueId, counted: count, countedFrom: from, countedTo: to } = query;
  if (queueId === undefined || count === undefined || from === undefined || to === undefined)
    throw invalid([
      {
        field: "query.counted",
        code: "required",
        message: "a count of planning is queueId, counted, countedFrom and countedTo together",
      },
    ]);
  return {
    ids: await parts.counted(caller, { queueId, count, from, to }),
    search: query.search || undefined,
  };
}
