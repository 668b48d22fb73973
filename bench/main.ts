// `npm run bench` runs every benchmark, `npm run bench -- snapshot` one of them. Each prints a table and the machine.
import { describeMachine } from "./machine.ts";

const benchmarks: Readonly<
  Record<string, () => Promise<{ readonly run: () => Promise<boolean> }>>
> = {
  snapshot: () => import("./snapshot.ts"),
  balancing: () => import("./balancing.ts"),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => benchmarks[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}.`,
  );
  process.exit(2);
}

console.log(`Measured on ${describeMachine()}`);
for (const name of asked.length > 0 ? asked : Object.keys(benchmarks)) {
  console.log(`\n${name}`);
  const { run } = (await benchmarks[name]?.()) ?? {};
  if (!(await run?.())) process.exitCode = 1;
}
