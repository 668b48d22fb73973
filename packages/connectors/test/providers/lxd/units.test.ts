import { describe, expect, it } from "vitest";
import { parseBytes, parseCores, parseTags } from "../../../src/providers/lxd/units.ts";

describe("parseBytes", () => {
  it.each([
    ["1073741824", 1073741824],
    ["512MiB", 512 * 2 ** 20],
    ["2GB", 2e9],
    ["1.5GiB", 1.5 * 2 ** 30],
    [" 10 MiB ", 10 * 2 ** 20],
    ["100B", 100],
    ["25%", 250],
  ])("reads %s", (text, bytes) => {
    expect(parseBytes(text, 1000)).toBe(bytes);
  });

  it.each([[undefined], [""], ["much"], ["5XB"], ["-1MiB"]])("knows nothing of %s", (text) => {
    expect(parseBytes(text, 1000)).toBeUndefined();
  });
});

describe("parseCores", () => {
  it.each([
    ["4", 4],
    ["0-3", 4],
    ["0-0", 1],
    ["1,3,5-7", 5],
    ["1,1,1", 1],
  ])("counts %s", (text, cores) => {
    expect(parseCores(text)).toBe(cores);
  });

  it.each([[undefined], [""], ["0"], ["3-1"], ["many"], ["0-99999999"]])("refuses %s", (text) => {
    expect(parseCores(text)).toBeUndefined();
  });
});

describe("parseTags", () => {
  it("splits at semicolons, commas and blanks, and drops doubles", () => {
    expect(parseTags("plb_affinity_web; plb_pin_node1,web web")).toEqual([
      "plb_affinity_web",
      "plb_pin_node1",
      "web",
    ]);
    expect(parseTags(undefined)).toEqual([]);
  });
});
