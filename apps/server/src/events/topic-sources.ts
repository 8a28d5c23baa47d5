import type { TopicName } from "@svara/contracts";
import { type Disposable, unreachable } from "@svara/kernel";
import { deskAgentOf } from "../desk/desk-routes.ts";
import { floorView } from "../floor/floor-view.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import type { Caller } from "../rights/access.ts";

/** A subscription's source: the whole now, and each change from before that reading on. */
export interface OpenTopic extends Disposable {
  read(): Promise<unknown>;
}

export interface TopicParts {
  readonly live: LiveService;
  readonly office: Office;
}

/** Opens a topic for a caller who may read it; `push` gets each change. @throws HttpError 403 */
export function openTopic(
  parts: TopicParts,
  topic: TopicName,
  caller: Caller,
  push: (delta: unknown) => void,
): OpenTopic {
  switch (topic) {
    case "desk": {
      const agent = deskAgentOf(caller);
      const watch = parts.live.desk.watch(agent.agentId, push);
      return { read: async () => parts.live.desk.state(agent), dispose: () => watch.dispose() };
    }
    case "floor": {
      const view = floorView(caller.access, "floor.view");
      const watch = parts.live.floor.watch(view, push);
      return { read: async () => parts.live.floor.state(view), dispose: () => watch.dispose() };
    }
    case "config": {
      const watch = parts.office.changed.on(({ kind, id, revision }) =>
        push({ revision, changes: [{ kind, id, revision }] }),
      );
      return { read: async () => ({ revision: parts.office.revision }), dispose: () => watch.dispose() };
    }
    default:
      return unreachable(topic);
  }
}
