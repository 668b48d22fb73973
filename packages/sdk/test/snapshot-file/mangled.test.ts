import { readFileSync } from "node:fs";
import { ConfigInvalidError } from "@kappa4/connectors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planRebalance } from "../../src/balancing/index.ts";
import { readPlan, readSnapshot } from "../../src/snapshot-file/index.ts";

const small = readFileSync(
  new URL("../../../../examples/snapshots/small.json", import.meta.url),
  "utf8",
);

/** Every place of a value, as keys from the top. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key])),
  ];
}

const places = placesOf(JSON.parse(small)).filter((path) => path.length > 0);

const wrongValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "",
    "pve1",
    "pve9",
    [],
    {},
    -1,
    0,
    0.5,
    1e308,
    1e-308,
    "__proto__",
    2 ** 53,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e15 }),
);

function put(value: unknown, path: readonly string[], wrong: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return wrong;
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...value };
  Reflect.set(copy, key, put(Reflect.get(value, key), rest, wrong));
  return copy;
}

test("whatever stands in a file, it is refused with a path or can be planned for", () => {
  const change = fc.record({ path: fc.constantFrom(...places), wrong: wrongValue });
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
      const value = changes.reduce(
        (good: unknown, { path, wrong }) => put(good, path, wrong),
        JSON.parse(small),
      );
      const text = JSON.stringify(value);
      try {
        const plan = planRebalance(readSnapshot(text, "s.json"));
        accepted += 1;
        expect(readPlan(JSON.stringify(plan), "p.json").moves).toEqual(plan.moves);
      } catch (error) {
        if (!(error instanceof ConfigInvalidError)) throw error;
        expect(error.issues.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 400, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(50);
});
