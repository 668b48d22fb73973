import type { Model } from "../model/model.ts";
import type { Outcome } from "../order/outcome.ts";
import { spareBytes } from "../order/spare-bytes.ts";
import { judged, keepsUpWith } from "./candidate.ts";
import { findCovered, mindsFailures, watchedNodes } from "./coverage.ts";

/**
 * Finds the plan for a cluster: the one of the least seconds, or one that spares bytes where that costs little more
 * and is as good in everything else: rules, limits, nodes that may fail, targets and wishes.
 */
export function findPlan(model: Model): Outcome {
  const usual = findCovered(model);
  const sparing = spareBytes(usual);
  if (sparing === undefined) return usual;
  const watched = mindsFailures(model) ? watchedNodes(model) : [];
  const [one, other] = [judged(model, watched, sparing), judged(model, watched, usual)];
  return keepsUpWith(one, other) ? sparing : usual;
}
