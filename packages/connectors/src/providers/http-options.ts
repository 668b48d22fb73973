import { z } from "zod";
import { normalizeFingerprint, type ServerTrust } from "../transport/tls.ts";

/** What the options of every connection over HTTP have in common. */
export interface HttpOptionsInput {
  /** How the server proves who it is. Default: by a certificate that this machine trusts. */
  readonly tls?: ServerTrust | undefined;
  /** Limit of one attempt. Default 30 000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Limit of a call over all its attempts. Default 120 000 ms. */
  readonly totalTimeoutMs?: number | undefined;
  /** Further attempts of a read. Default 4. */
  readonly retries?: number | undefined;
  /** Requests on their way at the same time. Default 8. */
  readonly concurrency?: number | undefined;
}

const fingerprint = z.string().refine((text) => /^[0-9a-f]{64}$/.test(normalizeFingerprint(text)), {
  message: "must be a SHA-256 fingerprint: 64 hex digits, with or without colons",
});

const serverTrust: z.ZodType<ServerTrust, ServerTrust> = z.discriminatedUnion("verify", [
  z.strictObject({ verify: z.literal("system") }),
  z.strictObject({
    verify: z.literal("ca"),
    ca: z
      .string()
      .includes("-----BEGIN CERTIFICATE-----", { error: "must be a certificate in PEM" })
      .describe("Certificates in PEM that sign the server's."),
  }),
  z.strictObject({
    verify: z.literal("pin"),
    sha256: z
      .union([fingerprint, z.array(fingerprint).min(1)])
      .describe("SHA-256 of the server's certificate; several when each entry point has its own."),
  }),
  z.strictObject({ verify: z.literal("none") }),
]);

const milliseconds = z.int().min(1);

/** The fields of {@link HttpOptionsInput}, for the schema of a connection. */
export const httpOptions: {
  readonly tls: z.ZodDefault<typeof serverTrust>;
  readonly timeoutMs: z.ZodOptional<z.ZodInt>;
  readonly totalTimeoutMs: z.ZodOptional<z.ZodInt>;
  readonly retries: z.ZodOptional<z.ZodInt>;
  readonly concurrency: z.ZodOptional<z.ZodInt>;
} = {
  tls: serverTrust
    .default({ verify: "system" })
    .describe(
      "How the server proves who it is: by a CA that this machine knows, one that is given, or the SHA-256 of its certificate.",
    ),
  timeoutMs: milliseconds.optional().describe("Limit of one attempt. Default 30000."),
  totalTimeoutMs: milliseconds
    .optional()
    .describe("Limit of a call over all its attempts. Default 120000."),
  retries: z.int().min(0).optional().describe("Further attempts of a read. Default 4."),
  concurrency: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("Requests on their way at the same time. Default 8."),
};
