import { Kappa4Error, parseByteSize } from "@kappa4/sdk";
import type { WhatIfChange } from "@kappa4/sdk/balancing";
import { z } from "zod";
import type { View } from "../../../view/model.ts";
import type { CommandContext } from "../../context.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { failoverView } from "../failover-view.ts";
import { newRule } from "../new-rule.ts";
import { whatIfView } from "../what-if-view.ts";
import { whichConnection } from "../which.ts";

const MOST_IN_CHAT = 20;
const CHANGES = [
  "node-fails",
  "node-added",
  "drain",
  "guest-added",
  "rule-added",
  "target",
] as const;

const input = z.strictObject({
  change: z
    .enum(CHANGES, `it must be one of ${CHANGES.join(", ")}`)
    .describe(`what happens: ${CHANGES.join(", ")}`),
  node: z.string().optional().describe("the node; for target, the percentage points"),
  connection: z.string().optional().describe("which connection, when there are several"),
  like: z.string().optional().describe("the node that a new one is like"),
  cores: z.coerce
    .number("it must be a number of cores")
    .positive("it must be more than 0")
    .optional()
    .describe("cores of a new guest or node"),
  memory: z
    .string()
    .refine(
      (text) => parseByteSize(text) !== undefined && !/\d\s*$/.test(text),
      "it must be a size with its unit such as 8G or 512M",
    )
    .optional()
    .describe("memory of a new guest or node, for example 8G"),
  together: z.string().optional().describe("guests of a new rule: all on one node"),
  apart: z.string().optional().describe("guests of a new rule: no two on one node"),
  pin: z.string().optional().describe("guests of a new rule: each on one of the nodes of --to"),
  to: z.string().optional().describe("the nodes of --pin, separated by commas"),
});

/** Shows what would become of the cluster if something happened to it. */
export const whatif: Verb = defineVerb({
  summary: "Shows what would become of the cluster if something happened to it; changes nothing.",
  kind: "read",
  examples: [
    "whatif node-fails",
    "whatif node-fails pve-02",
    "whatif node-added pve-09 --like pve-01",
    "whatif drain pve-02",
    "whatif guest-added --cores 4 --memory 8G",
    "whatif rule-added --apart web-01,web-02",
    "whatif target 5",
  ],
  aliases: ["what-if"],
  positional: ["change", "node"],
  input,
  argumentAliases: { cpu: "cores", of: "node" },
  acknowledge: ({ connection }) =>
    `Reading ${connection ?? "the cluster"} and trying it out; nothing is changed.`,
  async *run(context, values) {
    yield { to: "person", view: await answer(context, values) };
  },
});

type Values = z.output<typeof input>;

async function answer({ kappa4 }: CommandContext, values: Values): Promise<View> {
  const connection = whichConnection(kappa4.connections, values.connection);
  if (values.change === "node-fails" && values.node === undefined) {
    const report = await kappa4.rebalance.checkFailover({ connection });
    return failoverView(report, { most: MOST_IN_CHAT });
  }
  const report = await kappa4.rebalance.whatIf({ connection, changes: [changeOf(values)] });
  return whatIfView(report, { most: MOST_IN_CHAT });
}

function changeOf(values: Values): WhatIfChange {
  switch (values.change) {
    case "node-fails":
      return { kind: "node-fails", node: nodeOf(values) };
    case "drain":
      return { kind: "drain", node: nodeOf(values) };
    case "node-added": {
      const node = nodeOf(values);
      if (values.like !== undefined) return { kind: "node-added", node, like: values.like };
      return { kind: "node-added", node, ...sizeOf(values) };
    }
    case "guest-added":
      return { kind: "guest-added", guest: sizeOf(values) };
    case "rule-added":
      return newRule(values);
    case "target": {
      const balanciness = Number(values.node);
      if (balanciness > 0 && balanciness <= 100) return { kind: "target", balanciness };
      throw wrong("Say the target in percentage points, above 0 and at most 100: whatif target 5.");
    }
  }
}

function nodeOf({ change, node }: Values): string {
  if (node === undefined) throw wrong(`Name the node: whatif ${change} pve-02.`);
  return node;
}

function sizeOf({ cores, memory }: Values): {
  readonly memoryBytes: number;
  readonly cores: number;
} {
  const memoryBytes = memory === undefined ? undefined : parseByteSize(memory);
  if (cores !== undefined && memoryBytes !== undefined) return { memoryBytes, cores };
  throw wrong(
    "Say the size of what is new: both --cores and --memory, for example --cores 4 --memory 8G.",
  );
}

function wrong(message: string): Kappa4Error {
  return new Kappa4Error("invalid_argument", message);
}
