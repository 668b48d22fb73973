import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { knownKeys } from "../../src/config/known-keys.ts";
import { configSchema } from "../../src/config/schema.ts";

const text = readFileSync(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");

test.each(["balancing", "apply", "store", "approvals", "audit"])(
  "docs/configuration.md says what each key of %s means",
  (section) => {
    const [, chapter = ""] = text.split(`\n## \`${section}\`\n`);
    const [rows = ""] = chapter.split("\n## ");
    const told = [...rows.matchAll(/^\| (.*?) \|/gm)].map(([, first = ""]) => first).join(", ");
    const known = knownKeys(configSchema, [section]);
    expect(known.length).toBeGreaterThan(0);
    expect(known.filter((key) => !told.includes(`\`${key}\``))).toEqual([]);
  },
);
