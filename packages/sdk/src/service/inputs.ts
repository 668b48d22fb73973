import { z } from "zod";
import { reasonField } from "../actions/inputs.ts";

/** Why. */
export interface ServiceReasonInput {
  readonly reason: string;
}

/** Checks a {@link ServiceReasonInput}. */
export const serviceReason: z.ZodType<ServiceReasonInput> = z.strictObject({ reason: reasonField });
