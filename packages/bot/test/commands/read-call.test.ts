import { describe, expect, it } from "vitest";
import { readCall } from "../../src/commands/read-call.ts";
import { rebalance } from "../../src/commands/rebalance.ts";
import { viewText } from "../../src/view/text.ts";

function answer(text: string): string {
  const read = readCall(rebalance, text);
  return "answer" in read ? viewText(read.answer) : `runs ${read.verb}`;
}

describe("readCall", () => {
  it.each([
    ["dry-run", "dry-run"],
    ["DRY-RUN gold --method cpu", "dry-run"],
    ["simular", "dry-run"],
    ["apply p-7f3k", "apply"],
    ["explain P-7F3K web-03", "explain"],
    ["explain web-03", "explain"],
    ["best-node --cores 4 --memory 8G", "best-node"],
    ["best-node --cpu 4 --memory 8G", "best-node"],
    ["dry-run --maintenance pve-01 --only rules", "dry-run"],
    ["dry-run --drain pve-01 --goal all", "dry-run"],
    ["whatif drain of=pve-01", "whatif"],
    ["whatif rule-added --pin db-01 --to pve-01,pve-02", "whatif"],
    ["status", "status"],
    ["cancel R-1", "cancel"],
    ["discard P-1", "discard"],
  ])("understands %s", (text, verb) => {
    expect(answer(text)).toBe(`runs ${verb}`);
  });

  const token = ["xoxb", "1234567890", "abcdef"].join("-");
  it.each([`${token} now`, `apply --${token}`, `dry-run --method ${token}`, `dry-run a ${token}`])(
    "shows no secret again that was typed: %s",
    (text) => {
      expect(answer(text)).toContain("[secret]");
      expect(answer(text)).not.toContain(token);
    },
  );

  it("shows help when asked, when nothing is typed, and for one verb", () => {
    expect(answer("")).toContain("/rebalance dry-run");
    expect(answer("help")).toContain("/rebalance apply <plan>");
    expect(answer("help dry-run")).toContain("--max-moves");
    expect(answer("help dry-run")).toContain("Nothing changes");
    expect(answer("help apply")).toContain("your role has to allow it");
  });

  it.each([
    ["dryrun", "has no verb dryrun. Did you mean dry-run?"],
    ["frobnicate", "has no verb frobnicate."],
    ["dry-run --methd cpu", "dry-run has no option --methd. Did you mean --method?"],
    ["status --xyzzy", "status has no option --xyzzy; it has --id."],
    ["dry-run --method ram", "--method cannot be ram: it must be memory, cpu or disk."],
    ["dry-run --max-moves many", "--max-moves cannot be many: it must be a whole number."],
    ["dry-run --max-moves 0", "--max-moves cannot be 0: it must be at least 1."],
    ["dry-run --balanciness 120", "--balanciness cannot be 120: it must be at most 100."],
    ["dry-run gold silver", "takes one word behind it; silver is one too many."],
    ["dry-run gold connection=silver", "connection is given twice"],
    ["apply", "plan is missing: the id of the plan"],
    ["best-node --cpu x --memory 8G", "--cores cannot be x"],
    ["dry-run --drain a --maintenance b", "maintenance is given twice: a and b."],
    ["dry-run --replaces P-1", "dry-run has no option --replaces; it has --connection"],
    [
      "best-node --memory lots",
      "--memory cannot be lots: it must be a size with its unit such as 8G or 512M.",
    ],
    ['explain "P-1', "not closed"],
  ])("says what is wrong with %s", (text, sentence) => {
    expect(answer(text)).toContain(sentence);
  });

  it("shows the words of the command line only", () => {
    const help = answer("help dry-run") + answer("help best-node") + answer("help");
    for (const word of ["--maintenance", "--only", "--cores"]) expect(help).toContain(word);
    for (const word of ["drain …", "--goal", "--cpu", "--replaces", "[of]"]) {
      expect(help).not.toContain(word);
    }
  });

  it("names every problem at once, with an example", () => {
    const text = answer("dry-run --method ram --mode loud");
    expect(text).toContain("--method cannot be ram");
    expect(text).toContain("--mode cannot be loud");
    expect(text).toContain("For example /rebalance dry-run");
  });

  it("says at once what it is about to do", () => {
    const read = readCall(rebalance, "dry-run gold");
    expect("call" in read && read.call.acknowledgement).toBe(
      "Reading gold and planning; nothing is changed.",
    );
  });
});
