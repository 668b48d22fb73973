import type { BoundKappa4, RunAnswer } from "../../../packages/sdk/src/index.ts";
import { type Canaries, loose } from "./canaries.ts";
import { settled } from "./settled.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** Plans that are approved, denied, withdrawn, broken through, and carried out with and without trouble. */
export async function carryOut(
  { kappa4, people, cluster }: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const { token, taskLog } = canaries;
  const reason = loose(canaries);
  const by = (who: keyof World["people"]): BoundKappa4 =>
    kappa4.as({ actor: { kind: "person", id: people[who] }, via: "slack" });
  const ask = async (who: "ana" | "ben"): Promise<RunAnswer> => {
    const { id } = await by(who).rebalance.plan({ connection: "gold", options: { maxMoves: 5 } });
    return by(who).rebalance.apply({ plan: id, reason });
  };
  const waiting = (answer: RunAnswer) => {
    if (answer.state !== "waiting") throw new Error("nobody was asked");
    return { approval: answer.approval.id, hash: answer.approval.hash };
  };
  await witness.watch(
    "denied",
    async () => {
      const { approval } = waiting(await ask("ana"));
      return by("ben").approvals.deny({ approval, reason });
    },
    "answer",
  );
  await witness.watch(
    "withdrawn",
    async () => {
      const { approval } = waiting(await ask("ana"));
      return by("ana").approvals.withdraw({ approval, reason });
    },
    "answer",
  );
  await witness.watch(
    "broken through",
    async () => {
      const { approval, hash } = waiting(await ask("ana"));
      const how = { approval, hash: hash.slice(0, 8), ticket: canaries.typedToken.text, reason };
      await witness.watch("broken through by an admin", () => by("ben").approvals.breakGlass(how));
      return by("ana").approvals.withdraw({ approval, reason });
    },
    "answer",
  );
  const text = `mount -o password=${taskLog.text},token=${token.text} failed: ${token.text}`;
  cluster.faults.add({ kind: "task-fails", text, times: 1 });
  for (const what of ["carried out with trouble", "carried out"]) {
    await witness.watch(
      what,
      async () => {
        const { approval, hash } = waiting(await ask("ana"));
        const answer = await by("ben").approvals.approve({ approval, hash });
        if (answer.state !== "started") throw new Error("it was not started");
        const { id: run } = answer.run;
        await witness.watch("runs.watch", async () => kappa4.runs.watch({ run }));
        const ended = await kappa4.runs.wait({ run });
        if ((ended.state === "succeeded") !== (what === "carried out"))
          throw new Error(ended.state);
        return ended;
      },
      "answer",
    );
    cluster.faults.clear();
  }
}

/** The power of guests, and nodes that are to be empty. */
export async function operate(
  { kappa4, cluster }: World,
  witness: Witness,
  canaries: Canaries,
): Promise<void> {
  const reason = loose(canaries);
  const [guest = 100] = cluster.placements().keys();
  const on = { connection: "silver", reason };
  const text = `cannot reach the guest, secret: ${canaries.taskLog.text}`;
  cluster.faults.add({ kind: "task-fails", text, times: 1 });
  await witness.watch("instances.stop in vain", () =>
    settled(kappa4, kappa4.instances.stop({ ...on, guest })),
  );
  cluster.faults.clear();
  await witness.watch("instances.stop", () =>
    settled(kappa4, kappa4.instances.stop({ ...on, guest })),
  );
  await witness.watch("instances.start", () =>
    settled(kappa4, kappa4.instances.start({ ...on, guest })),
  );
  const node = cluster.entries[0]?.node ?? "pve1";
  await witness.watch(
    "maintenance.enter",
    () => settled(kappa4, kappa4.maintenance.enter({ ...on, node })),
    "answer",
  );
  await witness.watch(
    "maintenance.leave",
    () => settled(kappa4, kappa4.maintenance.leave({ ...on, node })),
    "answer",
  );
}
