import { type ConfigInvalidError, configInvalid, type Issue } from "@kappa4/sdk";

/** Makes the error of a wrong command line. */
export function usageError(
  command: { readonly name: string },
  issues: readonly Issue[],
): ConfigInvalidError {
  return configInvalid(`kappa4 ${command.name}`, issues);
}
