import { z } from "zod";
import type { ServerTrust } from "../../transport/tls.ts";
import { type HttpOptionsInput, httpOptions } from "../http-options.ts";

/** Who we are at the cluster: an API token, or a user with a password and perhaps a second factor. */
export type ProxmoxAuthOptions =
  | { readonly type: "token"; readonly token: string }
  | {
      readonly type: "password";
      /** With realm, for example `root@pam`. */
      readonly username: string;
      readonly password: string;
      /** Secret of the second factor in base32; the codes are worked out from it. */
      readonly totp?: string | undefined;
    };

/** The options of a connection to a Proxmox VE cluster, as they are written. */
export interface ProxmoxOptionsInput extends HttpOptionsInput {
  /** Addresses of nodes of the cluster, for example `https://pve1.example:8006`. */
  readonly endpoints: readonly string[];
  readonly auth: ProxmoxAuthOptions;
  /** How often a task under way is looked at. Default 1000 ms. */
  readonly pollIntervalMs?: number | undefined;
}

/** The options of a connection to a Proxmox VE cluster, checked. */
export interface ProxmoxOptions extends ProxmoxOptionsInput {
  readonly tls: ServerTrust;
  readonly pollIntervalMs: number;
}

const printable = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "holds a blank or a character that cannot be sent");

const endpoint = z
  .url({ protocol: /^https$/, error: "must be a URL like https://pve1.example:8006" })
  .refine((text) => {
    // Refinements run on what is no URL too; that was said already.
    if (!URL.canParse(text)) return true;
    const url = new URL(text);
    return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  }, "must hold nothing but the address; credentials belong in `auth`")
  .describe("Address of a cluster node, for example https://pve1.example:8006.");

const token = z.strictObject({
  type: z.literal("token"),
  token: printable
    .regex(/^[^@!=]+@[^@!=]+![^!=]+=.+$/, "must look like USER@REALM!NAME=SECRET")
    .describe("API token: USER@REALM!NAME=SECRET."),
});

const password = z.strictObject({
  type: z.literal("password"),
  username: z
    .string()
    .regex(/^[^@\s]+@[^@\s]+$/, "must name its realm, for example root@pam")
    .describe("User with realm, for example automation@pve."),
  password: z.string().min(1),
  totp: z
    .string()
    .regex(/^[A-Za-z2-7\s]+=*$/, "must be the secret in base32, not a code of six digits")
    .optional()
    .describe("Secret of the second factor in base32; the codes are worked out from it."),
});

/** Checks the options of a connection to a Proxmox VE cluster. */
export const proxmoxOptions: z.ZodType<ProxmoxOptions, ProxmoxOptionsInput> = z.strictObject({
  endpoints: z
    .array(endpoint)
    .min(1)
    .describe(
      "Addresses of one or more nodes of the cluster; the next one is used when one fails.",
    ),
  auth: z.discriminatedUnion("type", [token, password]).describe("Who we are."),
  ...httpOptions,
  pollIntervalMs: z.int().min(1).default(1000).describe("How often a task under way is looked at."),
});
