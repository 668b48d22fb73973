import { type Call, needs, type Operation } from "../api/operation.ts";
import type { Parameter } from "../api/parameters.ts";
import { count, flag, nodeName, optional, text, vmid } from "../api/schema.ts";
import { failure, parameterError } from "../errors.ts";
import { lockOf } from "../state/config.ts";
import type { Guest, GuestKind } from "../state/types.ts";
import { type PowerVerb, startPower } from "../work/power.ts";
import { guestOfCall } from "./guest-of-call.ts";
import { sidOf } from "./rows.ts";

const skiplock = optional(flag);
const timeout = optional(count);

const PARAMETERS: Readonly<Record<PowerVerb, Readonly<Record<string, Parameter>>>> = {
  start: { skiplock, timeout, machine: optional(text), stateuri: optional(text) },
  stop: { skiplock, timeout, keepActive: optional(flag), "overrule-shutdown": optional(flag) },
  shutdown: { skiplock, timeout, forceStop: optional(flag), keepActive: optional(flag) },
  reboot: { timeout },
  reset: { skiplock },
  suspend: { skiplock, todisk: optional(flag), statestorage: optional(text) },
  resume: { skiplock, nocheck: optional(flag) },
};
const VM_ONLY: ReadonlySet<PowerVerb> = new Set(["reset"]);
const VERBS = ["start", "stop", "shutdown", "reboot", "reset", "suspend", "resume"] as const;
const KINDS: readonly GuestKind[] = ["qemu", "lxc"];

/** Starting and stopping guests. */
export const powerOperations: readonly Operation[] = KINDS.flatMap((kind) =>
  VERBS.filter((verb) => kind === "qemu" || !VM_ONLY.has(verb)).map((verb) =>
    operation(kind, verb),
  ),
);

function operation(kind: GuestKind, verb: PowerVerb): Operation {
  return {
    method: "POST",
    path: `/nodes/{node}/${kind}/{vmid}/status/${verb}`,
    permission: needs("/vms/{vmid}", "VM.PowerMgmt"),
    isProxied: true,
    named: { node: nodeName, vmid, ...PARAMETERS[verb] },
    run: (call) => change(call, guestOfCall(call, kind), verb),
  };
}

function change(call: Call, guest: Guest, verb: PowerVerb): string {
  const { cluster, identity } = call;
  const skipLock = call.flag("skiplock");
  if (skipLock && identity.subject !== "root@pam") {
    throw parameterError({ skiplock: "Only root may use this option." });
  }
  const word = guest.kind === "qemu" ? "VM" : "CT";
  const lock = lockOf(guest);
  const isWaking = verb === "start" && lock === "suspended";
  if (lock !== undefined && !skipLock && !isWaking) throw failure(`${word} is locked (${lock})`);
  if (verb === "reboot" && !guest.running) throw failure(`${word} ${guest.vmid} not running`);
  if (verb === "shutdown" && guest.paused && !call.flag("forceStop")) {
    throw failure("VM is paused - cannot shutdown");
  }
  const service = cluster.ha.serviceOf(guest.vmid);
  const isManaged = verb === "start" || verb === "stop" || verb === "shutdown";
  if (service && isManaged) return throughHa(call, guest, verb);
  return startPower(cluster, guest, verb, {
    user: identity.subject,
    timeoutSeconds: call.number("timeout", 180),
    forceStop: call.flag("forceStop"),
    toDisk: call.flag("todisk"),
    skipLock,
  });
}

// The task only writes down what is wanted; the HA manager does it in its own time.
function throughHa(call: Call, guest: Guest, verb: "start" | "stop" | "shutdown"): string {
  const { cluster, node, identity } = call;
  const sid = sidOf(guest);
  const type = verb === "start" ? "hastart" : "hastop";
  const subject = { node: node.name, type, id: String(guest.vmid), user: identity.subject };
  return cluster.tasks.start(subject, function* (task) {
    task.log(`Requesting HA ${verb === "start" ? "start" : "stop"} for ${sid}`);
    yield 500;
    const service = cluster.ha.resources.get(sid);
    if (!service) throw failure(`no such resource '${sid}'`);
    if (service.state === "error") {
      throw failure(`service '${sid}' in error state, must be disabled and fixed first`);
    }
    service.requested = verb === "start" ? "started" : "stopped";
    return undefined;
  });
}
