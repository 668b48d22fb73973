import { expect, test } from "vitest";
import * as door from "../src/index.ts";

test("the public names", () => {
  expect(Object.keys(door)).toEqual(["main"]);
});
