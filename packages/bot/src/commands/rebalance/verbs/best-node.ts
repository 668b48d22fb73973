import { type GuestId, Kappa4Error, type NewGuest, parseByteSize } from "@kappa4/sdk";
import { z } from "zod";
import { bytes } from "../../../view/format.ts";
import { defineVerb, type Verb } from "../../define.ts";
import { bestNodeView } from "../best-node-view.ts";
import { whichConnection } from "../which.ts";

const MOST_IN_CHAT = 20;

const input = z.strictObject({
  guest: z.string().optional().describe("name or id of a guest; leave it out for a new one"),
  connection: z.string().optional().describe("which connection, when there are several"),
  cores: z.coerce
    .number("it must be a number of cores")
    .positive("it must be more than 0")
    .optional()
    .describe("cores of a new guest"),
  memory: z
    .string()
    .refine(
      (text) => parseByteSize(text) !== undefined && !/\d\s*$/.test(text),
      "it must be a size with its unit such as 8G or 512M",
    )
    .optional()
    .describe("memory of a new guest, for example 8G"),
});

/** Ranks the nodes as homes for a guest. */
export const bestNode: Verb = defineVerb({
  summary: "Ranks the nodes as a home for a guest that is there, or for a new one.",
  kind: "read",
  examples: ["best-node web-03", "best-node --cores 4 --memory 8G"],
  aliases: ["where"],
  positional: ["guest"],
  input,
  argumentAliases: { cpu: "cores" },
  acknowledge: ({ guest }) => `Looking for a node for ${guest ?? "a new guest"}.`,
  async *run(context, values) {
    const connection = whichConnection(context.kappa4.connections, values.connection);
    const wanted = wantedGuest(values);
    const choices = await context.kappa4.rebalance.bestNode({ connection, guest: wanted.guest });
    yield { to: "person", view: bestNodeView(choices, { guest: wanted.name, most: MOST_IN_CHAT }) };
  },
});

function wantedGuest({ guest, cores, memory }: z.output<typeof input>): {
  readonly guest: GuestId | NewGuest;
  readonly name: string;
} {
  if (guest !== undefined) return { guest, name: guest };
  const memoryBytes = memory === undefined ? undefined : parseByteSize(memory);
  if (cores === undefined || memoryBytes === undefined) {
    throw new Kappa4Error(
      "invalid_argument",
      "Name a guest, or say what a new one needs: both --cores and --memory, for example --cores 4 --memory 8G.",
    );
  }
  return {
    guest: { memoryBytes, cores },
    name: `a new guest of ${cores} cores and ${bytes(memoryBytes)}`,
  };
}
