import type { ConformanceFault } from "../../../src/testing/index.ts";

// The state behind a stand-in for the parts of LXD's and Incus' API that differ from what one expects: both shapes of a wait,
// operations that are forgotten, moves that stop the instance and then fail. Time passes by looks, not by clock.

/** An instance of the stand-in. */
export interface FakeInstance {
  name: string;
  location: string;
  status: "Running" | "Stopped" | "Frozen" | "Error";
  uid: string;
  config: Record<string, string>;
  devices: Record<string, Record<string, string>>;
  ephemeral: boolean;
  backups: unknown[];
  memory: number;
  cpu: number;
  architecture: string;
  snapshots: string[];
}

/** A member of the stand-in. */
export interface FakeMember {
  name: string;
  status: string;
  architecture: string;
}

/** An operation of the stand-in. */
export interface FakeOperation {
  readonly id: string;
  readonly description: string;
  readonly instances: readonly string[];
  readonly effect: () => string | undefined;
  readonly mayCancel: boolean;
  looksLeft: number;
  error: string | undefined;
  ended: boolean;
}

/** What may be changed while the stand-in runs. */
export interface FakeState {
  readonly members: FakeMember[];
  readonly instances: Map<string, FakeInstance>;
  /** Looks until an operation ends. */
  looks: number;
  /** Forget operations the moment they end. */
  forgets: boolean;
  /** What the next move fails with, after the instance was stopped. */
  moveFailsWith: string | undefined;
  /** The failed move leaves its copy behind. */
  leavesCopy: boolean;
  /** What the next start fails with. */
  startFailsWith: string | undefined;
  /** What the next operation ends with; `done` says whether it still takes effect. */
  breaks: { readonly text: string; readonly done: boolean } | undefined;
  /** The answer to the next request that matches is lost; `done` says whether the request still takes effect. */
  cut: { readonly match: RegExp; readonly done: boolean } | undefined;
  /** Answers this to requests that match, instead of working. */
  answers: {
    readonly match: Pick<RegExp, "test">;
    readonly status: number;
    readonly body: unknown;
  }[];
  /** Goes wrong before anything else; counts down to nothing. */
  fault: { readonly kind: ConformanceFault; left: number } | undefined;
  /** Whether what runs can be moved, as on LXD 5.0; if not, it has to be stopped first. */
  movesRunning: boolean;
  auth: "trusted" | "untrusted";
  mayCancel: boolean;
  readonly pools: Record<string, unknown>[];
  readonly certificates: Record<string, unknown>[];
  projectConfig: Record<string, string>;
}

const CODES = { Running: 103, Stopped: 102, Frozen: 110, Error: 112 } as const;

/** Three members, two pools, no instances. */
export function emptyState(): FakeState {
  return {
    members: ["node1", "node2", "node3"].map((name) => ({
      name,
      status: "Online",
      architecture: "x86_64",
    })),
    instances: new Map(),
    looks: 1,
    forgets: false,
    moveFailsWith: undefined,
    leavesCopy: false,
    startFailsWith: undefined,
    breaks: undefined,
    cut: undefined,
    answers: [],
    fault: undefined,
    movesRunning: true,
    auth: "trusted",
    mayCancel: false,
    pools: [
      { name: "default", driver: "dir", locations: ["node1", "node2", "node3"] },
      { name: "remote", driver: "ceph", locations: ["node1", "node2", "node3"] },
    ],
    certificates: [],
    projectConfig: {},
  };
}

/** An operation as the API shows it. */
export function renderOperation(operation: FakeOperation) {
  const failed = operation.error !== undefined;
  return {
    id: operation.id,
    class: "task",
    description: operation.description,
    created_at: "2026-01-01T00:00:00Z",
    status: operation.ended ? (failed ? "Failure" : "Success") : "Running",
    status_code: operation.ended ? (failed ? 400 : 200) : 103,
    resources: { instances: operation.instances.map((name) => `/1.0/instances/${name}`) },
    metadata: { progress: { percent: "40", stage: "create_instance_from_image_unpack" } },
    may_cancel: operation.mayCancel,
    err: operation.error ?? "",
  };
}

/** An instance as the API shows it, read in full. */
export function renderInstance(state: FakeState, instance: FakeInstance) {
  const config = { "volatile.uuid": instance.uid, ...instance.config };
  const away = state.members.find(({ name }) => name === instance.location)?.status === "Offline";
  const status = away ? "Error" : instance.status;
  return {
    name: instance.name,
    status,
    status_code: CODES[status],
    type: "container",
    architecture: instance.architecture,
    location: instance.location,
    ephemeral: instance.ephemeral,
    config: away ? null : config,
    expanded_config: away ? null : config,
    devices: {},
    expanded_devices: away ? null : instance.devices,
    profiles: ["default"],
    backups: instance.backups.length === 0 ? null : instance.backups,
    state: away
      ? null
      : { cpu: { usage: instance.cpu }, memory: { usage: instance.memory }, disk: {} },
  };
}

/** A synchronous answer. */
export function ok(metadata: unknown) {
  return { status: 200, body: { type: "sync", status: "Success", error: "", metadata } };
}

/** A refusal with its own HTTP status. */
export function refuse(status: number, error: string) {
  return { status, body: errorBody(status, error) };
}

/** The envelope of an error. */
export function errorBody(code: number, error: string) {
  return { type: "error", status: "", error_code: code, error, metadata: null };
}

/** A member as the API shows it. */
export function renderMember({ name, status, architecture }: FakeMember) {
  return { server_name: name, status, architecture };
}

/** A saved state as the API shows it. */
export function renderSnapshot(name: string) {
  return { name, created_at: "2026-01-01T00:00:00Z" };
}
