import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readCall } from "../../src/commands/read-call.ts";
import {
  type CommandContext,
  defineCommand,
  defineVerb,
  slackManifest,
  viewText,
} from "../../src/index.ts";

const greet = defineVerb({
  summary: "Greets a connection.",
  kind: "read",
  examples: ["greet gold"],
  positional: ["connection"],
  input: z.strictObject({
    connection: z.string().describe("whom to greet"),
    times: z.coerce.number().int().default(1).describe("how often"),
  }),
  async *run({ kappa4 }, { connection, times }) {
    const isKnown = kappa4.connections.includes(connection);
    const text = `${isKnown ? "Hello" : "Who is"} ${connection}`.repeat(times);
    yield { to: "person", view: { blocks: [{ kind: "text", text }] } };
  },
});
const hello = defineCommand({ name: "hello", summary: "Says hello.", verbs: { greet } });

describe("a command of one's own", () => {
  it("gets parsing, types and help from its definition", async () => {
    const read = readCall(hello, "greet gold --times 2");
    if (!("call" in read)) throw new Error("The call was not understood.");
    const context = { kappa4: { connections: ["gold"] } } as unknown as CommandContext;
    const said: string[] = [];
    for await (const { view } of read.call.run(context)) said.push(viewText(view));
    expect(said).toEqual(["Hello goldHello gold"]);
    const missing = readCall(hello, "greet");
    expect("answer" in missing && viewText(missing.answer)).toContain(
      "connection is missing: whom to greet.",
    );
    const help = readCall(hello, "help greet");
    expect("answer" in help && viewText(help.answer)).toContain(
      "connection · whom to greet (required)",
    );
    expect("answer" in help && viewText(help.answer)).toContain("--times · how often");
  });

  it("is named in the manifest beside ours", () => {
    const { slash_commands } = slackManifest({ commands: { hello } }).features;
    expect(slash_commands.map(({ command, usage_hint }) => [command, usage_hint])).toEqual([
      [
        "/rebalance",
        "dry-run | apply | status | explain | best-node | whatif | rules | cancel | discard | help",
      ],
      ["/approve", "list | show | approve | deny | withdraw | break-glass | acknowledge | help"],
      ["/hello", "greet | help"],
    ]);
  });
});
