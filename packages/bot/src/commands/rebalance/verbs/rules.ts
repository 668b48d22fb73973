import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { rulesView } from "../rules-view.ts";
import { whichConnection } from "../which.ts";

const MOST_IN_CHAT = 30;

/** Shows which rules hold, which are broken, and which cannot hold. */
export const rules: Verb = defineVerb({
  summary: "Shows which rules hold, which are broken, and which cannot hold and why.",
  kind: "read",
  examples: ["rules", "rules gold"],
  aliases: ["reglas"],
  positional: ["connection"],
  input: z.strictObject({
    connection: z.string().optional().describe("which connection, when there are several"),
  }),
  async *run({ kappa4 }, values) {
    const report = await kappa4.rules.check({
      connection: whichConnection(kappa4.connections, values.connection),
    });
    yield { to: "person", view: rulesView(report, { most: MOST_IN_CHAT }) };
  },
});
