import type { NodeChoice } from "@kappa4/sdk/balancing";
import type { View } from "../../view/model.ts";
import { loadText } from "./words.ts";

/** Options of {@link bestNodeView}. */
export interface BestNodeViewOptions {
  /** The guest the nodes are ranked for, as people call it. Default: a new guest. */
  readonly guest?: string | undefined;
  /** Nodes listed; the rest is counted. Default: all. */
  readonly most?: number | undefined;
}

/** Shows the nodes as homes for a guest, the best first. */
export function bestNodeView(
  choices: readonly NodeChoice[],
  options: BestNodeViewOptions = {},
): View {
  const guest = options.guest ?? "the new guest";
  const best = choices.find(({ fits }) => fits);
  const most = options.most ?? Number.POSITIVE_INFINITY;
  return {
    blocks: [
      { kind: "title", text: `Best node for ${guest}` },
      best === undefined
        ? {
            kind: "text",
            tone: "bad",
            text: `No node has room for ${guest}; the reasons are below.`,
          }
        : {
            kind: "text",
            tone: "good",
            text: [
              "Put it on ",
              { bold: best.node },
              `: the node would then be at ${loadText(best)}.`,
            ],
          },
      {
        kind: "table",
        caption: "Nodes as they are now, the best first",
        layout: "lines",
        columns: [
          { header: "#", align: "right" },
          { header: "Node" },
          { header: "Load with it", align: "right" },
          { header: "Fits" },
          { header: "Why" },
        ],
        rows: choices
          .slice(0, most)
          .map(({ node, load, fits, message }, index) => [
            String(index + 1),
            node,
            loadText({ load }),
            fits ? "fits" : "does not fit",
            message,
          ]),
        rowHeader: 1,
      },
      ...(choices.length > most
        ? [{ kind: "note", text: `${most} of ${choices.length} nodes shown.` } as const]
        : []),
    ],
  };
}
