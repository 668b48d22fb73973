import type { View } from "../../view/model.ts";
import type { NewBlockType } from "./block.ts";
import { invalidBlocks } from "./errors.ts";
import { renderSlack, type SlackMessage } from "./render.ts";

/** Kinds of block that not every workspace takes. */
export const NEW_BLOCKS: readonly NewBlockType[] = [
  "data_visualization",
  "data_table",
  "table",
  "plan",
];

/** Sends views the way this workspace takes them. */
export interface Fitter {
  /** Draws a view and sends it; draws it again without the blocks that are refused, and remembers them. */
  send<Result>(view: View, send: (message: SlackMessage) => Promise<Result>): Promise<Result>;
}

/** Makes a fitter for one workspace. */
export function createFitter(): Fitter {
  const refused = new Set<NewBlockType>();
  return {
    async send(view, send) {
      for (;;) {
        const message = renderSlack(view, refused);
        try {
          return await send(message);
        } catch (error) {
          const blamed = blame(error, message).filter((type) => !refused.has(type));
          if (blamed.length === 0) throw error;
          for (const type of blamed) refused.add(type);
        }
      }
    },
  };
}

/** Returns the new kinds of block that an error is about: those that Slack names, or else all in the message. */
function blame(error: unknown, { blocks }: SlackMessage): readonly NewBlockType[] {
  const named = invalidBlocks(error);
  if (named === undefined) return [];
  const isNew = (type: string | undefined): type is NewBlockType =>
    NEW_BLOCKS.some((known) => known === type);
  const exact = named.map((index) => blocks[index]?.type).filter(isNew);
  return exact.length > 0 ? exact : blocks.map(({ type }) => type).filter(isNew);
}
