import type {
  ClusterSnapshot,
  Guest,
  GuestId,
  PlacementRule,
  SnapshotNode,
} from "@kappa4/connectors";
import type { RebalanceOptions } from "../options.ts";
import type { Conflict } from "../plan.ts";
import { collectPins, type GuestPins } from "../rules/pins.ts";
import { readRuleBook } from "../rules/rules.ts";
import { type Rest, readRests } from "../search/rests.ts";
import { compareIds, compareTexts } from "./compare.ts";
import { type Bar, levellingBar, standingBar } from "./mobility.ts";
import { unknownNames } from "./option-names.ts";
import { buildReach, type Reach } from "./reach.ts";
import { buildResources, type Resources } from "./resources.ts";
import { resolveSettings, type Settings } from "./settings.ts";

/**
 * A snapshot made ready for calculation. Nodes and guests have numbers, given in the order of names and
 * ids, so that nothing depends on the order of the input. Placement lives elsewhere: a model never changes.
 */
export interface Model extends BareModel {
  /** By guest number: what pins say; guests without pins are absent. */
  readonly pins: ReadonlyMap<number, GuestPins>;
}

/** A model without what is worked out from it. */
export interface BareModel {
  readonly settings: Settings;
  readonly cluster: string;
  readonly rules: readonly PlacementRule[];
  /** What is wrong with the text of the rules and with names in the options. */
  readonly problems: readonly Conflict[];
  readonly nodes: readonly SnapshotNode[];
  readonly nodeIndex: ReadonlyMap<string, number>;
  /** 1: online, not draining, not ignored: takes part in levelling and may receive guests. */
  readonly active: Uint8Array;
  /** 1: in maintenance; guests leave. */
  readonly draining: Uint8Array;
  readonly guests: readonly Guest[];
  readonly guestIndex: ReadonlyMap<GuestId, number>;
  /** Node of each guest in the snapshot; -1 where the snapshot has no such node. */
  readonly home: Int32Array;
  /** 1: runs or is paused, so its load counts and rules apply to it. */
  readonly counts: Uint8Array;
  /** Why a guest cannot move at all. */
  readonly fixed: readonly (Bar | undefined)[];
  /** Why a guest that could move is not moved just to level. */
  readonly unlevelled: readonly (Bar | undefined)[];
  /** By guest number: what recent moves mean for it; guests without any are absent. */
  readonly rests: ReadonlyMap<number, Rest>;
  readonly resources: Resources;
  readonly reach: Reach;
}

/** Numbers nodes and guests and works out everything about them that no move can change. */
export function buildModel(snapshot: ClusterSnapshot, options: RebalanceOptions = {}): Model {
  const settings = resolveSettings(snapshot, options);
  const { rules, problems } = readRuleBook(snapshot, settings);
  const nodes = snapshot.nodes
    .map((node) => withOptions(node, settings))
    .sort((a, b) => compareTexts(a.name, b.name));
  const nodeIndex = new Map(nodes.map(({ name }, index) => [name, index]));
  const guests = snapshot.guests.map(inOrder).sort((a, b) => compareIds(a.id, b.id));
  const guestIndex = new Map(guests.map(({ id }, index) => [id, index]));
  const home = Int32Array.from(guests, ({ node }) => nodeIndex.get(node) ?? -1);
  const counts = Uint8Array.from(guests, ({ status }) =>
    status === "running" || status === "paused" ? 1 : 0,
  );
  const ignored = ignoredGuests(rules);
  const placed = { nodes, guests, home, counts };
  const bare: BareModel = {
    settings,
    cluster: snapshot.meta.name,
    rules,
    problems: [...problems, ...unknownNames(snapshot, options)],
    nodes,
    nodeIndex,
    active: Uint8Array.from(nodes, (node) => (isActive(node) ? 1 : 0)),
    draining: Uint8Array.from(nodes, (node) => (node.maintenance ? 1 : 0)),
    guests,
    guestIndex,
    home,
    counts,
    fixed: guests.map((guest, g) =>
      standingBar(guest, nodes[home[g] ?? -1], ignored.get(guest.id)),
    ),
    unlevelled: guests.map((guest) => levellingBar(guest, settings, snapshot.meta)),
    rests: readRests(guests, nodeIndex, settings),
    resources: buildResources(placed, settings),
    reach: buildReach(placed),
  };
  return { ...bare, pins: collectPins(bare) };
}

/** Why a guest that could move is not moved just to level, at least for now; undefined when it may be. */
export function barFromLevelling(
  { unlevelled, rests }: Pick<BareModel, "unlevelled" | "rests">,
  g: number,
): Bar | undefined {
  return unlevelled[g] ?? rests.get(g)?.bar;
}

function withOptions(node: SnapshotNode, settings: Settings): SnapshotNode {
  return {
    ...node,
    maintenance: node.maintenance || settings.maintenanceNodes.has(node.name),
    ignored: node.ignored || settings.ignoreNodes.has(node.name),
  };
}

/** A guest whose disks, networks and devices are listed in an order of their own. */
function inOrder(guest: Guest): Guest {
  const { volumes, bridges, localResources } = guest;
  const isPlain = (list: readonly unknown[] = []): boolean => list.length < 2;
  if (isPlain(volumes) && isPlain(bridges) && isPlain(localResources)) return guest;
  return {
    ...guest,
    volumes: volumes?.toSorted((a, b) => compareTexts(a.storage, b.storage) || a.bytes - b.bytes),
    bridges: bridges?.toSorted(compareTexts),
    localResources: localResources.toSorted(compareTexts),
  };
}

function isActive(node: SnapshotNode): boolean {
  return node.status === "online" && !node.maintenance && !node.ignored;
}

function ignoredGuests(rules: readonly PlacementRule[]): ReadonlyMap<GuestId, string> {
  const ignored = new Map<GuestId, string>();
  for (const rule of rules) {
    if (rule.kind !== "ignore") continue;
    for (const guest of rule.guests) ignored.set(guest, rule.id);
  }
  return ignored;
}
