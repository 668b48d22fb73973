import { strict as assert } from "node:assert";
import type { ErrorCode } from "../contract/errors.ts";
import { type DeclareTest, printed, rejection } from "./bench.ts";
import type { ConformanceFault } from "./target.ts";

const LASTING: readonly (readonly [ConformanceFault, ...ErrorCode[]])[] = [
  ["unauthorized", "auth"],
  ["forbidden", "permission"],
  ["missing", "not_found"],
  ["rate-limited", "rate_limited"],
  ["failing", "unavailable"],
  ["malformed", "protocol"],
  ["cut-read", "network"],
];

/** Declares the tests of everything that goes wrong. */
export function declareFailing(test: DeclareTest): void {
  for (const [fault, ...codes] of LASTING) {
    test(`says ${codes.join(" or ")} when the system is ${fault}`, async ({ cluster, target }) => {
      target.break(fault);
      const error = await rejection(cluster.state(), ...codes);
      assert.equal(error.outcome, "not_applied");
      assert.notEqual(error.context.connector, undefined);
      target.heal();
      await cluster.state();
    });
  }

  for (const fault of ["rate-limited", "failing", "cut-read"] as const) {
    test(`outlasts it when the system is ${fault} for a moment`, async ({ cluster, target }) => {
      target.break(fault, 2);
      assert.notEqual((await cluster.state()).guests.length, 0);
    });
  }

  test("gives up on an answer that does not come", async ({ connect, target }) => {
    const { cluster } = connect({ timeoutMs: 250 });
    await cluster?.state();
    target.break("slow");
    await rejection(cluster?.state() ?? Promise.resolve(), "timeout");
    target.heal();
  });

  test("says auth for credentials that are not accepted", async ({ connect }) => {
    await rejection(connect({ wrongCredentials: true }).ping(), "auth");
  });

  test("stops when it is told to", async ({ cluster, target }) => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const { guest, to, allowDowntime } = target.move;
    stop.abort(reason);
    const { signal } = stop;
    const before = target.writes();
    for (const call of [
      () => cluster.snapshot({ signal }),
      () => cluster.state({ signal }),
      () => cluster.describeGuests([guest], { signal }),
      () => cluster.checkAccess({ signal }),
      () => cluster.migrate(guest, to, { allowDowntime, signal }),
    ]) {
      await assert.rejects(call(), (error) => error === reason);
    }
    assert.equal(target.writes(), before);
  });

  test("stops in the middle of a call", async ({ connect, target }) => {
    const { cluster } = connect();
    await cluster?.state();
    target.break("slow");
    const stop = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => stop.abort(reason), 20);
    await assert.rejects(
      cluster?.snapshot({ signal: stop.signal }) ?? Promise.resolve(),
      (error) => error === reason,
    );
    target.heal();
  });

  test("keeps secrets to itself", async ({ connect, target }) => {
    const told: unknown[] = [];
    const keep = (fields: object, message: string): void => {
      told.push(fields, message);
    };
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    const connector = connect({ logger });
    const { guest, to, allowDowntime } = target.move;
    await connector.ping();
    for (const fault of ["forbidden", "malformed", "cut-read", "unauthorized"] as const) {
      target.break(fault);
      told.push(await connector.cluster?.snapshot().catch((error: unknown) => error));
      target.heal();
    }
    target.break("cut-write", 1);
    told.push(await connector.cluster?.migrate(guest, to, { allowDowntime }));
    told.push(
      await connect({ wrongCredentials: true, logger })
        .ping()
        .catch((error: unknown) => error),
    );
    const text = [connector, ...told].map(printed).join("\n");
    assert.ok(told.length > 10, "the log was heard");
    for (const secret of target.secrets) assert.ok(!text.includes(secret), "a secret shows");
  });

  test("is over when it is closed", async ({ connector, cluster }) => {
    await connector.ping();
    await connector.close();
    await rejection(cluster.state(), "failed_precondition");
    await connector.close();
  });
}
