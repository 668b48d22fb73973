import { expect, test } from "vitest";
import { configJsonSchema } from "../../src/config/json-schema.ts";

test("schema.json is what the schemas say; `vitest run json-schema -u` writes it anew", async () => {
  const schema = await configJsonSchema();
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot("../../schema.json");
});
