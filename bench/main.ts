// `npm run bench` runs the benchmarks of the tool as it is, `npm run bench -- balancing --size 10x300` one of them with
// options. Each prints a table and the machine.
import { describeMachine } from "./machine.ts";

interface Benchmark {
  /** Answers whether what it measures is as good as it has to be. */
  readonly run: (args: readonly string[]) => Promise<boolean>;
}

interface Entry {
  readonly load: () => Promise<Benchmark>;
  /** Takes long or needs the network: only when asked for by name. */
  readonly isExtra?: boolean;
}

const benchmarks: Readonly<Record<string, Entry>> = {
  snapshot: { load: () => import("./snapshot.ts") },
  balancing: { load: () => import("./balancing.ts") },
  properties: { load: () => import("./properties.ts"), isExtra: true },
  drift: { load: () => import("./balancing-drift.ts") },
  reference: { load: () => import("./reference.ts"), isExtra: true },
  rivals: { load: () => import("./rivals/proxlb.ts"), isExtra: true },
  // Of what is built, so only after `npm run build`.
  startup: { load: () => import("./startup.ts"), isExtra: true },
  core: { load: () => import("./core.ts"), isExtra: true },
  pictures: { load: () => import("./pictures.ts"), isExtra: true },
  questions: { load: () => import("./questions.ts"), isExtra: true },
  tradeoff: { load: () => import("./tradeoff.ts"), isExtra: true },
  determinism: { load: () => import("./determinism.ts"), isExtra: true },
};

const [name, ...args] = process.argv.slice(2);
const usual = Object.keys(benchmarks).filter((one) => benchmarks[one]?.isExtra !== true);
const asked = name === undefined ? usual : [name];
if (name !== undefined && benchmarks[name] === undefined) {
  console.error(`There is no benchmark ${name}; there are ${Object.keys(benchmarks).join(", ")}.`);
  process.exit(2);
}

console.log(`Measured on ${describeMachine()}`);
for (const one of asked) {
  console.log(`\n${one}`);
  const benchmark = await benchmarks[one]?.load();
  if (!(await benchmark?.run(args))) process.exitCode = 1;
}
