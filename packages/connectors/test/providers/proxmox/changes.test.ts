import { describe, expect, it } from "vitest";
import { closing, startFor } from "./change-lab.ts";
import { CHANGES } from "./change-table.ts";
import { connectTo } from "./target.ts";

describe.each(CHANGES)("$what", (change) => {
  const { send, gives, shows } = change;

  it.each(["8.4", "9.1"])("is done on version %s", async (version) => {
    const { simulator, connector, written } = await startFor(change, { version });
    const operation = await send(connector);
    expect(await operation.done()).toEqual(gives);
    expect(shows(simulator)).toBe(true);
    expect(written()).toBe(1);
    expect((await operation.status()).state).toBe("succeeded");
  });

  it("goes on from its token", async () => {
    const { simulator, connector, written } = await startFor(change);
    const { token } = await send(connector);
    const other = closing(connectTo(simulator));
    expect(await other.resumeOperation(token).done()).toEqual(gives);
    expect(written()).toBe(1);
  });

  it.each(["cut-after-accept", "garbage"] as const)(
    "is found when its answer is lost: %s",
    async (kind) => {
      const { simulator, connector, written } = await startFor(change);
      for (const method of ["POST", "DELETE"]) simulator.faults.add({ kind, on: { method } });
      expect(await (await send(connector)).done()).toEqual(gives);
      expect(shows(simulator)).toBe(true);
      expect(written()).toBe(1);
    },
  );

  it("is known not to have begun when it did not arrive", async () => {
    const { simulator, connector, written, begun } = await startFor(change);
    for (const method of ["POST", "DELETE"])
      simulator.faults.add({ kind: "cut-before", on: { method } });
    await expect(send(connector)).rejects.toMatchObject({
      code: "network",
      outcome: "not_applied",
    });
    expect(written()).toBe(1);
    expect(begun()).toBe(0);
  });
});

describe("changes", () => {
  it.each(CHANGES.filter(({ what }) => !what.includes("HA")))(
    "fail with the log of their task: $what",
    async (change) => {
      const { simulator, connector } = await startFor(change);
      simulator.faults.add({ kind: "task-fails" });
      const operation = await change.send(connector);
      await expect(operation.done()).rejects.toMatchObject({
        code: "operation_failed",
        // What leaves no trace of its own cannot be seen to be missing.
        outcome: /^re(start|turn)/.test(change.what) ? "unknown" : "not_applied",
        log: [expect.stringContaining("TASK ERROR")],
      });
      expect((await operation.status()).state).not.toBe("succeeded");
    },
  );

  it.each(CHANGES.filter(({ what }) => !what.includes("HA")))(
    "claim nothing of what cannot be read: $what",
    async (change) => {
      const { simulator, connector } = await startFor(change);
      simulator.faults.add({ kind: "task-fails" });
      const operation = await change.send(connector);
      const on = { method: "GET", path: "/cluster/resources" };
      simulator.faults.add({ kind: "status", status: 403, on, times: 100 });
      await expect(operation.done()).rejects.toMatchObject({ outcome: "unknown" });
    },
  );
});
