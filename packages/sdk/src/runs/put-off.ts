import { Kappa4Error } from "@kappa4/connectors";

/** Thrown where a run cannot begin yet, with code `conflict`: what is in its way takes its time. */
export class PutOffError extends Kappa4Error {
  override readonly name = "PutOffError";
  /** So long nobody is to take it up, and what waits behind it comes before it. */
  readonly forMs: number;

  constructor(message: string, forMs: number) {
    super("conflict", message);
    this.forMs = forMs;
  }
}
