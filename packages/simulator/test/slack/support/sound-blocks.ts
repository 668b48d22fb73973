/** Sound pieces of Block Kit that the tests of the checker put together. */

export const plain = (text: string) => ({ type: "plain_text" as const, text });
export const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text });
export const button = (actionId: string, extra: object = {}) => ({
  type: "button" as const,
  action_id: actionId,
  text: plain("Apply"),
  ...extra,
});
export const cell = (text: string) => ({ type: "raw_text" as const, text });
export const richText = (text: string) => ({
  type: "rich_text" as const,
  elements: [{ type: "rich_text_section" as const, elements: [{ type: "text" as const, text }] }],
});
export const chart = (categories: readonly string[], names: readonly string[]) => ({
  type: "data_visualization",
  title: "Memory per node",
  chart: {
    type: "bar",
    series: names.map((name) => ({
      name,
      data: categories.map((label) => ({ label, value: 1 })),
    })),
    axis_config: { categories, y_label: "%" },
  },
});
export const dataTable = (rows: number, columns = 2, text = "x") => ({
  type: "data_table",
  caption: "Nodes",
  rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => cell(text))),
});
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
