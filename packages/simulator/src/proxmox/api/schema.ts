import type { Parameter } from "./parameters.ts";

const NODE_NAME = {
  name: "node name",
  test: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
};
const CONFIG_ID = { name: "configuration ID", test: /^[a-z][a-z0-9_-]+$/i };
const STORAGE_ID = { name: "storage ID", test: /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i };

/** `node`: the name of a cluster node. */
export const nodeName: Parameter = { type: "string", format: NODE_NAME };
/** `vmid`: the number of a guest. */
export const vmid: Parameter = { type: "integer", minimum: 100, maximum: 999_999_999 };
/** Name of a snapshot, a rule or the like. */
export const configId: Parameter = { type: "string", maxLength: 40, format: CONFIG_ID };
/** Name of a storage. */
export const storageId: Parameter = { type: "string", format: STORAGE_ID };
/** Any text. */
export const text: Parameter = { type: "string" };
/** 0 or 1, in any of the forms that are understood. */
export const flag: Parameter = { type: "boolean" };
/** A whole number from 0. */
export const count: Parameter = { type: "integer", minimum: 0 };
/** SHA-1 of a configuration as it was read. */
export const digest: Parameter = { type: "string", maxLength: 64 };

/** The same parameter, but it may be left out. */
export function optional(parameter: Parameter): Parameter {
  return { ...parameter, optional: true };
}

/** One of a few words. */
export function oneOf(...values: readonly string[]): Parameter {
  return { type: "string", enum: values };
}

/** A whole number in a range. */
export function integer(minimum: number, maximum?: number): Parameter {
  return { type: "integer", minimum, maximum };
}
