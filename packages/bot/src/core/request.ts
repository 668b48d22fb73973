import type { View } from "../view/model.ts";
import type { PersonRef } from "./people.ts";

/** What was typed or pressed. */
export type RequestContent =
  | { readonly kind: "text"; readonly command: string; readonly text: string }
  | { readonly kind: "button"; readonly token: string };

/** A request as every surface hands it in. */
export interface BotRequest {
  /** Everything that names this one request; a request with a known key has been seen before. */
  readonly keys: readonly string[];
  readonly person: PersonRef;
  /** Id of the channel it came from. */
  readonly place: string;
  readonly content: RequestContent;
  /** Whether the acknowledgement can carry words; buttons cannot, whoever pressed one sees the message change. */
  readonly answersAtOnce: boolean;
  /** Answers in a way that only the person sees. */
  whisper(view: View): Promise<void>;
}
