import { expect, it } from "vitest";
import { PLANTED_HOLES } from "./torture/approvals/holes.ts";
import { sourceOf, withHole } from "./torture/approvals/plant.ts";

const edits = PLANTED_HOLES.flatMap(({ name, edits }) =>
  edits.map((edit) => [name, edit] as const),
);

// The hunt for them takes minutes; that a source has changed under one of them is to be known before that.
it.each(edits)("the hole that torture -- approvals plants fits its source: %s", (name, edit) => {
  expect(withHole(sourceOf(edit), edit, name)).toContain(`(${edit.to})`);
});
