import { channel } from "node:diagnostics_channel";
import { afterEach, describe, expect, it } from "vitest";
import { bridgeTelemetry } from "../../src/telemetry/bridge.ts";
import { type ActionTrace, publish, type RunTrace } from "../../src/telemetry/channels.ts";
import { Metrics } from "../../src/telemetry/metrics.ts";

const call: ActionTrace = {
  action: "rebalance.plan",
  kind: "plan",
  actor: "local",
  via: "sdk",
  org: undefined,
  outcome: "done",
  code: undefined,
  durationMs: 40,
};
const run: RunTrace = {
  phase: "ended",
  org: "org_1",
  run: "run_1",
  action: "rebalance.apply",
  connection: "gold",
  cluster: "gold",
  fence: 3,
  state: "succeeded",
  code: undefined,
  durationMs: 90_000,
};

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function metrics(): Metrics {
  const made = new Metrics();
  ends.push(() => made.close());
  return made;
}

describe("metrics", () => {
  it("are counted and timed, told apart by what has few values", () => {
    const counted = metrics();
    publish("kappa4:action", call);
    publish("kappa4:action", { ...call, actor: "usr_1", durationMs: 3_000 });
    publish("kappa4:action", { ...call, outcome: "refused", code: "permission" });
    publish("kappa4:run", { ...run, phase: "begun", state: undefined });
    publish("kappa4:run", run);
    const text = counted.text();
    const labels = 'action="rebalance.plan",outcome="done",code="",via="sdk"';
    expect(text).toContain(`kappa4_actions_total{${labels}} 2\n`);
    expect(text).toContain(`kappa4_actions_seconds_sum{${labels}} 3.04\n`);
    expect(text).toContain(`kappa4_actions_seconds_bucket{${labels},le="0.02"} 0\n`);
    expect(text).toContain(`kappa4_actions_seconds_bucket{${labels},le="0.1"} 1\n`);
    expect(text).toContain(`kappa4_actions_seconds_bucket{${labels},le="10"} 2\n`);
    expect(text).toContain(`kappa4_actions_seconds_bucket{${labels},le="+Inf"} 2\n`);
    expect(text).toContain('outcome="refused",code="permission",via="sdk"} 1\n');
    expect(text).toContain(
      'kappa4_runs_total{action="rebalance.apply",connection="gold",state="succeeded"} 1\n',
    );
    expect(text).not.toMatch(/usr_1|run_1|org_1/);
  });

  it("are in the text format of Prometheus, whatever a name has in it", () => {
    const counted = metrics();
    publish("kappa4:run", { ...run, connection: 'a"b\\c\nd' });
    const text = counted.text();
    expect(text).toContain('connection="a\\"b\\\\c\\nd"');
    const sample = /^[a-z0-9_]+\{([a-z]+="([^"\\\n]|\\.)*",?)*\} [0-9.e+-]+$/;
    for (const line of text.trim().split("\n")) {
      expect(line).toMatch(line.startsWith("#") ? /^# (HELP|TYPE) kappa4_\w+ \S/ : sample);
    }
  });

  it("end with whoever counts", () => {
    const counted = new Metrics();
    counted.close();
    publish("kappa4:action", call);
    expect(counted.text()).not.toContain("rebalance.plan");
    expect(channel("kappa4:action").hasSubscribers).toBe(false);
  });
});

describe("bridgeTelemetry", () => {
  it("makes a span, a count and a time of each trace", () => {
    const spans: Record<string, unknown>[] = [];
    const counts: unknown[] = [];
    const times: unknown[] = [];
    const stop = bridgeTelemetry({
      trace: {
        getTracer: () => ({
          startSpan(name, options = {}) {
            const span: Record<string, unknown> = { name, ...options };
            spans.push(span);
            return {
              setStatus: (status) => Object.assign(span, { status }),
              end: (endTime) => void Object.assign(span, { endTime }),
            };
          },
        }),
      },
      metrics: {
        getMeter: () => ({
          createCounter: (name) => ({ add: (value, labels) => counts.push([name, value, labels]) }),
          createHistogram: (name) => ({
            record: (value, labels) => times.push([name, value, labels]),
          }),
        }),
      },
    });
    publish("kappa4:run", run);
    publish("kappa4:action", { ...call, outcome: "refused", code: "permission" });
    stop();
    publish("kappa4:action", call);
    expect(spans).toHaveLength(2);
    expect(spans[0]).toMatchObject({
      name: "kappa4 run rebalance.apply",
      attributes: { "kappa4.run": "run_1", "kappa4.fence": 3, "kappa4.state": "succeeded" },
    });
    expect(spans[0]).not.toHaveProperty("status");
    const { startTime, endTime } = spans[0] as { startTime: Date; endTime: Date };
    expect(endTime.getTime() - startTime.getTime()).toBe(90_000);
    expect(spans[1]).toMatchObject({ status: { code: 2, message: "permission" } });
    expect(counts).toContainEqual([
      "kappa4.runs",
      1,
      { action: "rebalance.apply", connection: "gold", state: "succeeded" },
    ]);
    expect(times).toHaveLength(2);
  });
});
