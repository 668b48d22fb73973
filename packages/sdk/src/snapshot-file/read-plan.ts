import type { Issue } from "@kappa4/connectors";
import type { RebalancePlan } from "../balancing/index.ts";
import { configInvalid } from "../config/config-invalid.ts";
import { checkFile, parseJsonFile } from "./json-file.ts";
import { planSchema } from "./plan-schema.ts";

/**
 * Reads the text of a `rebalance-plan` file, as `kappa4 rebalance dry-run --json` prints it. `source` is what
 * messages call it. Throws `config_invalid` with the path of each problem.
 */
export function readPlan(text: string, source: string): RebalancePlan {
  const value = parseJsonFile(text, source, {
    format: "rebalance-plan",
    version: 1,
    advice: "write one with `kappa4 rebalance dry-run --json > plan.json`",
  });
  return checkPlan(value, source);
}

/** Checks a plan that was parsed already; same as {@link readPlan}. */
export function checkPlan(value: unknown, source: string): RebalancePlan {
  const plan = checkFile(planSchema, value, source);
  const issues = brokenMoves(plan);
  if (issues.length > 0) throw configInvalid(source, issues);
  return plan;
}

/** A plan that was edited by hand may send a guest from where an earlier move did not bring it. */
function brokenMoves({ moves }: RebalancePlan): readonly Issue[] {
  const places = new Map<unknown, string>();
  let wave = 0;
  return moves.flatMap((move, index) => {
    const path = `moves.${index}`;
    const place = places.get(move.guest);
    places.set(move.guest, move.to);
    const issues: Issue[] = [];
    if (move.from === move.to) {
      issues.push({
        path: `${path}.to`,
        message: `the guest is on ${move.from} already; remove the move`,
      });
    }
    if (place !== undefined && place !== move.from) {
      const message = `an earlier move brings guest ${move.guest} to ${place}; it cannot leave ${move.from}`;
      issues.push({ path: `${path}.from`, message });
    }
    if (move.wave < wave) {
      issues.push({
        path: `${path}.wave`,
        message: `must not be below ${wave}, the wave before it`,
      });
    }
    wave = Math.max(wave, move.wave);
    return issues;
  });
}
