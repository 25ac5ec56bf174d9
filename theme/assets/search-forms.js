// The forms in which a text may have a number or a day that was typed.
//
// Numbers: 10153, 10,153 and 1萬153; in provisions 第3條 and 第三條, 第80-1條 and 第80條之1.
// Days: 105年1月4日, 105/1/4, 2016-01-04.

const DIGITS = "〇一二三四五六七八九";
const TENS = ["", "十", "百", "千"];
const UNITS = { 十: 10, 百: 100, 千: 1000, 萬: 1e4, 億: 1e8 };
const CHINESE = "〇○零一二三四五六七八九十百千萬億";
const NUMBERS = new RegExp(`\\d[\\d,]*(?:\\.\\d+)?(?:[千萬億]\\d[\\d,]*)*[千萬億]?|[${CHINESE}]+`, "gu");
const PROVISION = "條點項款目章節編期次屆則";
const COUNTED = `${PROVISION}年月日號件人元名戶場處輛%`;
const EXACT = 15; // digits that a floating-point number always keeps
const MOST = 1e12; // from here on the digits before 億 are more than four
const LONG = 10; // digits of a number that is no amount but a code

// The number that a text has first, without separators, and what follows it; null without one.
export function amount(text) {
  const plain = text.normalize("NFKC").replaceAll("万", "萬").replaceAll("亿", "億");
  for (const match of plain.matchAll(NUMBERS)) {
    const value = valueOf(match[0]);
    const after = plain.slice(match.index + match[0].length);
    if (value !== null && counts(plain, match)) return { value, unit: after.trim() };
  }
  return null;
}

// What a run of digits or numerals says, as a string of digits; null if it says no number.
function valueOf(run) {
  if (/^\d/u.test(run)) {
    const plain = run.replaceAll(",", "");
    if (!/[千萬億]/u.test(plain)) return plain;
    const parts = [...plain.matchAll(/([\d.]+)([千萬億]?)/gu)];
    const sum = parts.reduce((before, [, digits, unit]) => before + Number(digits) * (UNITS[unit] ?? 1), 0);
    return String(Number(sum.toPrecision(EXACT))); // 1.1億 is 110000000.00000001 else
  }
  const units = [...run.replace(/[○零]/gu, "〇")];
  if (units.every((unit) => DIGITS.includes(unit))) return units.map((unit) => DIGITS.indexOf(unit)).join("");
  let whole = 0, section = 0, digit = 0;
  for (const unit of units) {
    if (DIGITS.includes(unit)) digit = DIGITS.indexOf(unit);
    else if (UNITS[unit] < 1e4) {
      section += (digit || 1) * UNITS[unit];
      digit = 0;
    } else {
      whole += (section + digit) * UNITS[unit];
      section = digit = 0;
    }
  }
  const value = whole + section + digit;
  return value ? String(value) : null;
}

// Whether a run is a number: 三 in 三民區 is none, nor are the ten digits of a code.
function counts(text, { 0: run, index }) {
  const before = text[index - 1] ?? "", after = text[index + run.length] ?? "";
  if (/^\d/u.test(run)) return /[,千萬億]/u.test(run) || run.length < LONG;
  if (run.length > 2) return true;
  return before === "第" || COUNTED.includes(after || " ") || (before === "之" && index > 1);
}

const grouped = (digits) => digits.replace(/\B(?=(?:\d{3})+$)/gu, ",");

function inUnits(digits, write) {
  const number = Number(digits);
  const parts = [[Math.floor(number / 1e8), "億"], [Math.floor(number / 1e4) % 1e4, "萬"], [number % 1e4, ""]];
  return parts.filter(([part]) => part).map(([part, unit], at) => write(String(part), at > 0) + unit).join("");
}

function inChinese(digits) {
  const written = (part, follows) => {
    const units = [...part].map((digit, at) => (digit === "0" ? "〇" : DIGITS[digit] + TENS[part.length - 1 - at]));
    const gap = follows && part.length < TENS.length ? "〇" : "";
    return gap + units.join("").replace(/〇+/gu, "〇").replace(/〇$/u, "");
  };
  return inUnits(digits, written).replace(/^一十/u, "十");
}

const STYLES = [
  (digits) => digits,
  grouped,
  (digits) => (Number(digits) >= 1e4 ? inUnits(digits, (part) => part) : digits),
  (digits) => (Number(digits) >= 1e4 ? inUnits(digits, grouped) : digits),
  (digits, provision) => (provision || /0000$/u.test(digits) ? inChinese(digits) : digits),
];

// A word with its numbers written in each other way.
function numbered(word) {
  const plain = word.normalize("NFKC").replaceAll("万", "萬").replaceAll("亿", "億");
  const text = plain.replace(/(\d+)-(\d+)(條|点|點)/gu, "$1$3之$2");
  const forms = STYLES.map((style) => text.replace(NUMBERS, (run, index) => {
    const value = valueOf(run);
    if (value === null || /\D/u.test(value) || !Number(value) || Number(value) >= MOST || !counts(text, { 0: run, index })) return run;
    const before = text[index - 1] ?? "", after = text[index + run.length] ?? "";
    return style(value, before === "第" || before === "之" || PROVISION.includes(after || " "));
  }));
  return text === plain ? forms : [text, ...forms];
}

function dated(word) {
  const day = isoDay(word);
  if (!day) return [];
  const [year, month, date] = day.split("-").map(Number);
  return [`${year - 1911}年${month}月${date}日`, `${year}年${month}月${date}日`];
}

// The other forms of a word, as they are written.
export const formsOf = (word) => [...dated(word), ...numbered(word)];

// A day as typed in either calendar, in ISO form; "" if it is none.
export function isoDay(text) {
  const typed = text.normalize("NFKC").replace(/\s|^(?:中華)?民國/gu, "");
  const match = /^(\d{2,4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u.exec(typed);
  if (!match) return "";
  const year = Number(match[1]) + (match[1].length < 4 ? 1911 : 0);
  const day = new Date(Date.UTC(year, Number(match[2]) - 1, Number(match[3])));
  return day.getUTCMonth() === Number(match[2]) - 1 ? day.toISOString().slice(0, 10) : "";
}
