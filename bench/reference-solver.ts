import type { ClusterSnapshot, GuestId } from "@kappa4/connectors";
import { planRebalance } from "@kappa4/sdk/balancing";
import highsLoader, { type Highs } from "highs";
import { leastSeconds } from "./balancing-bound.ts";
import type { ReferenceFigures } from "./bounds.ts";
import { type Milp, writeMilp } from "./reference-model.ts";
import { readUnits, type Units } from "./reference-units.ts";

/** The package says of its types that they are CommonJS; what is loaded is its ES module. */
const loadHighs = highsLoader as unknown as typeof highsLoader.default;
/** The engine's own plan, made with more effort, is the figure to beat. */
const EFFORT = 4;
/** What is not cheaper by this part is not looked for. */
const NEARLY = 0.9999;
/** Into how many parts the edge of a window is cut, and each part that resists again. */
const PARTS = 10;
const CUTS = 4;
/** So many times the time for one part a scenario may take in all. */
const PATIENCE = 12;

/** A range of the lower edge of the window that decides. */
interface Cell {
  readonly from: number;
  readonly to: number;
  /** No end state in it costs less, as far as is known. */
  readonly bound: number;
}

/**
 * Finds the cheapest end state, or proves how cheap it can be at most. The solver's relaxation is weak while the
 * edge of a window may be anywhere, so the edge is cut into cells: in most of them the solver soon proves that
 * nothing is cheaper than what is known, and those where it runs out of time are cut again while patience lasts.
 */
export async function solveExactly(
  snapshot: ClusterSnapshot,
  secondsPerCell: number,
): Promise<ReferenceFigures> {
  const startedAt = performance.now();
  const units = readUnits(snapshot);
  const milp = writeMilp(snapshot, units);
  const highs = await loadHighs();
  const { first, last, column } = edgeOf(snapshot, milp);
  const whole: Cell = { from: first, to: last, bound: 0 };
  const open = [whole];
  let best = costOf(snapshot, units);
  let bound = best;
  const isPatient = (): boolean => performance.now() - startedAt < PATIENCE * secondsPerCell * 1000;
  while (open.length > 0 && best > 0 && isPatient()) {
    // The cell that holds the bound down is next.
    open.sort((a, b) => b.bound - a.bound);
    const cell = open.pop();
    if (cell === undefined) break;
    const found = solveCell(highs, milp, cell, { column, best, seconds: secondsPerCell });
    best = Math.min(best, found.cost);
    if (found.isProven) bound = Math.min(bound, found.bound);
    else {
      const { from, to, bound: known } = cell;
      const parts = cell === whole ? PARTS : CUTS;
      open.push(...cut({ from, to, bound: Math.max(known, found.bound) }, parts));
    }
  }
  bound = Math.min(bound, ...open.map((cell) => cell.bound));
  bound = Math.min(best, Math.max(bound, leastSeconds(snapshot)));
  const solverSeconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const gap = best > 0 ? (best - bound) / best : 0;
  return { bound: rounded(bound), best: rounded(best), gap: rounded(gap), solverSeconds };
}

function cut({ from, to, bound }: Cell, parts: number): Cell[] {
  const edge = (part: number): number =>
    part === parts ? to : from + ((to - from) * part) / parts;
  return Array.from({ length: parts }, (_, part) => ({
    from: edge(part),
    to: edge(part + 1),
    bound,
  }));
}

interface CellAnswer {
  /** Cost of the cheapest end state found in the cell; Infinity where none is cheaper than what is known. */
  readonly cost: number;
  /** No end state in the cell costs less than this. */
  readonly bound: number;
  readonly isProven: boolean;
}

function solveCell(
  highs: Highs,
  milp: Milp,
  { from, to }: Cell,
  known: { readonly column: number; readonly best: number; readonly seconds: number },
): CellAnswer {
  return highs.withModel(milp.data, (model): CellAnswer => {
    const { infeasible, optimal } = highs.constants.modelStatus;
    model.options.set({ output_flag: false, time_limit: known.seconds, mip_rel_gap: 1e-4 });
    model.changeColBounds(known.column, Math.max(0, from), Math.max(0, to));
    const costs = Array.from(milp.data.colCost, Number);
    const indices = costs.flatMap((cost, index) => (cost > 0 ? [index] : []));
    const values = indices.map((index) => costs[index] ?? 0);
    const cutoff = known.best * NEARLY;
    model.addRow(Number.NEGATIVE_INFINITY, cutoff, {
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    });
    model.run();
    const status = model.getModelStatus();
    const none = { cost: Number.POSITIVE_INFINITY, bound: cutoff, isProven: true };
    if (status === infeasible) return none;
    const proven = Number(model.info.get("mip_dual_bound"));
    const objective = model.getObjectiveValue();
    const cost = Number.isFinite(objective) && objective > 0 ? objective : none.cost;
    const bound = Math.min(cutoff, Number.isFinite(proven) ? proven : 0);
    return { cost, bound, isProven: status === optimal };
  });
}

/**
 * The window whose edge is cut: of processors where they have a target, for there it decides, else of memory. The
 * emptiest node is at most as full as the average, and the fullest at least, so the edge is within a target below it.
 */
function edgeOf(snapshot: ClusterSnapshot, { columns }: Milp) {
  const { balanciness = 10, cpuBalanciness } = snapshot.policy ?? {};
  const active = snapshot.nodes.filter(({ maintenance }) => !maintenance);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  if (cpuBalanciness === undefined) {
    const used =
      sum(snapshot.guests.map(({ memory }) => memory.used)) +
      sum(active.map(({ base }) => base.memory));
    const average = used / sum(active.map(({ memory }) => memory.total));
    return { column: columns - 4, first: average - balanciness / 100, last: average };
  }
  const used =
    sum(snapshot.guests.map(({ cpu }) => cpu.used * cpu.cores)) +
    sum(active.map(({ base }) => base.cpu));
  const average = used / sum(active.map(({ cpu }) => cpu.cores));
  return { column: columns - 2, first: average - cpuBalanciness / 100, last: average };
}

/** Cost of the engine's own plan, as far as its end state goes. */
function costOf(snapshot: ClusterSnapshot, { units }: Units): number {
  const at = new Map<GuestId, string>(snapshot.guests.map(({ id, node }) => [id, node]));
  const plan = planRebalance(snapshot, { effort: EFFORT });
  if (plan.status === "partial") throw new Error(`${snapshot.meta.name}: no plan to start from`);
  for (const { guest, to } of plan.moves) at.set(guest, to);
  return units.reduce((sum, { members: [first], nodes, seconds }) => {
    const name = first === undefined ? "" : at.get(first.id);
    return sum + (seconds[nodes.findIndex((n) => snapshot.nodes[n]?.name === name)] ?? 0);
  }, 0);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
