import { expect, test } from "vitest";
import { parseByteSize } from "../../src/config/sizes.ts";

test.each([
  ["0", 0],
  ["1024", 1024],
  ["512 B", 512],
  ["4G", 4 * 2 ** 30],
  ["4 GiB", 4 * 2 ** 30],
  ["4GB", 4e9],
  ["1.5 TiB", 1.5 * 2 ** 40],
  [" 8M ", 8 * 2 ** 20],
])("%s is %d bytes", (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each(["", "G", "4 gigs", "-4G", "4iB", "4 g", "1e9", "99999999 TiB"])(
  "%j is no size",
  (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  },
);
