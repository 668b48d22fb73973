import { z } from "zod";
import { defineVerb, type Verb } from "../../define.ts";
import { approvalReply } from "../reply.ts";
import { idField } from "./id-field.ts";

/** Shows one request, with its buttons. */
export const show: Verb = defineVerb({
  summary: "Shows a request: what it is for, who has decided, who can.",
  kind: "read",
  examples: ["show A-92QX"],
  positional: ["approval"],
  input: z.strictObject({ approval: idField }),
  async *run(context, { approval }) {
    const { view } = await approvalReply(context, approval);
    yield { to: "person", view };
  },
});
