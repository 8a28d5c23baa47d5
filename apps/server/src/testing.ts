/** For benchmarks: a signed-in user of the API without a browser, and the ledger without the rest of the server. */
export { Ledger, openDatabase, silentLog } from "./database/index.ts";
export { firstRun, type HttpSession, signIn } from "./demo/http-session.ts";
