import { createHash } from "node:crypto";
import { type Call, needs, type Operation } from "../api/operation.ts";
import { configId, digest, flag, integer, nodeName, oneOf, optional, text } from "../api/schema.ts";
import { failure, parameterError } from "../errors.ts";
import { motionOf } from "../ha/motion.ts";
import { queueMove } from "../ha/requests.ts";
import { createResource, type HaResource, type RequestedState } from "../ha/stack.ts";
import type { Cluster } from "../state/cluster.ts";
import type { Row } from "./rows.ts";

const AUDIT = needs("/", "Sys.Audit");
const CONSOLE = needs("/", "Sys.Console");
const STATES = ["started", "stopped", "enabled", "disabled", "ignored"] as const;

const settings = {
  state: optional(oneOf(...STATES)),
  max_restart: optional(integer(0)),
  max_relocate: optional(integer(0)),
  comment: optional({ ...text, maxLength: 4096 }),
};
const group = { group: optional(configId) };
const failback = { failback: optional(flag) };

/** The guests that the HA manager looks after, and moving them. */
export const haResourceOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/cluster/ha/resources",
    permission: AUDIT,
    named: { type: optional(oneOf("vm", "ct")) },
    run: (call) =>
      [...call.cluster.ha.resources.values()]
        .filter((r) => call.find("type") === undefined || r.sid.startsWith(`${call.text("type")}:`))
        .map((resource) => resourceRow(call, resource)),
  },
  {
    method: "GET",
    path: "/cluster/ha/resources/{sid}",
    permission: AUDIT,
    named: { sid: text },
    run: (call) => resourceRow(call, resourceOf(call)),
  },
  ...writes(undefined, "9.0", group),
  ...writes("9.0", undefined, failback),
  {
    method: "DELETE",
    path: "/cluster/ha/resources/{sid}",
    permission: CONSOLE,
    named: { sid: text, purge: optional(flag) },
    run: (call) => remove(call),
  },
  ...(["migrate", "relocate"] as const).map(
    (verb): Operation => ({
      method: "POST",
      path: `/cluster/ha/resources/{sid}/${verb}`,
      permission: CONSOLE,
      named: { sid: text, node: nodeName },
      run: (call) => move(call, verb),
    }),
  ),
];

function writes(
  since: string | undefined,
  until: string | undefined,
  extra: Operation["named"],
): readonly Operation[] {
  const common = { permission: CONSOLE, since, until };
  return [
    {
      ...common,
      method: "POST",
      path: "/cluster/ha/resources",
      named: { sid: text, type: optional(oneOf("vm", "ct")), ...settings, ...extra },
      run: (call) => create(call),
    },
    {
      ...common,
      method: "PUT",
      path: "/cluster/ha/resources/{sid}",
      named: { sid: text, ...settings, ...extra, digest: optional(digest), delete: optional(text) },
      run: (call) => update(call),
    },
  ];
}

/** Takes a guest out of HA and out of every rule that names it. */
export function forgetService(cluster: Cluster, sid: string): void {
  cluster.ha.resources.delete(sid);
  for (const [name, rule] of cluster.ha.rules) {
    rule.resources = rule.resources.filter((member) => member !== sid);
    if (rule.resources.length === 0) cluster.ha.rules.delete(name);
  }
}

function resourceRow(call: Call, resource: HaResource): Row {
  return {
    sid: resource.sid,
    type: resource.sid.slice(0, 2),
    state: resource.requested,
    max_restart: resource.maxRestart,
    max_relocate: resource.maxRelocate,
    ...(call.version.atLeast("9.0") ? { failback: resource.failback ? 1 : 0 } : {}),
    ...(resource.group === undefined ? {} : { group: resource.group }),
    ...(resource.comment === undefined ? {} : { comment: resource.comment }),
    digest: digestOfResources(call.cluster),
  };
}

function create(call: Call): null {
  const { cluster } = call;
  const vmid = vmidOf(call.text("sid"));
  const guest = cluster.guests.get(vmid);
  if (!guest) throw failure(`unable to find resource '${call.text("sid")}'`);
  const sid = `${guest.kind === "lxc" ? "ct" : "vm"}:${vmid}`;
  if (cluster.ha.resources.has(sid)) throw failure(`resource ID '${sid}' already defined`);
  const resource = createResource(sid, guest.node, "started");
  apply(call, resource);
  cluster.ha.resources.set(sid, resource);
  return null;
}

function update(call: Call): null {
  const resource = resourceOf(call);
  const given = call.find("digest");
  if (given !== undefined && given !== digestOfResources(call.cluster)) {
    throw failure("detected modified configuration - file changed by other user? Try again.");
  }
  apply(call, resource);
  for (const name of call.find("delete")?.split(/[,; ]+/) ?? []) {
    if (name === "comment") resource.comment = undefined;
    if (name === "group") resource.group = undefined;
  }
  return null;
}

function apply(call: Call, resource: HaResource): void {
  const state = call.find("state");
  if (state !== undefined) resource.requested = requested(state);
  resource.maxRestart = call.number("max_restart", resource.maxRestart);
  resource.maxRelocate = call.number("max_relocate", resource.maxRelocate);
  resource.comment = call.find("comment") ?? resource.comment;
  if (call.values.has("failback")) resource.failback = call.flag("failback");
  const name = call.find("group");
  if (name === undefined) return;
  if (!call.cluster.ha.groups.has(name)) {
    throw parameterError({ group: `ha group '${name}' does not exist` });
  }
  resource.group = name;
}

function requested(state: string): RequestedState {
  if (state === "stopped" || state === "disabled" || state === "ignored") return state;
  return "started";
}

function remove(call: Call): null {
  const { sid } = resourceOf(call);
  if (call.flag("purge")) forgetService(call.cluster, sid);
  else call.cluster.ha.resources.delete(sid);
  return null;
}

function move(call: Call, verb: "migrate" | "relocate"): Row | null {
  const { cluster } = call;
  const { sid } = resourceOf(call);
  const node = call.text("node");
  const { dependent, blocking } = motionOf(cluster, sid, node);
  queueMove(cluster, verb, sid, node);
  if (!call.version.atLeast("9.0")) return null;
  return {
    sid,
    "requested-node": node,
    ...(dependent.length > 0 ? { "comigrated-resources": dependent } : {}),
    ...(blocking.length > 0 ? { "blocking-resources": blocking } : {}),
  };
}

function resourceOf(call: Call): HaResource {
  const { resources } = call.cluster.ha;
  const id = vmidOf(call.text("sid"));
  const resource = resources.get(`vm:${id}`) ?? resources.get(`ct:${id}`);
  if (!resource) throw failure(`no such resource '${call.text("sid")}'`);
  return resource;
}

function vmidOf(sid: string): number {
  const match = /^(?:(?:vm|ct):)?(\d+)$/.exec(sid);
  if (match) return Number(match[1]);
  throw parameterError({
    sid: `invalid format - value does not look like a valid ha resource id\n`,
  });
}

function digestOfResources(cluster: Cluster): string {
  const text = JSON.stringify(
    [...cluster.ha.resources.values()].map((r) => [r.sid, r.requested, r.comment, r.group]),
  );
  return createHash("sha1").update(text).digest("hex");
}
