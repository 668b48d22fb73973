import type { ActionCallOptions, BoundKappa4, Clock, Kappa4 } from "@kappa4/sdk";
import type { Inline, View } from "../view/model.ts";

/** Everything Kappa4 can do, as the person who asks. */
export type PersonKappa4 = BoundKappa4 & Pick<Kappa4, "connections">;

/** What a command has to work with. */
export interface CommandContext {
  /** What the person may do with it, their roles say; what they may not is refused there. */
  readonly kappa4: PersonKappa4;
  readonly clock: Clock;
  /** Who asks, by the id the surface knows. */
  readonly person: string;
  /** Who asks, by the id that Kappa4 knows. */
  readonly user: string;
  /** Where the answer goes: the id of a channel. */
  readonly place: string;
  /** For calls that change something: a request that arrives twice has one effect, also after a restart. */
  once(what: string): ActionCallOptions;
  /** Learns who people are, so that they can be named. */
  people(): Promise<Who>;
  readonly follow: Follow;
}

/** Names somebody by the id that Kappa4 knows. */
export type Who = (id: string) => Inline;

/** Keeps messages in step with what becomes of things, by the short ids that people say. Each is begun once. */
export interface Follow {
  /** Takes the buttons off a plan's message when it has become too old. */
  plan(id: string): void;
  /** Shows each decision, tells who asked, and follows the run that comes of it. */
  approval(id: string): void;
  /** Shows how a run goes, and how it ended. */
  run(id: string): void;
}

/** What a command wants shown, and to whom. */
export type Reply =
  /** Seen by nobody but the person who asked. */
  | { readonly to: "person"; readonly view: View }
  /** One message per subject: the first reply posts it, those that follow change it in place. */
  | { readonly to: "channel"; readonly subject: string; readonly view: View }
  /** Changes the message of a subject in place, where there is one. */
  | { readonly to: "message"; readonly subject: string; readonly view: View }
  /** A new message below that of the subject, so that people notice. */
  | { readonly to: "thread"; readonly subject: string; readonly view: View };
