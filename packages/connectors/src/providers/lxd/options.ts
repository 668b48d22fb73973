import { z } from "zod";
import type { ServerTrust, TlsOptions } from "../../transport/tls.ts";
import { type HttpOptionsInput, httpOptions } from "../http-options.ts";

/** What of a member Kappa4 may fill. */
export interface MemberCapacity {
  readonly memoryBytes: number;
  readonly cores: number;
}

/** The options of a connection of kind `lxd`, as they are written. */
export interface LxdOptionsInput extends HttpOptionsInput {
  /** Members of the cluster, for example `https://10.0.0.11:8443`; any of them answers for all. */
  readonly endpoints: readonly string[];
  /** The client certificate that the cluster trusts, and its private key, in PEM. */
  readonly auth: { readonly type: "certificate"; readonly cert: string; readonly key: string };
  /** Project whose instances are seen. Default `default`. */
  readonly project?: string | undefined;
  /** By member name: for members that share one host. The use of such a member is that of its instances. */
  readonly memberCapacity?: Readonly<Record<string, MemberCapacity>> | undefined;
}

/** The options of a connection of kind `lxd`, checked and filled in. */
export interface LxdOptions extends LxdOptionsInput {
  readonly tls: ServerTrust;
  readonly project: string;
}

const text = z.string().min(1);

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
  project: text.default("default").describe("Project whose instances are seen. Default `default`."),
  memberCapacity: z
    .record(text, z.strictObject({ memoryBytes: z.int().min(1), cores: z.number().gt(0) }))
    .optional()
    .describe(
      "What of a member Kappa4 may fill, by member name: for members that share one host. Its use is then that of its instances.",
    ),
  ...httpOptions,
});

/** Brings the options into the form that the transport wants. */
export function tlsOf(options: LxdOptions): TlsOptions {
  const { cert, key } = options.auth;
  return { ...options.tls, clientCertificate: { cert, key } };
}
