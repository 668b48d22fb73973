import { createHash } from "node:crypto";
import { type Call, needs, type Operation } from "../api/operation.ts";
import { configId, digest, flag, oneOf, optional, text } from "../api/schema.ts";
import { failure, parameterError } from "../errors.ts";
import { problemsOf } from "../ha/feasible.ts";
import { nodesText, parseNodes } from "../ha/node-list.ts";
import type { HaRule } from "../ha/stack.ts";
import type { Row } from "./rows.ts";

const AUDIT = needs("/", "Sys.Audit");
const CONSOLE = needs("/", "Sys.Console");
const TYPES = oneOf("node-affinity", "resource-affinity");
const fields = {
  resources: optional(text),
  nodes: optional(text),
  strict: optional(flag),
  affinity: optional(oneOf("positive", "negative")),
  disable: optional(flag),
  comment: optional({ ...text, maxLength: 4096 }),
};

/** HA rules: version 9 has them in place of groups. */
export const haRuleOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/cluster/ha/rules",
    permission: AUDIT,
    since: "9.0",
    named: { type: optional(TYPES), resource: optional(text) },
    run: (call) => list(call),
  },
  {
    method: "GET",
    path: "/cluster/ha/rules/{rule}",
    permission: AUDIT,
    since: "9.0",
    named: { rule: configId },
    run: (call) => ruleRow(call, ruleOf(call)),
  },
  {
    method: "POST",
    path: "/cluster/ha/rules",
    permission: CONSOLE,
    since: "9.0",
    named: { rule: configId, type: TYPES, ...fields },
    run: (call) => create(call),
  },
  {
    method: "PUT",
    path: "/cluster/ha/rules/{rule}",
    permission: CONSOLE,
    since: "9.0",
    named: {
      rule: configId,
      type: TYPES,
      ...fields,
      delete: optional(text),
      digest: optional(digest),
    },
    run: (call) => update(call),
  },
  {
    method: "DELETE",
    path: "/cluster/ha/rules/{rule}",
    permission: CONSOLE,
    since: "9.0",
    named: { rule: configId },
    run: (call) => {
      call.cluster.ha.rules.delete(call.text("rule"));
      return null;
    },
  },
];

function list(call: Call): readonly Row[] {
  const type = call.find("type");
  const resource = call.find("resource");
  return [...call.cluster.ha.rules.values()]
    .filter((rule) => type === undefined || rule.type === type)
    .filter((rule) => resource === undefined || rule.resources.includes(resource))
    .map((rule) => ruleRow(call, rule));
}

function ruleRow(call: Call, rule: HaRule): Row {
  const problems = Object.entries(problemsOf(call.cluster, rule));
  return {
    rule: rule.rule,
    type: rule.type,
    resources: rule.resources.join(","),
    ...(rule.type === "resource-affinity"
      ? { affinity: rule.affinity }
      : { nodes: nodesText(rule.nodes), strict: rule.strict ? 1 : 0 }),
    ...(rule.disable ? { disable: 1 } : {}),
    ...(rule.comment === undefined ? {} : { comment: rule.comment }),
    order: rule.order,
    digest: digestOfRules(call),
    ...(problems.length > 0
      ? { errors: Object.fromEntries(problems.map(([key, problem]) => [key, [problem]])) }
      : {}),
  };
}

function create(call: Call): null {
  const { rules } = call.cluster.ha;
  const name = call.text("rule");
  if (rules.has(name)) throw failure(`HA rule '${name}' already defined`);
  const missing =
    call.text("type") === "node-affinity" ? ["nodes", "resources"] : ["affinity", "resources"];
  const absent = missing.filter((key) => !call.values.has(key));
  if (absent.length > 0) {
    throw parameterError(
      Object.fromEntries(absent.map((key) => [key, "property is missing and it is not optional"])),
    );
  }
  store(call, read(call, name, rules.size + 1, undefined));
  return null;
}

function update(call: Call): null {
  const before = ruleOf(call);
  const given = call.find("digest");
  if (given !== undefined && given !== digestOfRules(call)) {
    throw failure("detected modified configuration - file changed by other user? Try again.");
  }
  store(call, read(call, before.rule, before.order, before));
  return null;
}

function store(call: Call, rule: HaRule): void {
  const problems = problemsOf(call.cluster, rule);
  if (Object.keys(problems).length > 0) throw parameterError(problems);
  call.cluster.ha.rules.set(rule.rule, rule);
}

function read(call: Call, rule: string, order: number, before: HaRule | undefined): HaRule {
  const removed = new Set(call.find("delete")?.split(/[,; ]+/));
  const common = {
    rule,
    order,
    resources: resourcesOf(call.find("resources")) ?? before?.resources ?? [],
    disable: removed.has("disable")
      ? false
      : call.values.has("disable")
        ? call.flag("disable")
        : (before?.disable ?? false),
    comment: removed.has("comment") ? undefined : (call.find("comment") ?? before?.comment),
  };
  if (call.text("type") === "resource-affinity") {
    const old = before?.type === "resource-affinity" ? before.affinity : "positive";
    const affinity = call.find("affinity") ?? old;
    const word = affinity === "negative" ? "negative" : "positive";
    return { ...common, type: "resource-affinity", affinity: word };
  }
  const old = before?.type === "node-affinity" ? before : undefined;
  const text = call.find("nodes");
  const nodes = text === undefined ? (old?.nodes ?? new Map<string, number>()) : parseNodes(text);
  const strict = call.values.has("strict") ? call.flag("strict") : (old?.strict ?? false);
  return { ...common, type: "node-affinity", nodes, strict };
}

function resourcesOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(/[,; ]+/).filter(Boolean);
}

function ruleOf(call: Call): HaRule {
  const rule = call.cluster.ha.rules.get(call.text("rule"));
  if (!rule) throw failure(`no such ha rule '${call.text("rule")}'`);
  return rule;
}

function digestOfRules(call: Call): string {
  const rules = [...call.cluster.ha.rules.values()].map((rule) => [
    rule.rule,
    rule.resources,
    rule.disable,
    rule.comment,
    rule.type === "node-affinity" ? nodesText(rule.nodes) : rule.affinity,
  ]);
  return createHash("sha1").update(JSON.stringify(rules)).digest("hex");
}
