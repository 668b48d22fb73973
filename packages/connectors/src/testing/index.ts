import { declareWith } from "./bench.ts";
import { declareChanging } from "./changing.ts";
import { declareFailing } from "./failing.ts";
import { declareMoving } from "./moving.ts";
import { declareReading } from "./reading.ts";
import type { ConnectorTarget, TestKit } from "./target.ts";

export type {
  ConformanceFault,
  ConnectorTarget,
  TargetConnectOptions,
  TestKit,
} from "./target.ts";

/**
 * Declares the conformance suite for one connector: what every connector has to do, in the words of a test
 * runner. Each test gets a fresh target.
 *
 * @example
 * import { describe, it } from "vitest";
 * describeConnector({ describe, it }, "proxmox 9.1", () => startTarget());
 */
export function describeConnector(
  kit: TestKit,
  name: string,
  makeTarget: () => Promise<ConnectorTarget>,
): void {
  const test = declareWith(kit, makeTarget);
  kit.describe(`connector ${name}`, () => {
    kit.describe("reading", () => declareReading(test));
    kit.describe("moving", () => declareMoving(test));
    kit.describe("changing", () => declareChanging(test));
    kit.describe("failing", () => declareFailing(test));
  });
}
