import { localization } from "@web/core/l10n/localization";
import { formatFloat, roundPrecision } from "@web/core/utils/numbers";

/**
 * A quantity as people of the visitor's language write it; the server reads the same.
 *
 * @param {string} text
 * @returns {number|null} null: it is no quantity
 */
export function parseQuantity(text) {
    const { decimalPoint, thousandsSep } = localization;
    let clean = text.replace(/[\s\u00a0\u202f]/g, "");
    if (thousandsSep && thousandsSep !== decimalPoint && thousandsSep.trim()) {
        const groups = new RegExp(`\\${thousandsSep}(?=\\d{3}(\\D|$))`, "g");
        clean = clean.replace(groups, "");
    }
    if (decimalPoint !== ".") {
        clean = clean.replace(decimalPoint, ".");
    }
    if (!/^\d+(\.\d*)?$|^\.\d+$/.test(clean)) {
        return null;
    }
    const number = parseFloat(clean);
    return number > 0 && number < 1e9 ? number : null;
}

/**
 * Quantity times price, rounded as the server rounds the sum of a cart's line.
 *
 * @param {Object} prices unit id -> [[from quantity, price], ...]
 * @param {string|number} unitId 0: the first unit
 * @param {number} quantity
 * @param {number} rounding of the currency
 * @returns {number|null} null: there is no price
 */
export function getSum(prices, unitId, quantity, rounding) {
    const steps = prices?.[unitId];
    if (!steps) {
        return null;
    }
    const step = steps.filter(([from]) => from <= quantity + 1e-9).at(-1) || steps[0];
    return roundPrecision(quantity * step[1], rounding);
}

export function formatAmount(amount, decimals) {
    return formatFloat(amount, { digits: [16, decimals] });
}

/**
 * What was copied from Excel.
 *
 * @param {string} text
 * @param {Set<string>} codes articles of the page, in capitals
 * @returns {Array<{code: string|null, quantity: string}>} code null: rows in their order
 */
export function readPasted(text, codes) {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    const cells = lines.map((line) => line.split("\t").map((cell) => cell.trim()));
    const pairs = cells.filter((row) => row.length > 1 && row[0]);
    const byArticle =
        pairs.some((row) => codes.has(row[0].toUpperCase())) ||
        (pairs.length > 0 &&
            pairs.every((row) => parseQuantity(row[1]) !== null) &&
            pairs.some((row) => parseQuantity(row[0]) === null));
    if (byArticle) {
        return cells
            .filter((row) => row[0])
            .map((row) => ({ code: row[0], quantity: row[1] || "" }));
    }
    return cells.map((row) => ({ code: null, quantity: row[0] }));
}
