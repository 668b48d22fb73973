import type { ClusterSnapshot, Guest, GuestId } from "@kappa4/connectors";
import { collectBundles } from "./bundles.ts";
import { compareTexts } from "./compare.ts";
import { pinned, whyInactive } from "./hindrance.ts";
import { loadsOf } from "./measure.ts";
import type { Bar } from "./mobility.ts";
import { buildModel, type Model } from "./model.ts";
import type { RebalanceOptions } from "./options.ts";
import type { GuestRequest, NodeChoice } from "./plan.ts";
import { buildProblem } from "./problem.ts";
import { obstacle } from "./reach.ts";
import { Traffic } from "./traffic.ts";
import { change, levelled, percent, some } from "./words.ts";

/** Id of a guest that does not exist yet: an empty text is no guest's id. */
const NEW_GUEST: GuestId = "";
/** Share of its cores that a new guest is expected to use. */
const EXPECTED_CPU = 0.5;

/**
 * Ranks the nodes for a guest that is there already, or for a new one: first those that rules, limits and
 * storages allow, those that rules prefer before others, the least loaded first. A guest that does not run
 * yet is expected to use all its memory and half of its cores. Empty when there is no guest with that id.
 *
 * @example
 * const [best] = pickBestNode(snapshot, { memoryBytes: 8 * 2 ** 30, cores: 4 });
 */
export function pickBestNode(
  snapshot: ClusterSnapshot,
  guest: GuestId | GuestRequest,
  options: RebalanceOptions = {},
): readonly NodeChoice[] {
  const id = typeof guest === "object" ? NEW_GUEST : guest;
  const guests =
    typeof guest === "object"
      ? [...snapshot.guests, newGuest(guest)]
      : snapshot.guests.map((known) => (known.id === id ? asRunning(known) : known));
  const model = buildModel({ ...snapshot, guests }, options);
  const g = model.guestIndex.get(id);
  return g === undefined ? [] : rank(model, g);
}

function rank(model: Model, g: number): readonly NodeChoice[] {
  const problem = buildProblem(model, { widths: new Map(), levels: false });
  const traffic = new Traffic(problem, model.home);
  const company = companyOf(model, g);
  const { level } = model.resources;
  const before = loadsOf(level, model, model.home);
  const choices = model.nodes.map(({ name }, n) => {
    const isHome = model.home[g] === n;
    const load =
      (before[n] ?? 0) + (isHome ? 0 : (level.weight[g] ?? 0) / (level.capacity[n] ?? 1));
    const bar = hindrance(model, traffic, g, n, company);
    const figures = isHome
      ? `it is there now, at ${percent(load)} ${levelled(model)}`
      : `${change(before[n] ?? 0, load)} ${levelled(model)} with it`;
    return {
      wish: model.pins.get(g)?.unwished?.[n] ?? 0,
      choice: {
        node: name,
        load: Math.round(load * 1e6) / 1e6,
        fits: bar === undefined,
        message: bar?.message ?? figures,
      },
    };
  });
  return choices
    .sort(
      (a, b) =>
        Number(b.choice.fits) - Number(a.choice.fits) ||
        a.wish - b.wish ||
        a.choice.load - b.choice.load ||
        compareTexts(a.choice.node, b.choice.node),
    )
    .map(({ choice }) => choice);
}

function hindrance(
  model: Model,
  traffic: Traffic,
  g: number,
  n: number,
  company: readonly number[],
): Bar | undefined {
  const guest = model.guests[g];
  const node = model.nodes[n];
  if (guest === undefined || node === undefined) return undefined;
  if (model.active[n] !== 1) return { code: "no-target", message: whyInactive(model, n) };
  const missing = obstacle(guest, model.nodes[model.home[g] ?? -1], node);
  if (missing !== undefined) return missing;
  if (model.pins.get(g)?.allowed?.[n] === 0) return pinned(model, g);
  if (company.length > 0 && !company.some((other) => model.home[other] === n)) {
    const names = some(company.map((other) => model.guests[other]?.name ?? ""));
    return { code: "rule", message: `it must be on one node with ${names}` };
  }
  const look = (): Bar | undefined => {
    const [partner] = traffic.partnersOn(g, n);
    if (partner !== undefined) {
      const name = model.guests[partner.guest]?.name ?? "";
      return { code: "rule", message: `it must not share ${node.name} with ${name}` };
    }
    return traffic.shortageOn(g, n);
  };
  return model.home[g] === n ? traffic.without(g, look) : look();
}

/** Running guests that rules want on one node with a guest. */
function companyOf(model: Model, g: number): readonly number[] {
  const bundle = collectBundles(model, new Set()).find(({ members }) => members.includes(g));
  return bundle?.members.filter((other) => other !== g && (model.home[other] ?? -1) >= 0) ?? [];
}

/** A stopped guest is placed as if it ran: that is what the question is about. */
function asRunning(guest: Guest): Guest {
  if (guest.status !== "stopped") return guest;
  return {
    ...guest,
    status: "running",
    node: "",
    ...expectedUse(guest.cpu.cores, guest.memory.total),
  };
}

function newGuest({ memoryBytes, cores, tags, pool }: GuestRequest): Guest {
  return {
    id: NEW_GUEST,
    name: "the new guest",
    type: "qemu",
    node: "",
    status: "running",
    ...expectedUse(cores, memoryBytes),
    disk: { total: 0, used: 0 },
    tags: tags ?? [],
    pool: pool ?? null,
    ha: null,
    localResources: [],
    lock: null,
  };
}

function expectedUse(cores: number, memoryBytes: number): Pick<Guest, "cpu" | "memory"> {
  return {
    cpu: { cores, used: EXPECTED_CPU },
    memory: { total: memoryBytes, used: memoryBytes },
  };
}
