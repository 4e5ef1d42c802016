// What may be how large, and what is said when it is not.

/**
 * @typedef {object} Size
 * @property {string} name
 * @property {number} sizeBytes
 * @property {number} budgetBytes
 */

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/**
 * One line for each, with its share of the budget.
 * @param {Size[]} sizes
 */
export function formatSizes(sizes) {
  const line = ({ name, sizeBytes, budgetBytes }) => {
    const percent = Math.round((sizeBytes / budgetBytes) * 100);
    return `  ${name.padEnd(20)} ${kilobytes(sizeBytes).padStart(10)}  ${percent}% of its budget`;
  };
  return sizes.map(line).join('\n');
}

/**
 * Throws, naming all that are over, when any is over its budget.
 * @param {Size[]} sizes
 */
export function checkBudgets(sizes) {
  const over = sizes.filter(({ sizeBytes, budgetBytes }) => sizeBytes > budgetBytes);
  if (over.length === 0) return;
  const said = over.map(
    ({ name, sizeBytes, budgetBytes }) =>
      `${name} has ${kilobytes(sizeBytes)}, its budget is ${kilobytes(budgetBytes)}`,
  );
  throw new Error(said.join('; '));
}
