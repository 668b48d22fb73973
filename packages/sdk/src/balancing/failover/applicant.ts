import type { Guest, GuestId, PlacementRule } from "@kappa4/connectors";
import type { GuestRequest } from "../explanation.ts";
import { loadsOf } from "../measure.ts";
import type { Kin } from "../model/kin.ts";
import { buildModel, type Model } from "../model/model.ts";
import type { RebalanceOptions } from "../options.ts";
import { type Needs, needsOf, Rooms } from "./rooms.ts";

/** Id of a guest that does not exist yet: an empty text is no guest's id. */
const NEW_GUEST: GuestId = "";
/** Share of its cores that a new guest is expected to use. */
const EXPECTED_CPU = 0.5;

/** A cluster in which homes are looked for. */
export interface Housing {
  readonly model: Model;
  readonly kin: Kin;
  readonly options: RebalanceOptions;
  /** By guest: its node. */
  readonly at: Int32Array;
  readonly rooms: Rooms;
  /** By node: load of the levelled resource, as a fraction. */
  readonly loads: Float64Array;
}

/** Works out what all questions about homes have in common. */
export function openHousing(
  model: Model,
  kin: Kin,
  options: RebalanceOptions,
  at: Int32Array,
): Housing {
  const loads = loadsOf(model.resources.level, model, at);
  return { model, kin, options, at, rooms: new Rooms(model, at), loads };
}

/** A guest that looks for a home. */
export interface Applicant {
  readonly guest: Guest;
  /** Where it runs, -1 while it does not. */
  readonly home: number;
  readonly needs: Needs;
  /** Of the levelled resource. */
  readonly load: number;
  readonly rules: readonly PlacementRule[];
  /** A model of it and of the guests that it shares rules with, and its number there. */
  readonly small: Model;
  readonly number: number;
}

/** Finds out what a guest needs and which rules it has, in time that depends on its partners and not on all guests. */
export function applicantOf(
  housing: Housing,
  asked: GuestId | GuestRequest,
): Applicant | undefined {
  const { model, kin, at } = housing;
  if (typeof asked === "object") {
    const guest = newGuest(asked);
    return withRules(housing, guest, -1, kin.rulesOfNew(guest));
  }
  const g = model.guestIndex.get(asked) ?? -1;
  const known = model.guests[g];
  if (known === undefined) return undefined;
  const rules = kin.rulesOf(known.id);
  if (model.counts[g] !== 1) return withRules(housing, asRunning(known), -1, rules);
  return {
    ...withRules(housing, known, at[g] ?? -1, rules),
    needs: needsOf(model, g),
    load: model.resources.level.weight[g] ?? 0,
  };
}

function withRules(
  { model, kin, options, at }: Housing,
  guest: Guest,
  home: number,
  rules: readonly PlacementRule[],
): Applicant {
  const partners = kin.partners(rules, guest.id).flatMap((g): readonly Guest[] => {
    const partner = model.guests[g];
    if (partner === undefined) return [];
    return [bare({ ...partner, node: model.nodes[at[g] ?? -1]?.name ?? partner.node })];
  });
  const small = buildModel(
    {
      format: "cluster-snapshot",
      version: 1,
      meta: { name: model.cluster },
      nodes: model.nodes,
      guests: [bare(guest), ...partners],
      pools: {},
      haRules: [],
      rules,
    },
    { ...options, rules: [], pools: {}, ignoreGuests: [] },
  );
  const number = small.guestIndex.get(guest.id) ?? -1;
  const load = small.resources.level.weight[number] ?? 0;
  return { guest, home, needs: needsOf(small, number), load, rules, small, number };
}

/** Without what rules are read from: they are given. */
function bare(guest: Guest): Guest {
  return { ...guest, tags: [], pool: null };
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

/** A guest that does not exist yet, as if it ran; on no node, and with an id that no guest has. */
export function newGuest({ memoryBytes, cores, tags, pool }: GuestRequest): Guest {
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
