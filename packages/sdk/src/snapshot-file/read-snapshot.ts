import type { ClusterSnapshot, Issue } from "@kappa4/connectors";
import { configInvalid } from "../config/config-invalid.ts";
import { checkFile, parseJsonFile } from "./json-file.ts";
import { snapshotSchema } from "./snapshot-schema.ts";

/**
 * Reads the text of a `cluster-snapshot` file. `source` is what messages call it, mostly its path.
 * Throws `config_invalid` with the path of each problem: not JSON, another format or version, wrong types,
 * guests on nodes that are not there, ids given twice.
 */
export function readSnapshot(text: string, source: string): ClusterSnapshot {
  const value = parseJsonFile(text, source, {
    format: "cluster-snapshot",
    version: 1,
    advice: "write one with `kappa4 snapshot > cluster.json`",
  });
  const snapshot = checkFile(snapshotSchema, value, source);
  const issues = [
    ...repeatedNodes(snapshot),
    ...misplacedGuests(snapshot),
    ...strangeNodes(snapshot),
  ];
  if (issues.length > 0) throw configInvalid(source, issues);
  return snapshot;
}

function repeatedNodes({ nodes }: ClusterSnapshot): readonly Issue[] {
  const seen = new Set<string>();
  return nodes.flatMap(({ name }, index) => {
    if (!seen.has(name)) return seen.add(name) && [];
    return [
      { path: `nodes.${index}.name`, message: `a second node named ${name}; each name once` },
    ];
  });
}

function misplacedGuests({ nodes, guests }: ClusterSnapshot): readonly Issue[] {
  const names = new Set(nodes.map((node) => node.name));
  const seen = new Map<unknown, number>();
  const issues: Issue[] = [];
  for (const [index, guest] of guests.entries()) {
    const first = seen.get(guest.id);
    if (first === undefined) seen.set(guest.id, index);
    if (first !== undefined) {
      const message = `${guest.id} is already the id of guests.${first}; each id once`;
      issues.push({ path: `guests.${index}.id`, message });
    }
    if (!names.has(guest.node)) {
      const message = `there is no node ${guest.node}; add it to nodes, or correct the name`;
      issues.push({ path: `guests.${index}.node`, message });
    }
  }
  return issues;
}

/** An online node of no size would be full and empty at once. */
function strangeNodes({ nodes }: ClusterSnapshot): readonly Issue[] {
  return nodes.flatMap((node, index) => {
    if (node.status !== "online" || (node.memory.total > 0 && node.cpu.cores > 0)) return [];
    const field = node.memory.total > 0 ? "cpu.cores" : "memory.total";
    return [
      { path: `nodes.${index}.${field}`, message: "must be above 0 for a node that is online" },
    ];
  });
}
