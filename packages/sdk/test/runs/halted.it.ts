import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { expect, it } from "vitest";
import type { Kappa4, RunView } from "../../src/index.ts";
import { type OpenStoreOptions, openStore } from "../../src/store/index.ts";
import { type Lab, openLab } from "../simulated/lab.ts";
import { closedStore } from "../store/support/fresh-store.ts";

const LAB = { seed: 5, nodes: 5, guests: 60 } as const;

/** How often the outside system was asked to move a guest. */
function migrations({ simulator }: Lab): number {
  return simulator.requests.filter(
    ({ method, path }) => method === "POST" && path.endsWith("/migrate"),
  ).length;
}

interface Asked {
  readonly kappa4: Kappa4;
  readonly lab: Lab;
  readonly run: string;
  readonly moves: number;
}

/** Starts a run of many moves, ends its process in the middle of the first, and writes into its plan. */
async function halfDone(options: OpenStoreOptions, change: string): Promise<Asked> {
  const lab = await openLab({ ...LAB, store: options });
  const { kappa4 } = lab;
  const plan = await kappa4.rebalance.plan({ options: { balanciness: 1 } });
  const answer = await kappa4.rebalance.apply({ plan: plan.id, maxParallel: 1 });
  if (answer.state !== "started") throw new Error("it was to start at once");
  while (migrations(lab) === 0) await setImmediate();
  await kappa4.close();
  const store = await openStore(options);
  await store.inOrg(store.defaultOrg, ({ db }) =>
    sql`update plans set ${sql.raw(change)}`.execute(db),
  );
  await store.close();
  const moves = plan.content.moves.length;
  return { kappa4: await lab.reopen(), lab, run: answer.run.id, moves };
}

async function endOf({ kappa4, run }: Pick<Asked, "kappa4" | "run">): Promise<RunView> {
  await kappa4.start();
  return kappa4.runs.wait({ run });
}

function movesOf({ result }: RunView): readonly string[] {
  const { moves } = result as { readonly moves: readonly { readonly state: string }[] };
  return moves.map(({ state }) => state);
}

it.each([
  ["made by another version", `facts = facts || '{"hashVersion": 1}', hash = repeat('1', 64)`],
  ["not as it was made", "hash = repeat('1', 64)"],
])(
  "a run under way whose plan is %s is followed, and begins nothing more",
  async (matter, change) => {
    const made = await closedStore();
    const asked = await halfDone(made.options, change);
    try {
      const begun = migrations(asked.lab);
      expect(begun).toBeLessThan(asked.moves);
      // Nobody works on it before a process begins to.
      const [standing] = await asked.kappa4.rebalance.status();
      expect(standing).toMatchObject({ run: { state: "running" }, worker: undefined });
      const ended = await endOf(asked);
      const [past] = await asked.kappa4.rebalance.history();
      expect(past).toMatchObject({ shortId: ended.shortId, interruptions: 1 });
      expect(migrations(asked.lab)).toBe(begun);
      const states = movesOf(ended);
      expect(states.filter((state) => state === "done")).toHaveLength(begun);
      expect(states.filter((state) => state === "skipped")).toHaveLength(asked.moves - begun);
      expect(ended).toMatchObject({ state: "stale", error: { code: "plan_stale" } });
      expect(ended.error?.message).toContain(matter);
      expect(ended.error?.message).toContain("What was under way was followed");
    } finally {
      await asked.kappa4.close();
      await asked.lab.close();
      await made.remove();
    }
  },
);

it("a run under way whose connection leads to a copy of its cluster does nothing there", async () => {
  const made = await closedStore();
  const asked = await halfDone(made.options, "facts = facts");
  const begun = migrations(asked.lab);
  await asked.kappa4.close();
  const copy = await openLab({ ...LAB, cluster: "copy", store: made.options });
  try {
    const ended = await endOf({ kappa4: copy.kappa4, run: asked.run });
    expect(migrations(copy)).toBe(0);
    expect(ended).toMatchObject({ state: "stale", error: { code: "plan_stale" } });
    expect(ended.error?.message).toContain("lab leads to copy now");
    const states = movesOf(ended);
    expect(states.filter((state) => state === "done")).toHaveLength(begun);
    expect(states.filter((state) => state === "skipped")).toHaveLength(asked.moves - begun);
  } finally {
    await copy.close();
    await asked.lab.close();
    await made.remove();
  }
});
