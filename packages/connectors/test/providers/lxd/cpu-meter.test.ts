import { describe, expect, it } from "vitest";
import { createCpuMeter } from "../../../src/providers/lxd/cpu-meter.ts";

describe("createCpuMeter", () => {
  it("knows nothing at the first reading and the growth at the second", () => {
    const meter = createCpuMeter();
    expect(meter.read(new Map([["a", 1e9]]), 0).size).toBe(0);
    // Three CPU seconds in two seconds are one and a half cores.
    expect(meter.read(new Map([["a", 4e9]]), 2000).get("a")).toBe(1.5);
  });

  it("starts anew when the counter fell", () => {
    const meter = createCpuMeter();
    meter.read(new Map([["a", 9e9]]), 0);
    expect(meter.read(new Map([["a", 1e9]]), 1000).has("a")).toBe(false);
    expect(meter.read(new Map([["a", 2e9]]), 2000).get("a")).toBe(1);
  });

  it("keeps the last rate when asked again at once", () => {
    const meter = createCpuMeter();
    meter.read(new Map([["a", 0]]), 0);
    meter.read(new Map([["a", 1e9]]), 1000);
    expect(meter.read(new Map([["a", 1e9]]), 1100).get("a")).toBe(1);
    expect(meter.read(new Map([["a", 2e9]]), 2000).get("a")).toBe(1);
  });

  it("forgets instances that are gone", () => {
    const meter = createCpuMeter();
    meter.read(new Map([["a", 0]]), 0);
    meter.read(new Map(), 1000);
    expect(meter.read(new Map([["a", 5e9]]), 2000).has("a")).toBe(false);
  });
});
