/** The server's package, loaded only by commands that work on it: help and usage errors stay quick. */
export function loadServer(): Promise<typeof import("@svara/server")> {
  return import("@svara/server");
}
