import { z } from "zod";
import { parseNodes } from "../ha/node-list.ts";
import { createResource, type HaStack, type RequestedState } from "../ha/stack.ts";
import { describeProblems } from "../problems.ts";
import type { ClusterParts } from "./parts.ts";

const flag = z.union([z.boolean(), z.coerce.number().transform((value) => value === 1)]);
const list = z.string().transform((text) => text.split(/[,; ]+/).filter(Boolean));

const rules = z.array(
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("resource-affinity"),
      rule: z.string().min(1),
      resources: list,
      affinity: z.enum(["positive", "negative"]),
      disable: flag.default(false),
      comment: z.string().optional(),
    }),
    z.object({
      type: z.literal("node-affinity"),
      rule: z.string().min(1),
      resources: list,
      nodes: z.string().transform(parseNodes),
      strict: flag.default(false),
      disable: flag.default(false),
      comment: z.string().optional(),
    }),
  ]),
);
const resources = z.array(
  z.object({
    sid: z.string().regex(/^(?:vm|ct):\d+$/),
    state: z.enum(["started", "stopped", "enabled", "disabled", "ignored"]).default("started"),
    max_restart: z.coerce.number().optional(),
    max_relocate: z.coerce.number().optional(),
    failback: flag.optional(),
    comment: z.string().optional(),
  }),
);

/** Adds the rules of a recorded answer of `GET /cluster/ha/rules`. Throws RangeError with every problem. */
export function addRecordedRules(ha: HaStack, answer: unknown): void {
  const found = parse(rules, answer, "GET /cluster/ha/rules");
  found.forEach((entry, index) => {
    const { comment, ...rest } = entry;
    ha.rules.set(entry.rule, { ...rest, comment, order: index + 1 });
  });
}

/** Adds the guests of a recorded answer of `GET /cluster/ha/resources`. Throws RangeError with every problem. */
export function addRecordedResources(parts: ClusterParts, answer: unknown): void {
  for (const entry of parse(resources, answer, "GET /cluster/ha/resources")) {
    const guest = parts.guests.get(Number(entry.sid.split(":")[1]));
    if (!guest) continue;
    const requested: RequestedState = entry.state === "enabled" ? "started" : entry.state;
    const { max_restart: maxRestart, max_relocate: maxRelocate, failback, comment } = entry;
    const options = { maxRestart, maxRelocate, failback, comment };
    const resource = createResource(entry.sid, guest.node, requested, options);
    resource.state = guest.running ? "started" : "stopped";
    parts.ha.resources.set(entry.sid, resource);
  }
}

function parse<T>(schema: z.ZodType<T>, answer: unknown, call: string): T {
  const isWrapped = typeof answer === "object" && answer !== null && "data" in answer;
  const result = schema.safeParse(isWrapped ? answer.data : answer);
  if (result.success) return result.data;
  throw new RangeError(`This is no answer of ${call}:\n${describeProblems(result.error)}`);
}
