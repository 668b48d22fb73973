/** Who sent a request, as the surface names them. */
export interface PersonRef {
  readonly id: string;
  /** The workspace the person belongs to. */
  readonly team: string;
}

/** Whether a person may use the bot at all; `reason` is one sentence for a person who may not. */
export type Standing =
  | {
      readonly ok: true;
      /** As others know them. */
      readonly name: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Tells members from guests, strangers, bots and people who have left. */
export interface People {
  /** For a change the answer is at most a minute old, and no answer means no. */
  check(person: PersonRef, purpose: "read" | "change"): Promise<Standing>;
}
