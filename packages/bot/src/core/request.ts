import type { View } from "../view/model.ts";
import type { PersonRef } from "./people.ts";
import type { MessageRef } from "./port.ts";

/** What was typed or pressed. */
export type RequestContent =
  | { readonly kind: "text"; readonly command: string; readonly text: string }
  | {
      readonly kind: "button";
      readonly value: string;
      /** The message that the button is on, where it is one that can be edited. */
      readonly message?: MessageRef | undefined;
      /** What was filled into the form that the button opened, by argument name. */
      readonly answers?: Readonly<Record<string, string>> | undefined;
    };

/** A question that a button opens before its call is made. */
export interface Form {
  readonly title: string;
  /** The argument that is asked for. */
  readonly name: string;
  readonly label: string;
  readonly accept: string;
}

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
