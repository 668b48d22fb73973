/** What an administrator wants of a service. */
export type RequestedState = "started" | "stopped" | "disabled" | "ignored";

/** What the manager has made of it. */
export type ServiceState =
  | "queued"
  | "request_stop"
  | "stopped"
  | "started"
  | "fence"
  | "recovery"
  | "migrate"
  | "relocate"
  | "error";

/** A guest that the HA manager looks after. */
export interface HaResource {
  /** `vm:100` or `ct:100`. */
  readonly sid: string;
  readonly vmid: number;
  requested: RequestedState;
  group: string | undefined;
  maxRestart: number;
  maxRelocate: number;
  failback: boolean;
  comment: string | undefined;
  state: ServiceState;
  /** The node that the manager holds responsible. */
  node: string;
  /** Where it is being moved. */
  target: string | undefined;
  /** Left this node because of maintenance and returns when that ends. */
  leftForMaintenance: string | undefined;
  /** A worker of the local resource manager is at it. */
  busy: boolean;
  /** Moves that failed in a row. */
  failures: number;
}

/** A rule of Proxmox VE 9. */
export type HaRule = {
  readonly rule: string;
  resources: readonly string[];
  disable: boolean;
  comment: string | undefined;
  order: number;
} & (
  | { readonly type: "resource-affinity"; affinity: "positive" | "negative" }
  | { readonly type: "node-affinity"; nodes: ReadonlyMap<string, number>; strict: boolean }
);

/** A group of Proxmox VE 8. */
export interface HaGroup {
  readonly group: string;
  nodes: ReadonlyMap<string, number>;
  restricted: boolean;
  nofailback: boolean;
  comment: string | undefined;
}

/** A request to move a service that waits for the next round. */
export interface HaCommand {
  readonly kind: "migrate" | "relocate";
  readonly sid: string;
  readonly node: string;
}

/** The cluster-wide state of high availability. */
export class HaStack {
  readonly resources: Map<string, HaResource> = new Map();
  readonly rules: Map<string, HaRule> = new Map();
  readonly groups: Map<string, HaGroup> = new Map();
  /** Nodes in maintenance mode. */
  readonly maintenance: Set<string> = new Set();
  readonly queue: HaCommand[] = [];
  /** Set while the whole stack is disarmed (9.2). */
  disarmed: "freeze" | "ignore" | undefined;

  /** Whether any manager is at work at all. */
  get isActive(): boolean {
    return this.resources.size > 0 || this.maintenance.size > 0;
  }

  /** The service of a guest, unless it is left alone by request. */
  serviceOf(vmid: number): HaResource | undefined {
    const resource = this.resources.get(`vm:${vmid}`) ?? this.resources.get(`ct:${vmid}`);
    return resource?.requested === "ignored" ? undefined : resource;
  }
}

/** Makes a service in the state in which it begins. */
export function createResource(
  sid: string,
  node: string,
  requested: RequestedState,
  options: {
    readonly maxRestart?: number | undefined;
    readonly maxRelocate?: number | undefined;
    readonly failback?: boolean | undefined;
    readonly comment?: string | undefined;
  } = {},
): HaResource {
  return {
    sid,
    vmid: Number(sid.split(":")[1]),
    requested,
    group: undefined,
    maxRestart: options.maxRestart ?? 1,
    maxRelocate: options.maxRelocate ?? 1,
    failback: options.failback ?? true,
    comment: options.comment,
    state: "queued",
    node,
    target: undefined,
    leftForMaintenance: undefined,
    busy: false,
    failures: 0,
  };
}
