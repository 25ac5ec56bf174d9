// Which figure of a page answers a query.
import { amount } from "./search-forms.js";

// The cell with the most of the words, in its label or as its number; null if there is none.
// It is exact if a word is its whole label, or its whole number with a unit that fits.
export function best(cells, wanted, fold) {
  let found = null;
  for (const cell of cells) {
    const value = amount(cell.value), label = fold(cell.label);
    let worth = 0, exact = false;
    for (const { typed, forms } of wanted) {
      const number = amount(typed);
      const same = number && value && Number(number.value) === Number(value.value)
        && fold(cell.value).includes(fold(number.unit));
      if (same || forms.includes(label)) exact = true;
      if (same) worth += 4;
      else if (forms.includes(label)) worth += 3;
      else if (forms.some((form) => label.includes(form))) worth += 1 + forms[0].length / label.length;
    }
    if (worth && (!found || worth > found.worth)) found = { ...cell, worth, exact };
  }
  return found;
}
