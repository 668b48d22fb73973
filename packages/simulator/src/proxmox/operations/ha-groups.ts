import { createHash } from "node:crypto";
import { type Call, needs, type Operation } from "../api/operation.ts";
import { configId, flag, optional, text } from "../api/schema.ts";
import { failure } from "../errors.ts";
import { nodesText, parseNodes } from "../ha/node-list.ts";
import type { HaGroup } from "../ha/stack.ts";
import type { Row } from "./rows.ts";

const AUDIT = needs("/", "Sys.Audit");
const CONSOLE = needs("/", "Sys.Console");

/** HA groups of version 8. */
export const haGroupOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/cluster/ha/groups",
    permission: AUDIT,
    until: "9.0",
    named: {},
    run: (call) => [...call.cluster.ha.groups.values()].map(groupRow),
  },
  {
    method: "GET",
    path: "/cluster/ha/groups/{group}",
    permission: AUDIT,
    until: "9.0",
    named: { group: configId },
    run: (call) => {
      const group = call.cluster.ha.groups.get(call.text("group"));
      if (!group) throw failure(`no such ha group '${call.text("group")}'`);
      return groupRow(group);
    },
  },
  {
    method: "POST",
    path: "/cluster/ha/groups",
    permission: CONSOLE,
    until: "9.0",
    named: {
      group: configId,
      nodes: text,
      restricted: optional(flag),
      nofailback: optional(flag),
      comment: optional(text),
      type: optional(text),
    },
    run: (call) => createGroup(call),
  },
  {
    method: "DELETE",
    path: "/cluster/ha/groups/{group}",
    permission: CONSOLE,
    until: "9.0",
    named: { group: configId },
    run: (call) => {
      call.cluster.ha.groups.delete(call.text("group"));
      return null;
    },
  },
  ...migratedGroups(),
];

// Once the groups were turned into rules every call about them fails.
function migratedGroups(): readonly Operation[] {
  const refuse = (verb: string) => (): never => {
    throw failure(`cannot ${verb}: ha groups have been migrated to rules`);
  };
  const common = { since: "9.0" } as const;
  return [
    {
      ...common,
      method: "GET",
      path: "/cluster/ha/groups",
      permission: AUDIT,
      named: {},
      run: refuse("index groups"),
    },
    {
      ...common,
      method: "GET",
      path: "/cluster/ha/groups/{group}",
      permission: AUDIT,
      named: { group: configId },
      run: refuse("read group"),
    },
    {
      ...common,
      method: "POST",
      path: "/cluster/ha/groups",
      permission: CONSOLE,
      named: { group: configId, nodes: text },
      run: refuse("create group"),
    },
  ];
}

function createGroup(call: Call): null {
  const group = call.text("group");
  if (call.cluster.ha.groups.has(group)) throw failure(`ha group '${group}' already defined`);
  call.cluster.ha.groups.set(group, {
    group,
    nodes: parseNodes(call.text("nodes")),
    restricted: call.flag("restricted"),
    nofailback: call.flag("nofailback"),
    comment: call.find("comment"),
  });
  return null;
}

function groupRow(group: HaGroup): Row {
  return {
    group: group.group,
    type: "group",
    nodes: nodesText(group.nodes),
    restricted: group.restricted ? 1 : 0,
    nofailback: group.nofailback ? 1 : 0,
    ...(group.comment === undefined ? {} : { comment: group.comment }),
    digest: createHash("sha1")
      .update(JSON.stringify([group.group, nodesText(group.nodes)]))
      .digest("hex"),
  };
}
