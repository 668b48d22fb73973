import { anyUser, type Call, type Operation } from "../api/operation.ts";
import { count, flag, nodeName, oneOf, optional, text, vmid } from "../api/schema.ts";
import { parameterError, permissionError } from "../errors.ts";
import type { Task } from "../tasks.ts";
import type { Row } from "./rows.ts";

const UPID =
  /^UPID:([a-zA-Z0-9][a-zA-Z0-9-]*):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\s]+:[^:\s]*:[^:\s]+:$/;
const one = { node: nodeName, upid: text };

/** Looking at long work and stopping it. */
export const taskOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/nodes/{node}/tasks",
    permission: anyUser,
    isProxied: true,
    named: {
      node: nodeName,
      start: optional(count),
      limit: optional(count),
      userfilter: optional(text),
      typefilter: optional(text),
      vmid: optional(vmid),
      errors: optional(flag),
      source: optional(oneOf("archive", "active", "all")),
      since: optional(count),
      until: optional(count),
      statusfilter: optional(text),
    },
    run: (call) => listOfNode(call),
  },
  {
    method: "GET",
    path: "/cluster/tasks",
    permission: anyUser,
    named: {},
    run: (call) => recent(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}",
    permission: anyUser,
    named: one,
    run: () => [{ name: "log" }, { name: "status" }],
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/status",
    permission: anyUser,
    isProxied: true,
    named: one,
    run: (call) => status(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/log",
    permission: anyUser,
    isProxied: true,
    named: { ...one, start: optional(count), limit: optional(count), download: optional(flag) },
    run: (call) => log(call),
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/tasks/{upid}",
    permission: anyUser,
    isProxied: true,
    named: one,
    run: (call) => stop(call),
  },
];

function listOfNode(call: Call): readonly Row[] {
  const source = call.find("source") ?? "archive";
  const maySeeAll = call.may(`/nodes/${call.node.name}`, "Sys.Audit");
  const found = call.cluster.tasks
    .list()
    .filter((task) => task.node === call.node.name)
    .filter((task) => maySeeAll || isOwn(call, task))
    .filter((task) => isOfSource(task, source))
    .filter((task) => passes(call, task))
    .reverse();
  const start = call.number("start");
  call.beside.total = found.length;
  return found
    .slice(start, start + call.number("limit", 50))
    .map((task) => (task.exitstatus === undefined ? activeRow(task) : archivedRow(task)));
}

function isOfSource(task: Task, source: string): boolean {
  if (source === "all") return true;
  return (task.exitstatus === undefined) === (source === "active");
}

function passes(call: Call, task: Task): boolean {
  const filter = call.find("typefilter");
  const guest = call.find("vmid");
  const user = call.find("userfilter");
  if (filter !== undefined && task.type !== filter) return false;
  if (guest !== undefined && task.id !== guest) return false;
  if (user !== undefined && !task.user.toLowerCase().includes(user.toLowerCase())) return false;
  if (call.values.has("since") && task.starttime < call.number("since")) return false;
  if (call.values.has("until") && task.starttime > call.number("until")) return false;
  if (call.flag("errors") && !isError(task)) return false;
  const wanted = call.find("statusfilter")?.split(/[;, ]+/);
  return wanted === undefined || wanted.includes(kindOfStatus(task));
}

function kindOfStatus(task: Task): string {
  if (task.exitstatus === undefined || task.exitstatus === "unexpected status") return "unknown";
  if (task.exitstatus === "OK") return "ok";
  return task.exitstatus.startsWith("WARNINGS") ? "warning" : "error";
}

function isError(task: Task): boolean {
  return task.exitstatus !== undefined && kindOfStatus(task) === "error";
}

function recent(call: Call): readonly Row[] {
  const maySeeAll = call.may("/", "Sys.Audit");
  return call.cluster.tasks
    .list()
    .filter((task) => maySeeAll || isOwn(call, task))
    .slice(-250)
    .reverse()
    .map((task) => ({ ...archivedRow(task), saved: task.exitstatus === undefined ? "0" : "1" }));
}

function numbers(task: Task): Row {
  const { upid, node, pid, pstart, starttime, type, id } = task;
  return { upid, node, pid, pstart, starttime, type, id };
}

function archivedRow(task: Task): Row {
  const [user, tokenid] = task.user.split("!");
  return {
    ...numbers(task),
    user,
    ...(tokenid === undefined ? {} : { tokenid }),
    ...(task.endtime === undefined ? {} : { endtime: task.endtime }),
    ...(task.exitstatus === undefined ? {} : { status: task.exitstatus }),
  };
}

// Active entries keep user and token in one.
function activeRow(task: Task): Row {
  return { ...numbers(task), user: task.user, status: "RUNNING" };
}

function status(call: Call): Row {
  const task = taskOf(call);
  const [user, tokenid] = task.user.split("!");
  return {
    ...numbers(task),
    user,
    ...(tokenid === undefined ? {} : { tokenid }),
    status: task.exitstatus === undefined ? "running" : "stopped",
    ...(task.exitstatus === undefined ? {} : { exitstatus: task.exitstatus }),
  };
}

function log(call: Call): readonly Row[] {
  const { log: lines } = taskOf(call);
  const start = call.number("start");
  const limit = call.number("limit", 50);
  call.beside.total = lines.length;
  if (lines.length === 0) {
    call.beside.total = 1;
    return [{ n: 1, t: "no content" }];
  }
  const end = limit === 0 ? undefined : start + limit;
  return lines.slice(start, end).map((t, index) => ({ n: start + index + 1, t }));
}

function stop(call: Call): null {
  const task = taskOf(call, "Sys.Modify");
  call.cluster.tasks.stop(task.upid);
  return null;
}

function taskOf(call: Call, privilege = "Sys.Audit"): Task {
  const upid = call.text("upid");
  if (!UPID.test(upid)) {
    throw parameterError({ upid: `unable to parse worker upid '${upid}'` });
  }
  const task = call.cluster.tasks.find(upid);
  if (!task || task.node !== call.node.name) throw parameterError({ upid: "no such task" });
  const path = `/nodes/${call.node.name}`;
  if (!isOwn(call, task) && !call.may(path, privilege)) {
    throw permissionError(`${path}, ${privilege}`);
  }
  return task;
}

// A token sees its own tasks; its user sees those and the tokens'.
function isOwn(call: Call, task: Task): boolean {
  const { subject, isToken } = call.identity;
  return task.user === subject || (!isToken && task.user.split("!")[0] === subject);
}
