import { anyUser, type Call, needs, type Operation } from "../api/operation.ts";
import { count, optional, text, vmid } from "../api/schema.ts";
import { parameterError } from "../errors.ts";
import type { Row } from "./rows.ts";

const FIRST_ID = 100;
const OPTIONS = [
  "bwlimit",
  "console",
  "crs",
  "description",
  "email_from",
  "ha",
  "keyboard",
  "language",
  "mac_prefix",
  "max_workers",
  "migration",
  "next-id",
  "registered-tags",
  "tag-style",
];

/** Settings and odds and ends of the whole cluster. */
export const datacenterOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/cluster/options",
    permission: anyUser,
    named: {},
    run: (call) => options(call),
  },
  {
    method: "PUT",
    path: "/cluster/options",
    permission: needs("/", "Sys.Modify"),
    named: {
      ...Object.fromEntries(OPTIONS.map((name) => [name, optional(text)])),
      delete: optional(text),
    },
    run: (call) => setOptions(call),
  },
  {
    method: "GET",
    path: "/cluster/nextid",
    permission: anyUser,
    named: { vmid: optional(vmid) },
    run: (call) => nextId(call),
  },
  {
    method: "GET",
    path: "/cluster/log",
    permission: anyUser,
    named: { max: optional(count) },
    run: () => [],
  },
  {
    method: "GET",
    path: "/cluster",
    permission: anyUser,
    named: {},
    run: () =>
      ["ha", "log", "nextid", "options", "resources", "status", "tasks"].map((name) => ({ name })),
  },
  {
    method: "GET",
    path: "/cluster/replication",
    permission: anyUser,
    named: {},
    run: () => [],
  },
  {
    method: "GET",
    path: "/storage",
    permission: anyUser,
    named: { type: optional(text) },
    run: (call) => storages(call),
  },
];

function options(call: Call): Row {
  const all = Object.fromEntries(call.cluster.options);
  if (call.may("/", "Sys.Audit")) return all;
  const visible = ["console", "tag-style", "registered-tags"];
  return Object.fromEntries(Object.entries(all).filter(([name]) => visible.includes(name)));
}

function setOptions(call: Call): null {
  for (const [name, value] of call.values) {
    if (name !== "delete") call.cluster.options.set(name, String(value));
  }
  for (const name of call.find("delete")?.split(/[,; ]+/) ?? []) call.cluster.options.delete(name);
  return null;
}

// A free id, as text; it reserves nothing.
function nextId(call: Call): string {
  const { guests } = call.cluster;
  if (call.values.has("vmid")) {
    const id = call.number("vmid");
    if (guests.has(id)) throw parameterError({ vmid: `VM ${id} already exists` });
    return String(id);
  }
  let id = FIRST_ID;
  while (guests.has(id)) id += 1;
  return String(id);
}

function storages(call: Call): readonly Row[] {
  const type = call.find("type");
  return [...call.cluster.storages.values()]
    .filter((storage) => type === undefined || storage.type === type)
    .filter(
      (storage) =>
        call.may(`/storage/${storage.id}`, "Datastore.Audit") ||
        call.may(`/storage/${storage.id}`, "Datastore.AllocateSpace"),
    )
    .map((storage) => ({
      storage: storage.id,
      type: storage.type,
      content: storage.content.join(","),
      shared: storage.shared ? 1 : 0,
      ...(storage.nodes ? { nodes: [...storage.nodes].join(",") } : {}),
      digest: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    }));
}
