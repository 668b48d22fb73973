import { type BadInput, DRY, FILE, set, small, snapshot } from "./case.ts";

/** Snapshot and plan files that cannot work. */
export const files: readonly BadInput[] = [
  {
    name: "a snapshot that is not there",
    words: FILE,
    says: ["--snapshot: s.json does not exist; check the path"],
  },
  {
    name: "a folder as snapshot",
    words: `${DRY} --snapshot .`,
    says: ["--snapshot: . is a folder, not a file"],
  },
  {
    name: "an empty snapshot",
    words: FILE,
    files: { "s.json": "" },
    says: ["s.json: is empty; write one with `kappa4 snapshot > cluster.json`"],
  },
  { name: "nothing on stdin", words: `${DRY} --snapshot -`, stdin: "", says: ["is empty"] },
  {
    name: "YAML as snapshot",
    words: FILE,
    files: { "s.json": "format: cluster-snapshot" },
    says: ["is not JSON; write one with"],
  },
  {
    name: "a snapshot that is cut off",
    words: FILE,
    files: { "s.json": small.slice(0, 2000) },
    says: [/s\.json:\d+:\d+: ends in the middle; the file is cut off/],
  },
  {
    name: "a stray comma",
    words: FILE,
    files: { "s.json": '{\n "format": 1,\n}' },
    says: ["s.json:3:1: is not JSON"],
  },
  { name: "binary", words: FILE, files: { "s.json": "\u0000\u0001PK" }, says: ["is not JSON"] },
  {
    name: "a list",
    words: FILE,
    files: { "s.json": "[]" },
    says: ['format: is not a cluster snapshot: "format" must be "cluster-snapshot"'],
  },
  {
    name: "another version",
    words: FILE,
    files: snapshot(set("version", 9)),
    says: ["version: must be 1"],
  },
  {
    name: "a plan as snapshot",
    words: FILE,
    files: { "s.json": '{"format":"rebalance-plan","version":1}' },
    says: ["is a plan, not a cluster snapshot; give it to apply with --plan"],
  },
  {
    name: "a history as snapshot",
    words: FILE,
    files: { "s.json": '{"format":"rebalance-history","version":1}' },
    says: ["is a history of moves; give it with --history"],
  },
  {
    name: "a plan as history",
    words: `${FILE} --history h.json`,
    files: { ...snapshot(set("version", 1)), "h.json": '{"format":"rebalance-plan","version":1}' },
    says: ["h.json: format: is a plan"],
  },
  {
    name: "a history without times",
    words: `${FILE} --history h.json`,
    files: {
      ...snapshot(set("version", 1)),
      "h.json":
        '{"format":"rebalance-history","version":1,"plans":1,"moves":[{"guest":100,"from":"a","to":"b","at":"noon","plan":1,"reasons":[]}]}',
    },
    says: ["moves.0.at"],
  },
  {
    name: "no nodes",
    words: FILE,
    files: snapshot(set("nodes", [])),
    says: ["nodes: must be a list of at least 1"],
  },
  {
    name: "memory as text",
    words: FILE,
    files: snapshot(set("guests.0.memory.used", "6 GB")),
    says: ['guests.0.memory.used: must be a number, not "6 GB"'],
  },
  {
    name: "negative memory",
    words: FILE,
    files: snapshot(set("nodes.1.memory.used", -1)),
    says: ["nodes.1.memory.used: must be at least 0, not -1"],
  },
  {
    name: "a number beyond all numbers",
    words: FILE,
    files: { "s.json": small.replace('"cores": 16', '"cores": 1e999') },
    says: ["nodes.0.cpu.cores: must be a number"],
  },
  {
    name: "no load",
    words: FILE,
    files: snapshot(set("guests.2.cpu", undefined)),
    says: ["guests.2.cpu: missing; give a map"],
  },
  {
    name: "a guest on a node that is not there",
    words: FILE,
    files: snapshot(set("guests.3.node", "pve9")),
    says: ["guests.3.node: there is no node pve9; add it to nodes"],
  },
  {
    name: "an id twice",
    words: FILE,
    files: snapshot(set("guests.1.id", 101)),
    says: ["guests.1.id: 101 is already the id of guests.0"],
  },
  {
    name: "a node twice",
    words: FILE,
    files: snapshot(set("nodes.1.name", "pve1")),
    problems: 5,
    says: ["nodes.1.name: a second node named pve1"],
  },
  {
    name: "an unknown status",
    words: FILE,
    files: snapshot(set("guests.0.status", "asleep")),
    says: ['guests.0.status: must be one of running, stopped, paused or unknown, not "asleep"'],
  },
  {
    name: "a rule of no kind",
    words: FILE,
    files: snapshot(set("rules", [{ id: "x", kind: "near", guests: [101] }])),
    says: ["rules.0.kind: must be one of together, apart, pin or ignore"],
  },
  {
    name: "a plan that is not there",
    words: "rebalance apply --yes --plan p.json",
    says: ["--plan: p.json does not exist"],
  },
  {
    name: "a snapshot as plan",
    words: "rebalance apply --yes --plan p.json",
    files: { "p.json": small },
    says: ["is a cluster snapshot, not a plan; give it with --snapshot"],
  },
  {
    name: "a plan without moves",
    words: "rebalance apply --yes --plan p.json",
    files: { "p.json": '{"format":"rebalance-plan","version":1}' },
    problems: 14,
    says: ["moves: missing; give a list"],
  },
];
