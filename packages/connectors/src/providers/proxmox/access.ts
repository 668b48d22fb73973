import type { CallOptions, MissingAccess } from "../../contract/capabilities.ts";
import type { ProxmoxContext } from "./context.ts";
import { permissionsPayload } from "./payloads.ts";

const NEEDED: readonly MissingAccess[] = [
  {
    privilege: "Sys.Audit",
    path: "/",
    reason: "HA rules, maintenance and the cluster's options cannot be seen.",
  },
  {
    privilege: "Sys.Audit",
    path: "/nodes",
    reason: "The load of nodes cannot be seen.",
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
  {
    privilege: "Pool.Audit",
    path: "/pool",
    reason: "Pools cannot be seen, so rules for a pool would reach no guest.",
  },
];

type Granted = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

/** Compares what the credentials may do with what balancing needs. */
export async function checkAccess(
  { api }: ProxmoxContext,
  options: CallOptions = {},
): Promise<readonly MissingAccess[]> {
  const info = { operation: "check access", signal: options.signal };
  const granted = await api.get("/access/permissions", permissionsPayload, info);
  const checked = NEEDED.map(async (need) => {
    // What is granted on a path replaces what comes from above, so each path is judged by itself.
    const here =
      granted[need.path] ??
      (await api.get("/access/permissions", permissionsPayload, info, { path: need.path }))[
        need.path
      ];
    return judge(need, here?.[need.privilege], granted);
  });
  return (await Promise.all(checked)).flat();
}

function judge(
  need: MissingAccess,
  held: boolean | undefined,
  granted: Granted,
): readonly MissingAccess[] {
  const { path, privilege, reason } = need;
  // Only a privilege that reaches down helps with what is below its path.
  if (held === undefined || (!held && path !== "/")) {
    const elsewhere = pathsOf(granted, (privileges) => privilege in privileges);
    const partly = elsewhere.length === 0 ? "" : ` It is there on ${list(elsewhere)} only.`;
    return [{ ...need, reason: `${reason}${partly}` }];
  }
  if (path === "/") return [];
  const below = pathsOf(granted, (privileges) => !(privilege in privileges)).filter((other) =>
    other.startsWith(`${path}/`),
  );
  const [first] = below;
  if (first === undefined) return [];
  const why = `Another role on ${list(below)} takes the privilege away there.`;
  return [{ privilege, path: first, reason: `${reason} ${why}` }];
}

function pathsOf(
  granted: Granted,
  fits: (privileges: Readonly<Record<string, boolean>>) => boolean,
): readonly string[] {
  const fitting = Object.entries(granted).filter(([, privileges]) => fits(privileges));
  return fitting.map(([path]) => path).sort();
}

function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more paths` : shown;
}
