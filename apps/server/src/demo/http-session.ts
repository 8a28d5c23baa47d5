import { type ApiClient, api, createApiClient, type Session } from "@svara/contracts";

/** A signed-in user of the HTTP API outside a browser: keeps the session's cookie. */
export interface HttpSession extends ApiClient {
  readonly session: Session;
  readonly cookie: string;
}

/** Signs in as `username`. @throws ApiError */
export async function signIn(baseUrl: string, username: string, password: string): Promise<HttpSession> {
  return openSession(baseUrl, (client) => client.call(api.identity.signIn, { body: { username, password } }));
}

/** Creates the first administrator with the token of the first-run link, signed in. @throws ApiError */
export async function firstRun(
  baseUrl: string,
  admin: Parameters<typeof createFirst>[1],
): Promise<HttpSession> {
  return openSession(baseUrl, (client) => createFirst(client, admin));
}

function createFirst(
  client: ApiClient,
  admin: {
    readonly token: string;
    readonly username: string;
    readonly displayName: string;
    readonly password: string;
    readonly language: "en" | "ru" | "uk" | "sv";
    readonly centreName?: string;
    readonly timeZone?: string;
    readonly country?: string;
  },
): Promise<Session> {
  return client.call(api.identity.firstRun, { body: admin });
}

async function openSession(
  baseUrl: string,
  enter: (client: ApiClient) => Promise<Session>,
): Promise<HttpSession> {
  let cookie = "";
  let session: Session | undefined;
  const client = createApiClient({
    baseUrl,
    csrf: () => session?.csrf,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      if (cookie) headers.set("cookie", cookie);
      headers.set("origin", baseUrl);
      const response = await fetch(input, { ...init, headers });
      const set = response.headers.getSetCookie().map((line) => line.split(";")[0]);
      if (set.length > 0) cookie = set.join("; ");
      return response;
    },
  });
  session = await enter(client);
  return { ...client, session, cookie };
}
