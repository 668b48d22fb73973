import { expect, test } from "vitest";
import { closest } from "../src/closest.ts";

const keys = ["connections", "balancing", "apply", "maxParallel", "onFailure"];

test.each([
  ["conections", "connections"],
  ["balanicng", "balancing"],
  ["max_parallel", "maxParallel"],
  ["MaxParallel", "maxParallel"],
  ["aply", "apply"],
  ["on-failure", "onFailure"],
])("%s was meant as %s", (typed, meant) => {
  expect(closest(typed, keys)).toBe(meant);
});

test.each(["proxmox_api", "x", "service"])("%s resembles nothing", (typed) => {
  expect(closest(typed, keys)).toBeUndefined();
});
