import { type ErrorInfo, SvaraError } from "@svara/kernel";

/** The catalogue: HTTP and SIP status and whether trying again may help. */
const catalogue = {
  "media.bad_sdp": { httpStatus: 400, sipStatus: 400, retryable: false },
  "media.no_common_codec": { httpStatus: 422, sipStatus: 488, retryable: false },
  "media.unsupported_sdp": { httpStatus: 422, sipStatus: 488, retryable: false },
  "media.no_ports": { httpStatus: 503, sipStatus: 503, retryable: true },
  "media.unknown_leg": { httpStatus: 404, sipStatus: 481, retryable: false },
  "media.unknown_bridge": { httpStatus: 404, sipStatus: 500, retryable: false },
  "media.unknown_recording": { httpStatus: 404, sipStatus: 500, retryable: false },
  "media.wrong_state": { httpStatus: 409, sipStatus: 491, retryable: true },
  "media.bad_command": { httpStatus: 400, sipStatus: 500, retryable: false },
  "media.prompt_unreadable": { httpStatus: 422, sipStatus: 500, retryable: false },
  "media.recording_failed": { httpStatus: 507, sipStatus: 500, retryable: true },
  "media.host_closed": { httpStatus: 503, sipStatus: 503, retryable: true },
  "media.internal": { httpStatus: 500, sipStatus: 500, retryable: false },
} as const;

/** Every code an error of this package can have. */
export type MediaErrorCode = keyof typeof catalogue;

/** An error of the media layer; `code` decides the HTTP and SIP status. */
export class MediaError extends SvaraError {
  override readonly name = "MediaError";

  constructor(code: MediaErrorCode, message: string, info: Pick<ErrorInfo, "cause" | "field"> = {}) {
    super(message, { code, ...catalogue[code], ...info });
  }
}

/** An error as it crosses between threads. */
export interface WireError {
  readonly code: string;
  readonly message: string;
}

export function toWireError(error: unknown): WireError {
  if (error instanceof SvaraError) return { code: error.code, message: error.message };
  return { code: "media.internal", message: error instanceof Error ? error.message : String(error) };
}

export function fromWireError(wire: WireError): MediaError {
  const code = wire.code in catalogue ? (wire.code as MediaErrorCode) : "media.internal";
  return new MediaError(code, wire.message);
}
