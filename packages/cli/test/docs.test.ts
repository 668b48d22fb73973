import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runCli } from "./support/run-cli.ts";

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("docs/what-if.md", root), "utf8");
const examples = [...text.matchAll(/```console\n\$ kappa4 ([^\n]+)\n([\s\S]*?)```/g)].map(
  ([, line = "", output = ""]) => [line, output] as const,
);

const questions = [...text.matchAll(/^\|.*\|$/gm)].flatMap(([row]) => {
  const commands = [...row.matchAll(/`((?:whatif|rules)[^`]*)`/g)].map(([, line = ""]) => line);
  // Other ways to ask stand beside the first one, as flags alone.
  const [verb] = (commands[0] ?? "").split(" --");
  const flags = [...row.matchAll(/`(--\w+ [^`]+)`/g)].map(([, more = ""]) => `${verb} ${more}`);
  return [...commands, ...flags];
});

test.each(questions)("docs/what-if.md asks what can be asked of the example: %s", async (line) => {
  const { code, stderr } = await runCli(
    [...line.split(" "), "--snapshot", "examples/snapshots/small.json"],
    { cwd: fileURLToPath(root) },
  );
  expect({ code: [0, 10, 11].includes(code) ? "answered" : code, stderr }).toEqual({
    code: "answered",
    stderr: "",
  });
});

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
