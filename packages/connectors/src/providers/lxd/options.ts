import { z } from "zod";
import { normalizeFingerprint, type TlsOptions } from "../../transport/tls.ts";

/** How a server's certificate is checked. */
export type LxdTlsOptions =
  | { readonly verify: "system" }
  | { readonly verify: "ca"; readonly ca: string }
  | { readonly verify: "pin"; readonly sha256: string | readonly string[] }
  | { readonly verify: "none" };

/** What of a member Kappa4 may fill. */
export interface MemberCapacity {
  readonly memoryBytes: number;
  readonly cores: number;
}

/** The options of a connection of kind `lxd`, as they are written. */
export interface LxdOptionsInput {
  /** Members of the cluster, for example `https://10.0.0.11:8443`; any of them answers for all. */
  readonly endpoints: readonly string[];
  /** The client certificate that the cluster trusts, and its private key, in PEM. */
  readonly auth: { readonly type: "certificate"; readonly cert: string; readonly key: string };
  /** Default: a server certificate that the system trusts. */
  readonly tls?: LxdTlsOptions | undefined;
  /** Project whose instances are seen. Default `default`. */
  readonly project?: string | undefined;
  /** By member name: for members that share one host. The use of such a member is that of its instances. */
  readonly memberCapacity?: Readonly<Record<string, MemberCapacity>> | undefined;
  /** Limit of one attempt. Default 30 000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Limit of a call over all its attempts. Default 120 000 ms. */
  readonly totalTimeoutMs?: number | undefined;
  /** Further attempts of a read. Default 4. */
  readonly retries?: number | undefined;
  /** Requests on their way at the same time. Default 8. */
  readonly concurrency?: number | undefined;
}

/** The options of a connection of kind `lxd`, checked and filled in. */
export interface LxdOptions extends LxdOptionsInput {
  readonly tls: LxdTlsOptions;
  readonly project: string;
}

const text = z.string().min(1);
const milliseconds = z.int().min(1);

const fingerprint = text.refine((value) => /^[0-9a-f]{64}$/.test(normalizeFingerprint(value)), {
  message: "must be a SHA-256 fingerprint: 64 hex digits, with or without colons",
});

const tlsSchema = z.discriminatedUnion("verify", [
  z.strictObject({ verify: z.literal("system") }),
  z.strictObject({
    verify: z.literal("ca"),
    ca: text.describe("Certificates in PEM that sign the server's."),
  }),
  z.strictObject({
    verify: z.literal("pin"),
    sha256: z
      .union([fingerprint, z.array(fingerprint).min(1)])
      .describe("SHA-256 of the server's certificate; the members of a cluster share one."),
  }),
  z.strictObject({ verify: z.literal("none") }),
]);

/** The options of a connection of kind `lxd`, without `kind`. */
export const lxdOptionsSchema: z.ZodType<LxdOptions, LxdOptionsInput> = z.strictObject({
  endpoints: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .describe(
      "Members of the cluster, for example https://10.0.0.11:8443; any of them answers for all.",
    ),
  auth: z.strictObject({
    type: z.literal("certificate"),
    cert: text.describe("Client certificate in PEM that the cluster trusts."),
    key: text.describe("Its private key in PEM."),
  }),
  tls: tlsSchema
    .default({ verify: "system" })
    .describe("How the server proves who it is. Default: a certificate that the system trusts."),
  project: text.default("default").describe("Project whose instances are seen. Default `default`."),
  memberCapacity: z
    .record(text, z.strictObject({ memoryBytes: z.int().min(1), cores: z.number().gt(0) }))
    .optional()
    .describe(
      "What of a member Kappa4 may fill, by member name: for members that share one host. Its use is then that of its instances.",
    ),
  timeoutMs: milliseconds.optional().describe("Limit of one attempt. Default 30 000 ms."),
  totalTimeoutMs: milliseconds
    .optional()
    .describe("Limit of a call over all its attempts. Default 120 000 ms."),
  retries: z.int().min(0).optional().describe("Further attempts of a read. Default 4."),
  concurrency: z
    .int()
    .min(1)
    .optional()
    .describe("Requests on their way at the same time. Default 8."),
});

/** Brings the options into the form that the transport wants. */
export function tlsOf(options: LxdOptions): TlsOptions {
  const { cert, key } = options.auth;
  return { ...options.tls, clientCertificate: { cert, key } };
}
