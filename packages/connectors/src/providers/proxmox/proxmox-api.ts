import type { Proxmox } from "proxmox-api";
import { Kappa4Error } from "../../contract/errors.ts";
import { type Method, pathSegment } from "./api.ts";
import type { ProxmoxConnector } from "./index.ts";

/**
 * Gives the typed tree of the npm package `proxmox-api` over a connector, with the connector's login, retries,
 * failover, TLS and errors. Only the package's types are used; install it beside Kappa4 to have them.
 *
 * @example
 * const api = asProxmoxApi(connector);
 * const nodes = await api.nodes.$get();
 * await api.nodes.$("pve1").qemu.$(100).migrate.$post({ target: "pve2", online: true });
 */
export function asProxmoxApi(connector: ProxmoxConnector): Proxmox.Api {
  // The tree has some six hundred branches and no shape at run time: it answers to every name.
  return branch(connector, "") as Proxmox.Api;
}

const METHODS: Readonly<Record<string, Method>> = {
  $get: "GET",
  $post: "POST",
  $put: "PUT",
  $delete: "DELETE",
};

function branch(connector: ProxmoxConnector, path: string): unknown {
  return new Proxy(Object.freeze({}), {
    get(_, key) {
      // Without this, awaiting a branch would call it as a promise.
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      if (key === "$") {
        return (id: string | number) => branch(connector, `${path}/${pathSegment(id)}`);
      }
      const method = METHODS[key];
      if (method !== undefined) {
        return (parameters?: Readonly<Record<string, unknown>>) =>
          connector.native.request(method, path, parameters);
      }
      // A name that is no identifier is written with an underscore before it.
      return branch(connector, `${path}/${pathSegment(key.replace(/^_/, ""))}`);
    },
    set() {
      throw new Kappa4Error(
        "invalid_argument",
        "The tree of the API cannot be written to; call $put or $post.",
      );
    },
  });
}
