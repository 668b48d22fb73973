import type { CallOptions, MissingAccess } from "../../contract/capabilities.ts";
import type { ProxmoxContext } from "./context.ts";
import { permissionsPayload } from "./payloads.ts";

const NEEDED: readonly MissingAccess[] = [
  {
    privilege: "Sys.Audit",
    path: "/",
    reason: "The load of nodes, HA rules and maintenance cannot be seen.",
  },
  {
    privilege: "VM.Audit",
    path: "/vms",
    reason: "Guests cannot be seen, so their load would count as the nodes' own.",
  },
  {
    privilege: "VM.Migrate",
    path: "/vms",
    reason: "Guests cannot be moved.",
  },
  {
    privilege: "Datastore.Audit",
    path: "/storage",
    reason: "Storages cannot be seen, so nobody can tell which node reaches a guest's disks.",
  },
];

/** Compares what the credentials may do with what balancing needs. */
export async function checkAccess(
  { api }: ProxmoxContext,
  options: CallOptions = {},
): Promise<readonly MissingAccess[]> {
  const info = { operation: "check access", signal: options.signal };
  const granted = await api.get("/access/permissions", permissionsPayload, info);
  return NEEDED.flatMap((need) => {
    // Only a privilege that reaches down helps with what is below its path.
    const isHeld = [need.path, "/"].some((path) => granted[path]?.[need.privilege] === true);
    if (isHeld) return [];
    const elsewhere = Object.entries(granted)
      .filter(([, privileges]) => need.privilege in privileges)
      .map(([path]) => path)
      .sort();
    const partly = elsewhere.length === 0 ? "" : ` It is there on ${list(elsewhere)} only.`;
    return [{ ...need, reason: `${need.reason}${partly}` }];
  });
}

function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more paths` : shown;
}
