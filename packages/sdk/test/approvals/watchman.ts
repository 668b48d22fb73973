import type { Inhabitant, Town } from "./town.ts";
import {
  enough,
  isFrozen,
  isKnown,
  isPermitted,
  MINUTE,
  type Page,
  rank,
  startBy,
  superAdminsIn,
  waitOf,
} from "./watchman-page.ts";

/** What somebody attempts, before anybody judged it. */
export interface Attempt {
  readonly what: string;
  readonly who?: Inhabitant | undefined;
  readonly hash?: string | undefined;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
  readonly lease?: boolean | undefined;
  readonly now?: boolean | undefined;
  readonly incident?: string | undefined;
  /** The class of the plan at that moment, for a vote. Default: as it was. */
  readonly risk?: number | undefined;
}

/** What the organisation whose books he keeps has decided. */
export interface WatchmanOptions {
  /** Whether who votes on high risks must have logged in a short while ago. */
  readonly asksForLogin: boolean;
}

/**
 * Judges what happened by books of his own: knows nothing of the state machine, only who people are, what they
 * attempted, and which attempts took effect. The rules are written down here a second time, on purpose.
 */
export class Watchman {
  readonly #asksForLogin: boolean;
  readonly #pages = new Map<number, Page>();
  readonly #emergencies: { readonly by: string; readonly at: number }[] = [];

  constructor({ asksForLogin }: WatchmanOptions) {
    this.#asksForLogin = asksForLogin;
  }

  /** Opens the page of a new plan. */
  newPlan(
    id: number,
    plan: Pick<Page, "hash" | "risk" | "made" | "editor" | "loser" | "needs" | "goesFrozen">,
  ): void {
    this.#pages.set(id, { ...plan, saidYes: new Map(), saidAnything: new Set() });
  }

  /** Writes down that more can go wrong with a plan than was thought; it is never less. */
  raise(id: number, risk: number): void {
    const page = this.#pages.get(id);
    if (page !== undefined) page.risk = Math.max(page.risk, risk);
  }

  /** Says what is wrong with an attempt that took effect and led to `state`; undefined when nothing is. */
  complain(id: number, attempt: Attempt, state: string, town: Town): string | undefined {
    const page = this.#pages.get(id);
    if (page === undefined) return "an unknown plan";
    if (page.done === true && attempt.what !== "acknowledge") return "the plan was over";
    const { who } = attempt;
    if (who !== undefined && !(who.linked && who.active)) return "nobody known";
    const complaint = this.#judge(page, attempt, state, town);
    if (!["approved", "pending", "executing"].includes(state)) page.done = true;
    return complaint;
  }

  /** Says what is wrong with telling people something; undefined when nothing is. */
  hears(id: number, what: "remind" | "acknowledge" | "overdue", town: Town): string | undefined {
    const page = this.#pages.get(id);
    if (page === undefined) return "told of an unknown plan";
    if (what === "remind") {
      page.reminders = (page.reminders ?? 0) + 1;
      const isOpen = page.done !== true && page.approvedAt === undefined;
      if (page.asked === undefined || !isOpen) return "reminded of what nobody can decide";
      if (town.now >= page.asked + 60 * MINUTE) return "reminded too late";
      return page.reminders > 2 ? "reminded a third time" : undefined;
    }
    if (page.emergency === undefined || page.acknowledged === true) return "asked without need";
    const days = Math.floor((town.now - page.emergency.at) / (24 * 60 * MINUTE));
    page.asks = (page.asks ?? 0) + 1;
    // One question for each day, and one word that it is overdue.
    return page.asks > days + (days >= 3 ? 1 : 0) ? "asked too often" : undefined;
  }

  #judge(page: Page, attempt: Attempt, state: string, town: Town): string | undefined {
    switch (attempt.what) {
      case "request":
        return this.#request(page, attempt, state, town);
      case "approve":
        return this.#approve(page, attempt, state, town);
      case "deny":
        return this.#deny(page, attempt, town);
      case "break_glass":
        return this.#emergency(page, attempt, town);
      case "start":
        return this.#start(page, attempt, town);
      case "withdraw":
      case "cancel":
        return this.#stop(page, attempt);
      case "supersede":
        return page.started === true ? "replaced while it ran" : this.#asked(page);
      case "deadline":
        return this.#deadline(page, town);
      case "drift":
        return page.approvedAt === undefined ? "drifted unapproved" : undefined;
      case "finish":
        return page.started === true ? undefined : "ended before it began";
      case "acknowledge":
        return this.#acknowledge(page, attempt);
      default:
        return undefined;
    }
  }

  #request(page: Page, { who }: Attempt, state: string, town: Town): string | undefined {
    if (who === undefined || !isPermitted(page, who)) return "requested without the permission";
    if (town.now - page.made >= 30 * MINUTE) return "requested an old plan";
    if (isFrozen(page, town)) return "requested while frozen";
    page.requester = who;
    page.asked = town.now;
    page.superAdminsThen = superAdminsIn(town, page);
    if (state !== "approved") return undefined;
    page.approvedAt = town.now;
    if (page.risk > 1 && who.kind !== "terminal") return "approved without anybody";
    return undefined;
  }

  #approve(page: Page, attempt: Attempt, state: string, town: Town): string | undefined {
    const { who, hash } = attempt;
    if (who === undefined || who.kind !== "human") return "approved by no person";
    if (!isPermitted(page, who)) return "approved without the permission";
    if (who.name === page.requester?.name) return "approved their own request";
    if (who.name === page.editor) return "approved what they chose";
    if (who.name === page.loser) return "approved what is taken from them";
    if (hash !== page.hash) return "approved something else";
    if (isFrozen(page, town)) return "approved while frozen";
    this.#rise(page, attempt, town);
    if (page.saidAnything.has(who.name)) return "approved twice";
    if (town.now >= (page.asked ?? 0) + 60 * MINUTE) return "approved too late";
    if (this.#isLoginStale(page, who, town)) return "approved without a login";
    page.saidYes.set(who.name, who);
    page.saidAnything.add(who.name);
    if (state !== "approved") return undefined;
    page.approvedAt = town.now;
    return enough(page) ? undefined : "approved by too few";
  }

  /** More can go wrong than before: it takes more people, and fresh logins where it took none. */
  #rise(page: Page, { risk = 0 }: Attempt, town: Town): void {
    if (risk <= page.risk) return;
    if (this.#asksForLogin && page.risk < 3 && risk >= 3) {
      page.saidYes.clear();
      page.saidAnything.clear();
    }
    page.risk = risk;
    if (page.requester !== undefined) page.superAdminsThen = superAdminsIn(town, page);
  }

  #deny(page: Page, { who, reason }: Attempt, town: Town): string | undefined {
    if (who === undefined || who.kind !== "human" || !isPermitted(page, who)) {
      return "denied by nobody";
    }
    if (who.name === page.requester?.name || who.name === page.editor) return "denied their own";
    if (who.name === page.loser) return "denied what is taken from them";
    if (page.saidAnything.has(who.name)) return "denied after voting";
    if (town.now >= (page.asked ?? 0) + 60 * MINUTE) return "denied too late";
    return reason === "" ? "denied without why" : undefined;
  }

  #emergency(page: Page, attempt: Attempt, town: Town): string | undefined {
    const { who, hash = "", reason = "", ticket } = attempt;
    if (who === undefined || who.kind !== "human" || rank(who) < 2) return "broken by no Admin";
    if (!isPermitted(page, who)) return "broken without the permission";
    if (page.risk >= 4) return "broken on the highest class";
    if (isFrozen(page, town)) return "broken while frozen";
    if (reason.length < 20 || ticket === "") return "broken without why";
    if (hash.length < 8 || !page.hash.startsWith(hash)) return "broken without its hash";
    if (town.now >= (page.asked ?? 0) + 60 * MINUTE) return "broken too late";
    if (this.#isLoginStale(page, who, town)) return "broken without a login";
    const today = this.#emergencies.filter(
      ({ by, at }) => by === who.name && town.now - at < 24 * 60 * MINUTE,
    );
    if (today.length >= 2) return "broken for the third time";
    page.emergency = { by: who.name, at: town.now };
    page.approvedAt = town.now;
    this.#emergencies.push(page.emergency);
    return undefined;
  }

  #isLoginStale({ risk }: Page, { lastLogin }: Inhabitant, { now }: Town): boolean {
    return this.#asksForLogin && risk >= 3 && now - lastLogin > 5 * MINUTE;
  }

  #start(page: Page, { lease }: Attempt, town: Town): string | undefined {
    const { approvedAt, requester } = page;
    if (approvedAt === undefined || requester === undefined) return "started unapproved";
    if (isFrozen(page, town)) return "started while frozen";
    if (lease !== true) return "started beside another run";
    if (!isKnown(requester) || !isPermitted(page, requester)) return "started for who may not";
    if (town.now < approvedAt + waitOf(page)) return "started before it could be undone";
    page.started = true;
    return town.now >= startBy(page, approvedAt) ? "started too late" : undefined;
  }

  #deadline(page: Page, town: Town): string | undefined {
    const { approvedAt, asked, made, started } = page;
    if (started === true) return "ran out of time while it ran";
    if (approvedAt !== undefined) {
      return town.now < startBy(page, approvedAt)
        ? "ran out of time to start too early"
        : undefined;
    }
    const end = asked === undefined ? made + 30 * MINUTE : asked + 60 * MINUTE;
    return town.now < end ? "ran out of time too early" : undefined;
  }

  #asked({ requester }: Page): string | undefined {
    return requester === undefined ? "replaced before anybody asked" : undefined;
  }

  #stop(page: Page, { what, who, reason, now, incident }: Attempt): string | undefined {
    if (who === undefined) return "stopped by nobody";
    const isOwn = who.name === page.requester?.name;
    const isRescue = what === "cancel" && incident !== undefined && rank(who) >= 1;
    if (!isOwn && rank(who) < 2 && !isRescue) return "stopped by a stranger";
    if (what === "cancel" && now === true && rank(who) < 2) return "stopped at once by no Admin";
    return what === "cancel" && reason === "" ? "stopped without why" : undefined;
  }

  #acknowledge(page: Page, { who }: Attempt): string | undefined {
    if (who === undefined || who.kind !== "human" || rank(who) < 2) return "seen by no Admin";
    if (page.emergency === undefined || page.acknowledged === true) return "seen without need";
    page.acknowledged = true;
    return page.emergency.by === who.name ? "seen by who did it" : undefined;
  }
}
