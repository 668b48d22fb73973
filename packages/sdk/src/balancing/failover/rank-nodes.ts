import type { GuestId } from "@kappa4/connectors";
import type { GuestRequest, NodeChoice } from "../explanation.ts";
import { runningMembers } from "../model/bundles.ts";
import { compareTexts } from "../model/compare.ts";
import type { Bar } from "../model/mobility.ts";
import { obstacle } from "../model/reach.ts";
import { pinned, whyInactive } from "../telling/hindrance.ts";
import { change, levelled, percent, some } from "../telling/words.ts";
import { type Applicant, applicantOf, type Housing } from "./applicant.ts";

/**
 * Ranks the nodes as homes for a guest: first those that rules, limits and storages allow, those that rules
 * prefer before others, the least loaded first. Empty when there is no guest with that id.
 */
export function rankNodes(housing: Housing, asked: GuestId | GuestRequest): readonly NodeChoice[] {
  const applicant = applicantOf(housing, asked);
  if (applicant === undefined) return [];
  const { model, rooms, loads } = housing;
  const { home, needs, small, number } = applicant;
  const company = companyOf(applicant);
  const { level } = model.resources;
  const unwished = small.pins.get(number)?.unwished;
  // What it takes of its own node is free for it.
  if (home >= 0) rooms.shift(needs.amounts, home, -1);
  const choices = model.nodes.map(({ name, status }, n) => {
    const now = loads[n] ?? 0;
    const isKnown = status === "online";
    const load = home === n ? now : now + applicant.load / (level.capacity[n] ?? 1);
    const bar = hindrance(housing, applicant, company, n);
    const figures =
      home === n
        ? `it is there now, at ${percent(load)} ${levelled(model)}`
        : `${change(now, load)} ${levelled(model)} with it`;
    return {
      wish: (unwished?.[n] ?? 0) + wishesMissed(applicant, company, n),
      load: isKnown ? load : Number.MAX_VALUE,
      choice: {
        node: name,
        load: isKnown ? Math.round(load * 1e6) / 1e6 : null,
        fits: bar === undefined,
        ...(bar === undefined ? {} : { code: bar.code }),
        message: bar?.message ?? figures,
      },
    };
  });
  if (home >= 0) rooms.shift(needs.amounts, home, 1);
  return choices
    .sort(
      (a, b) =>
        Number(b.choice.fits) - Number(a.choice.fits) ||
        a.wish - b.wish ||
        a.load - b.load ||
        compareTexts(a.choice.node, b.choice.node),
    )
    .map(({ choice }) => choice);
}

/** Running guests that rules name beside an applicant, in the numbers of its small model. */
interface Company {
  /** It must be with one of them, or with none of them. */
  readonly friends: readonly number[];
  readonly enemies: readonly number[];
  /** The same as a wish. */
  readonly liked: readonly number[];
  readonly disliked: readonly number[];
}

function companyOf({ rules, small, number }: Applicant): Company {
  const named = (kind: "together" | "apart", hard: boolean): readonly number[] =>
    rules
      .filter((rule) => rule.kind === kind && rule.hard === hard)
      .flatMap(({ guests }) => runningMembers(small, guests))
      .filter((other) => other !== number);
  return {
    friends: named("together", true),
    enemies: named("apart", true),
    liked: named("together", false),
    disliked: named("apart", false),
  };
}

function hindrance(
  { model, rooms }: Housing,
  { guest, home, needs, small, number }: Applicant,
  { friends, enemies }: Company,
  n: number,
): Bar | undefined {
  const node = model.nodes[n];
  if (node === undefined) return undefined;
  if (model.active[n] !== 1) return { code: "no-target", message: whyInactive(model, n) };
  const missing = obstacle(guest, model.nodes[home], node);
  if (missing !== undefined) return missing;
  if (small.pins.get(number)?.allowed?.[n] === 0) return pinned(small, number);
  if (friends.length > 0 && !friends.some((other) => small.home[other] === n)) {
    const names = some(friends.map((other) => small.guests[other]?.name ?? ""));
    return { code: "rule", message: `it must be on one node with ${names}` };
  }
  const enemy = enemies.find((other) => small.home[other] === n);
  if (enemy !== undefined) {
    const name = small.guests[enemy]?.name ?? "";
    return { code: "rule", message: `it must not share ${node.name} with ${name}` };
  }
  return rooms.shortage(home === n ? { ...needs, volumes: [] } : needs, n);
}

/** Wishes about company that are not followed on a node. */
function wishesMissed({ small }: Applicant, { liked, disliked }: Company, n: number): number {
  const there = (other: number): boolean => small.home[other] === n;
  return liked.filter((other) => !there(other)).length + disliked.filter(there).length;
}
