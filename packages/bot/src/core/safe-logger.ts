import { Kappa4Error, type Logger } from "@kappa4/sdk";
import { redact } from "./redact.ts";

/** Makes a logger that is given errors as they come and writes only what is safe of them: no token, no body, no cause. */
export function safeLogger(logger: Logger): Logger {
  const write =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      logger[level](
        "error" in fields ? { ...fields, error: describe(fields.error) } : fields,
        message,
      );
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

function describe(error: unknown): unknown {
  if (Kappa4Error.is(error)) {
    const { code, message, outcome, context } = error;
    return { code, message, outcome, context };
  }
  if (error instanceof Error) return { name: error.name, message: redact(error.message) };
  return redact(String(error));
}
