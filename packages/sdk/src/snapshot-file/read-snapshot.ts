import type { ClusterSnapshot, Issue } from "@kappa4/connectors";
import { configInvalid } from "../config/config-invalid.ts";
import { checkFile, parseJsonFile } from "./json-file.ts";
import { snapshotSchema } from "./snapshot-schema.ts";

const SMALLEST_MEMORY = 2 ** 20;
const SMALLEST_CORES = 0.1;

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

/** A node of almost no size is full and empty at once; mostly somebody wrote gigabytes where bytes belong. */
function strangeNodes({ nodes }: ClusterSnapshot): readonly Issue[] {
  return nodes.flatMap(({ status, memory, cpu }, index) => {
    if (status !== "online") return [];
    const path = `nodes.${index}`;
    if (memory.total < SMALLEST_MEMORY) {
      const message = "must be at least 1 MiB for a node that is online; sizes are in bytes";
      return [{ path: `${path}.memory.total`, message }];
    }
    if (cpu.cores >= SMALLEST_CORES) return [];
    const message = `must be at least ${SMALLEST_CORES} for a node that is online`;
    return [{ path: `${path}.cpu.cores`, message }];
  });
}
