import type { Logger } from "@kappa4/sdk";

/** Takes everything and says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
