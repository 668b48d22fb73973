import type { GuestId } from "@kappa4/connectors";
import { type Applicant, applicantOf, type Housing } from "./applicant.ts";
import { runningMembers } from "./bundles.ts";
import { compareTexts } from "./compare.ts";
import { pinned, whyInactive } from "./hindrance.ts";
import { loadsOf } from "./measure.ts";
import type { Bar } from "./mobility.ts";
import type { Model } from "./model.ts";
import type { GuestRequest, NodeChoice } from "./plan.ts";
import { obstacle } from "./reach.ts";
import { Rooms } from "./rooms.ts";
import { change, levelled, percent, some } from "./words.ts";

/**
 * Ranks the nodes as homes for a guest: first those that rules, limits and storages allow, those that rules
 * prefer before others, the least loaded first. Empty when there is no guest with that id.
 */
export function rankNodes(housing: Housing, asked: GuestId | GuestRequest): readonly NodeChoice[] {
  const applicant = applicantOf(housing, asked);
  if (applicant === undefined) return [];
  const { model, at } = housing;
  const { home, needs, small, number } = applicant;
  const rooms = new Rooms(model, at);
  if (home >= 0) rooms.shift(needs.amounts, home, -1);
  const { level } = model.resources;
  const unwished = small.pins.get(number)?.unwished;
  const before = loadsOf(level, model, at);
  const choices = model.nodes.map(({ name, status }, n) => {
    const now = before[n] ?? 0;
    const isKnown = status === "online";
    const load = home === n ? now : now + applicant.load / (level.capacity[n] ?? 1);
    const bar = hindrance(model, applicant, rooms, n);
    const figures =
      home === n
        ? `it is there now, at ${percent(load)} ${levelled(model)}`
        : `${change(now, load)} ${levelled(model)} with it`;
    return {
      wish: (unwished?.[n] ?? 0) + wishesMissed(applicant, n),
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

function hindrance(model: Model, applicant: Applicant, rooms: Rooms, n: number): Bar | undefined {
  const { guest, home, needs, small, number } = applicant;
  const node = model.nodes[n];
  if (node === undefined) return undefined;
  if (model.active[n] !== 1) return { code: "no-target", message: whyInactive(model, n) };
  const missing = obstacle(guest, model.nodes[home], node);
  if (missing !== undefined) return missing;
  if (small.pins.get(number)?.allowed?.[n] === 0) return pinned(small, number);
  const company = partnersIn(applicant, "together", true);
  if (company.length > 0 && !company.some((other) => small.home[other] === n)) {
    const names = some(company.map((other) => small.guests[other]?.name ?? ""));
    return { code: "rule", message: `it must be on one node with ${names}` };
  }
  const enemy = partnersIn(applicant, "apart", true).find((other) => small.home[other] === n);
  if (enemy !== undefined) {
    const name = small.guests[enemy]?.name ?? "";
    return { code: "rule", message: `it must not share ${node.name} with ${name}` };
  }
  return rooms.shortage(home === n ? { ...needs, volumes: [] } : needs, n);
}

/** Running guests that rules of a kind name beside it. */
function partnersIn(
  { rules, small, number }: Applicant,
  kind: "together" | "apart",
  hard: boolean,
): readonly number[] {
  return rules
    .filter((rule) => rule.kind === kind && rule.hard === hard)
    .flatMap(({ guests }) => runningMembers(small, guests))
    .filter((other) => other !== number);
}

/** Wishes about company that are not followed on a node. */
function wishesMissed(applicant: Applicant, n: number): number {
  const there = (other: number): boolean => applicant.small.home[other] === n;
  const missed = partnersIn(applicant, "together", false).filter((other) => !there(other));
  return missed.length + partnersIn(applicant, "apart", false).filter(there).length;
}
