import { Kappa4Error } from "@kappa4/connectors";
import { describe, expect, it } from "vitest";
import { getGuest } from "../../src/rebalance/get-guest.ts";
import { sampleCluster, sampleGuest } from "./samples.ts";

const cluster = sampleCluster(
  ["a", "b"],
  [
    sampleGuest(101, "a", { name: "web-1" }),
    sampleGuest(102, "a", { name: "twin" }),
    sampleGuest(103, "b", { name: "twin" }),
    sampleGuest(104, "b", { name: "101" }),
  ],
);

function refusal(named: string | number): Kappa4Error {
  try {
    getGuest(cluster, named);
  } catch (error) {
    if (Kappa4Error.is(error)) return error;
  }
  throw new Error(`${named} was found.`);
}

describe("getGuest", () => {
  it("takes an id, as a number or as people type it, before a name", () => {
    expect(getGuest(cluster, 101).name).toBe("web-1");
    expect(getGuest(cluster, "101").name).toBe("web-1");
  });

  it("takes a name that only one guest has", () => {
    expect(getGuest(cluster, "web-1").id).toBe(101);
  });

  it("asks which of several is meant, and suggests what may be meant", () => {
    expect(refusal("twin").code).toBe("invalid_argument");
    expect(refusal("twin").message).toContain("102 on a, 103 on b");
    expect(refusal("web1").code).toBe("not_found");
    expect(refusal("web1").message).toContain("Did you mean web-1?");
  });
});
