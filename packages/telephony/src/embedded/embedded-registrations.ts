import { type Disposable, Disposables, type EndpointId, type Instant } from "@svara/kernel";
import type { Identity, Registrar } from "@svara/sip";
import type { SwitchEventBody } from "../switch.ts";
import type { Directory } from "./directory.ts";

interface Deps {
  readonly registrar: Registrar;
  readonly directory: Directory;
  emit(event: SwitchEventBody): void;
}

/** Which endpoints can be called: several registrations of one count as one that comes and goes (TE29). */
export class EmbeddedRegistrations implements Disposable {
  readonly #deps: Deps;
  readonly #registered = new Map<EndpointId, number>();
  readonly #open = new Disposables();

  constructor(deps: Deps) {
    this.#deps = deps;
    const { registrar, directory } = deps;
    this.#open.add(
      registrar.registered.on(({ binding, refreshed }) => this.#bound(binding.identity, refreshed)),
    );
    this.#open.add(
      registrar.unregistered.on(({ binding, reason }) =>
        this.#unbound(binding.identity, binding.user, reason),
      ),
    );
    this.#open.add(directory.changed.on(() => this.#dropUnknown()));
  }

  dispose(): void {
    this.#open.dispose();
  }

  isRegistered(endpointId: EndpointId): boolean {
    return (this.#registered.get(endpointId) ?? 0) > 0;
  }

  /** The newest registration of an endpoint, as people may see it. */
  bindingOf(
    endpointId: EndpointId,
  ): { contact: string; userAgent: string | undefined; expiresAt: Instant } | undefined {
    const user = this.#deps.directory.endpoint(endpointId)?.user;
    const binding = user === undefined ? undefined : this.#deps.registrar.bindings(user).at(-1);
    return (
      binding && {
        contact: `${binding.source.host}:${binding.source.port}`,
        userAgent: binding.userAgent,
        expiresAt: binding.expiresAt,
      }
    );
  }

  #bound(identity: Identity, refreshed: boolean): void {
    if (identity.kind !== "endpoint" || refreshed) return;
    const endpointId = identity.id as EndpointId;
    const before = this.#registered.get(endpointId) ?? 0;
    this.#registered.set(endpointId, before + 1);
    if (before === 0) this.#deps.emit({ type: "endpoint.registered", endpointId });
  }

  #unbound(
    identity: Identity,
    user: string,
    reason: "expired" | "removed" | "socket_closed" | "replaced",
  ): void {
    if (identity.kind !== "endpoint") return;
    const endpointId = identity.id as EndpointId;
    const left = this.#deps.registrar.bindings(user).length;
    this.#registered.set(endpointId, left);
    if (left > 0) return;
    this.#registered.delete(endpointId);
    const why = reason === "socket_closed" ? "connection_lost" : reason === "expired" ? "expired" : "removed";
    this.#deps.emit({ type: "endpoint.unregistered", endpointId, reason: why });
  }

  /** Phones and browsers that the directory no longer knows are no longer called. */
  #dropUnknown(): void {
    const { registrar, directory } = this.#deps;
    for (const { identity, user } of [...registrar.all()]) {
      if (identity.kind !== "endpoint") continue;
      if (directory.endpoint(identity.id as EndpointId)?.user !== user) registrar.removeAll(user);
    }
  }
}
