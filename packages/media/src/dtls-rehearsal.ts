import { DtlsClient } from "werift";
import {
  DtlsAssociation,
  type DtlsIdentity,
  type DtlsKeys,
  HandshakeWork,
  makeDtlsIdentity,
} from "./dtls.ts";

/** Keys as both ends of a rehearsed handshake see them. */
export interface RehearsedKeys {
  readonly server: DtlsKeys;
  readonly client: { readonly localKey: Buffer; readonly remoteKey: Buffer };
  /** werift's timers have run out, half a second later. */
  readonly settled: Promise<unknown>;
}

/** A handshake of our server with werift's client, in memory. Rejects when it fails. */
export async function rehearseDtls(
  server?: DtlsIdentity,
  client?: DtlsIdentity,
  fingerprint?: string,
): Promise<RehearsedKeys> {
  const own = client ?? (await makeDtlsIdentity());
  const socket = {
    type: "udp",
    address: { address: "127.0.0.1", family: "IPv4", port: 0 },
    closed: false,
    onData: (_data: Buffer, _from: Readonly<[string, number]>): void => {},
    send: async (data: Buffer): Promise<void> => association.receive(data),
    close: async (): Promise<void> => {},
  };
  const association = new DtlsAssociation({
    identity: server ?? (await makeDtlsIdentity()),
    fingerprints: [{ algorithm: "sha-256", value: fingerprint ?? own.fingerprint }],
    send: (datagram) => queueMicrotask(() => socket.onData(datagram, ["", 0])),
  });
  const ends = new DtlsClient({
    cert: own.certPem,
    key: own.keyPem,
    signatureHash: own.signatureHash,
    transport: socket,
    srtpProfiles: [7, 1],
    extendedMasterSecret: true,
  });
  const work = new HandshakeWork(ends);
  const end = (): Promise<unknown> => {
    association.close();
    work.stop();
    return Promise.all([association.settled(), work.settled()]);
  };
  try {
    const keys = await new Promise<DtlsKeys>((resolve, reject) => {
      association.connected.on(resolve);
      association.failed.on(({ reason }) => reject(new Error(reason)));
      work.track(ends.connect()).catch(reject);
    });
    const { localKey, remoteKey } = ends.extractSessionKeys(keys.local.key.length, keys.local.salt.length);
    return { server: keys, client: { localKey, remoteKey }, settled: end() };
  } catch (error) {
    await end();
    throw error;
  }
}
