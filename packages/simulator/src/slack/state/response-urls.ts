import { slackLimits } from "../limits.ts";
import type { SlackIds } from "./ids.ts";
import type { SlackTime } from "./time.ts";

/** What a response URL may answer to. */
export interface ResponseTarget {
  readonly kind: "commands" | "actions";
  readonly channel: string;
  readonly userId: string;
  /** The message that was acted upon; undefined after a command. */
  readonly originTs: string | undefined;
}

interface IssuedUrl extends ResponseTarget {
  readonly at: number;
  uses: number;
}

/** Keeps the one-purpose addresses under which an app may answer a command or a click. */
export class ResponseUrls {
  readonly #issued = new Map<string, IssuedUrl>();
  readonly #ids: SlackIds;
  readonly #time: SlackTime;

  constructor(ids: SlackIds, time: SlackTime) {
    this.#ids = ids;
    this.#time = time;
  }

  /** Makes an address; returns its path. */
  issue(target: ResponseTarget, teamId: string): string {
    const path = `/${target.kind}/${teamId}/${this.#ids.number(13)}/${this.#ids.secret()}`;
    this.#issued.set(path, { ...target, at: this.#time.now(), uses: 0 });
    return path;
  }

  /** Counts a use; answers why the address is refused when it is too old or used up. */
  use(path: string): ResponseTarget | "expired_url" | "used_url" | undefined {
    const issued = this.#issued.get(path);
    if (issued === undefined) return undefined;
    const { uses, lifeMs } = slackLimits.responseUrl;
    if (this.#time.now() - issued.at > lifeMs) return "expired_url";
    if (issued.uses >= uses) return "used_url";
    issued.uses += 1;
    return issued;
  }
}
