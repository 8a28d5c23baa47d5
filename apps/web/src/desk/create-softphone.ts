import { type ApiClient, api, type Softphone as SoftphoneAccess } from "@svara/contracts";
import type { Clock, Disposable, Ids } from "@svara/kernel";
import { socketUrl } from "../live/browser-socket.ts";
import type { EventSocket } from "../live/event-socket.ts";
import { AudioSpeaker } from "../softphone/audio-speaker.ts";
import { BrowserMicrophone } from "../softphone/browser-microphone.ts";
import { BrowserTabClaim } from "../softphone/browser-tab-claim.ts";
import { JsSipLine } from "../softphone/jssip-line.ts";
import { Softphone } from "../softphone/softphone.ts";
import { WebAudioRinger } from "../softphone/web-audio-ringer.ts";
import { DeskTabClaim } from "./desk-tab-claim.ts";
import { tabIdOf } from "./tab-id.ts";

/** Builds the softphone of the signed-in agent from the browser's parts. */
export function createSoftphone(options: {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly client: ApiClient;
  readonly events: EventSocket;
  readonly userId: string;
}): { readonly softphone: Softphone; readonly ringer: WebAudioRinger } {
  const { clock, ids, client, events } = options;
  const ringer = new WebAudioRinger(clock);
  const speaker = new AudioSpeaker();
  const tabId = tabIdOf(ids);
  let access: SoftphoneAccess | undefined;
  const claim = new DeskTabClaim({
    tabId,
    local: new BrowserTabClaim(`svara-softphone-${options.userId}`),
    ask: (takeOver) => client.call(api.desk.claimSoftphone, { body: { tabId, takeOver } }),
    watchOwner: (listener) => watchOwner(events, listener),
    granted: (softphone) => {
      access = softphone;
    },
  });
  const softphone = new Softphone({
    clock,
    secureContext: window.isSecureContext,
    claim,
    microphone: new BrowserMicrophone(),
    ringer,
    openLine: () => {
      if (!access) throw new Error("a line before its claim");
      return new JsSipLine({
        url: socketUrl(access.wsPath),
        uri: access.sipUri,
        displayName: access.displayName,
        iceServers: (access.iceServers ?? []).map(({ urls, username, credential }) => ({
          urls,
          ...(username === undefined ? {} : { username }),
          ...(credential === undefined ? {} : { credential }),
        })),
        speaker,
      });
    },
    reportMicrophone: (report) => {
      const body = report === "ok" ? { ok: true } : { ok: false, reason: report };
      client.call(api.desk.reportMicrophone, { body }).catch(() => undefined); // told again at the next change
    },
  });
  return { softphone, ringer };
}

function watchOwner(events: EventSocket, listener: (tabId: string | undefined) => void): Disposable {
  const tell = (): void => {
    const view = events.view("desk");
    if (view.data && !view.stale) listener(view.data.device.ownerTabId);
  };
  const subscription = events.subscribe("desk", tell);
  tell();
  return subscription;
}
