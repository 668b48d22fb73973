import type { Cluster } from "../state/cluster.ts";
import type { HaRule } from "./stack.ts";

/** What makes a rule impossible to keep beside the others: parameter to text; empty when it is fine. */
export function problemsOf(cluster: Cluster, rule: HaRule): Readonly<Record<string, string>> {
  if (rule.disable) return {};
  const others = [...cluster.ha.rules.values()].filter(
    (other) => other.rule !== rule.rule && !other.disable,
  );
  if (rule.type === "node-affinity") {
    const claimed = others.find(
      (other) => other.type === "node-affinity" && shared(other, rule).length > 0,
    );
    if (!claimed) return {};
    const resources = `resource '${shared(claimed, rule)[0]}' is already used in another node affinity rule`;
    return { resources };
  }
  if (rule.resources.length < 2) {
    return { resources: "rule is ineffective as there are less than two resources" };
  }
  const opposite = others.find(
    (other) =>
      other.type === "resource-affinity" &&
      other.affinity !== rule.affinity &&
      shared(other, rule).length > 1,
  );
  if (opposite) {
    const resources = `rule shares two or more resources with a ${opposite.type === "resource-affinity" ? opposite.affinity : ""} resource affinity rule`;
    return { resources };
  }
  if (rule.affinity === "negative" && rule.resources.length > cluster.nodes.size) {
    return { resources: "rule defines more resources than available nodes" };
  }
  return {};
}

function shared(a: HaRule, b: HaRule): readonly string[] {
  return a.resources.filter((sid) => b.resources.includes(sid));
}
