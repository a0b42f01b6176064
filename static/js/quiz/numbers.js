/** What numbers a text can mean, as the database reads it when it grades. PURE. */

const PLAIN = /^(\d+([.,]\d*)?|[.,]\d+)$/;
const SPACED = /^[1-9]\d{0,2}([ ']\d{3})+([.,]\d+)?$/;
const WITH_COMMAS = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const WITH_POINTS = /^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/;
const LONGEST = 40;

/**
 * All readings of a text with a comma or a point before the decimals, and with groups of three digits between spaces,
 * apostrophes, points or commas: `1,234` has two. None: it is no number.
 */
export function numberReadings(text) {
  const whole = folded(text);
  const sign = whole.startsWith("-") ? -1 : 1;
  const number = whole.replace(/^[+-]/, "").trimStart();
  if (number.length > LONGEST) return [];
  const readings = [];
  if (PLAIN.test(number)) readings.push(`0${number.replace(",", ".")}`);
  if (SPACED.test(number)) readings.push(number.replace(/[ ']/g, "").replace(",", "."));
  else if (WITH_COMMAS.test(number)) readings.push(number.replaceAll(",", ""));
  else if (WITH_POINTS.test(number)) readings.push(number.replaceAll(".", "").replace(",", "."));
  return readings.map((reading) => sign * Number(reading));
}

/** Quotes and dashes as phones write them are the plain ones, and any space is a space. */
function folded(text) {
  return text
    .slice(0, 100)
    .replace(/[\u2018\u2019\u201B\u00B4`]/g, "'")
    .replace(/[\u2010-\u2014\u2212]/g, "-")
    .normalize("NFKC")
    .replace(/\s+/g, " ")
    .trim();
}
