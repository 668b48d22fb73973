import { strict as assert } from "node:assert";
import { inspect } from "node:util";
import type { ClusterCapability } from "../contract/capabilities.ts";
import type { Connector } from "../contract/connector.ts";
import { type ErrorCode, Kappa4Error } from "../contract/errors.ts";
import type { ConnectorTarget, TargetConnectOptions, TestKit } from "./target.ts";

/** A target with the connectors of one test. */
export interface Bench {
  readonly target: ConnectorTarget;
  readonly connector: Connector;
  readonly cluster: ClusterCapability;
  connect(options?: TargetConnectOptions): Connector;
}

/** Declares a test that gets a fresh target, and closes everything after it. */
export type DeclareTest = (name: string, test: (bench: Bench) => Promise<void>) => void;

/** Makes the declaring function of a suite. */
export function declareWith(kit: TestKit, makeTarget: () => Promise<ConnectorTarget>): DeclareTest {
  return (name, test) => {
    kit.it(name, async () => {
      const target = await makeTarget();
      const open: Connector[] = [];
      const connect = (options?: TargetConnectOptions): Connector => {
        const connector = target.connect(options);
        open.push(connector);
        return connector;
      };
      try {
        const connector = connect();
        const { cluster } = connector;
        assert.ok(cluster, "the suite needs the capability `cluster`");
        await test({ target, connector, cluster, connect });
      } finally {
        await Promise.all(open.map((connector) => connector.close()));
        await target.close();
      }
    });
  };
}

/** Waits for a rejection, checks that it is an error of ours with one of the codes, and returns it. */
export async function rejection(
  promise: Promise<unknown>,
  ...codes: readonly ErrorCode[]
): Promise<Kappa4Error> {
  const thrown = await promise.then(
    (value) => assert.fail(`should have been rejected, but gave ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!Kappa4Error.is(thrown)) assert.fail(`is no Kappa4Error: ${inspect(thrown)}`);
  assert.ok(
    codes.includes(thrown.code),
    `code ${thrown.code}, not ${codes.join(" or ")}: ${thrown.message}`,
  );
  assert.match(thrown.message, /\.$/, "a message is a sentence");
  assert.ok(thrown.message.length < 1000, "a message is short");
  return thrown;
}

/** Everything that a careless program would print about a value. */
export function printed(value: unknown): string {
  const deep = inspect(value, {
    depth: 12,
    showHidden: true,
    getters: true,
    maxStringLength: null,
  });
  const stack =
    value instanceof Error ? `${value.stack} ${inspect(value.cause, { depth: 12 })}` : "";
  return `${deep} ${stack} ${stringified(value)}`;
}

function stringified(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // What has a cycle was printed by inspect.
    return "";
  }
}
