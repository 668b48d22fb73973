/**
 * What Slack takes in one message, with room to spare. Lengths in characters. Where Slack's pages differ,
 * the smaller number stands.
 */
export const LIMITS = {
  blocks: 45,
  /** chat.update refuses more than 4000. */
  text: 3500,
  sectionText: 2900,
  header: 150,
  fields: 10,
  fieldText: 1900,
  rowsPerBlock: 10,
  buttonText: 75,
  confirm: { title: 100, text: 300, button: 30 },
  dataTable: { rows: 100, columns: 20, characters: 9500, caption: 200, cell: 500 },
  chart: { title: 50, series: 6, categories: 20, label: 20, perMessage: 2 },
  actions: 25,
  modal: { title: 24, label: 150 },
  taskText: 250,
} as const;
