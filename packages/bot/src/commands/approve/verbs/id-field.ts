import { z } from "zod";

/** The argument that names an approval. */
export const idField: z.ZodString = z
  .string()
  .describe("the id of the approval, for example A-92QX");
