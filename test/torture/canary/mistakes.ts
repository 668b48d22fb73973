import type { Canaries } from "./canaries.ts";

/** Configurations with secrets in wrong places, by name. */
export function mistakes(canaries: Canaries): Readonly<Record<string, string>> {
  const { database, token, typedToken, answered } = canaries;
  const gold = (text: string): string => `connections: { gold: { ${text} } }`;
  return {
    kind: gold(`kind: "${typedToken.text}", auth: { type: token, token: "${token.text}" }`),
    nested: gold(`kind: proxmox, auth: { type: token, token: { is: "${answered.text}" } }`),
    torn: `connections:\n  gold:\n    auth: { type: token, token: "${answered.text}\n  - ${typedToken.text}: [`,
    doubled: gold(
      `kind: proxmox, auth: { type: token, token: "${answered.text}", tokenFile: x, password: "${typedToken.text}" }`,
    ),
    addresses: `store: { url: "mysql://a:${database.text}@h/d" }\n${gold(
      `kind: proxmox, endpoints: ["https://a:${database.text}@h:1", "ftp://b:${answered.text}@h"], auth: { type: token, token: "\${GOLD_TOKEN}x y" }`,
    )}`,
  };
}
