/** Hides tokens, tickets and addresses that let anybody answer. */
export function redact(text: string): string {
  return text
    .replace(/\bx(?:ox[a-z]|app)-[\w-]+/g, "[token]")
    .replace(/\b(?:https?|wss?):\/\/\S+/g, "[address]");
}
