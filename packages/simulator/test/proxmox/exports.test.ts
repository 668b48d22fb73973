import * as simulator from "@kappa4/simulator";
import { expect, test } from "vitest";

test("opens these doors to Proxmox VE", () => {
  const names = Object.keys(simulator).filter((name) => !/slack/i.test(name));
  expect(names.toSorted()).toEqual(["generateCluster", "parseFault", "startProxmox"]);
});
