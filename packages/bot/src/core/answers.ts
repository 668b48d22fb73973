import type { View } from "../view/model.ts";

/** Answers a person who may not use the bot. */
export function refusal(reason: string): View {
  return {
    blocks: [
      { kind: "text", tone: "bad", text: reason },
      { kind: "note", text: "Nothing was done." },
    ],
  };
}

/** Answers while the bot is being stopped. */
export function goingDown(): View {
  return {
    blocks: [
      {
        kind: "text",
        tone: "warning",
        text: "Kappa4 is being restarted. Try again in a minute; nothing was done.",
      },
    ],
  };
}
