import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runCli } from "./support/run-cli.ts";

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("docs/what-if.md", root), "utf8");
const examples = [...text.matchAll(/```console\n\$ kappa4 ([^\n]+)\n([\s\S]*?)```/g)].map(
  ([, line = "", output = ""]) => [line, output] as const,
);

// What a plan moves may change with the search; what is asked without a plan may not.
test.each(examples.filter(([line]) => !line.startsWith("whatif drain")))(
  "docs/what-if.md shows what %s prints",
  async (line, output) => {
    const { stdout } = await runCli([...line.split(" "), "--width", "80"], {
      cwd: fileURLToPath(root),
    });
    expect(stdout.trimEnd()).toBe(output.trimEnd());
  },
);
