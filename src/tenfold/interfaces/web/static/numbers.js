// Numbers as people write them, and where they stand on a slider.

const trimmed = (value) => {
  const text = Number(value.toPrecision(3));
  return Math.abs(text) >= 1e6 ? String(Math.round(text)) : String(text);
};

// As the reader of files reads it back: "15.6T tokens", "60 days", "$250M".
export const said = (value, unit, units) => {
  const ways = units[unit] ?? [{ before: "", after: "", size: 1, least: 0 }];
  const way = ways.find((each) => Number((Math.abs(value) / each.size).toPrecision(3)) >= each.least) ?? ways.at(-1);
  return `${value < 0 ? "-" : ""}${way.before}${trimmed(Math.abs(value) / way.size)}${way.after}`;
};

// A whole number that keeps the powers of two of the one it stands for.
export const whole = (value, base) => {
  if (value < 64 || base % 8 !== 0) return Math.max(Math.round(Number(value.toPrecision(3))), 0);
  const step = 2 ** Math.max(Math.floor(Math.log2(value)) - 2, 0);
  return Math.round(value / step) * step;
};

export const STEPS = 200;

// Ends of a slider around a value: a share from 0 to 1, anything else from a quarter to four times, in its logarithm.
export const scaleOf = (field, value) => {
  const [least, most] = [field.least ?? 0, field.most ?? Infinity];
  if (most <= 1) return { low: least, high: most, log: false };
  if (value <= 0) return { low: Math.max(least, 0), high: Number.isFinite(most) && most < 1e6 ? most : 1, log: false };
  const [low, high] = [Math.max(value / 4, least), Math.min(value * 4, most)];
  return field.kind === "whole" && high - low < 12 ? { low, high, log: false } : { low, high, log: low > 0 };
};

export const placeOf = (scale, value) => {
  const { low, high, log } = scale;
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(STEPS * Math.min(Math.max(share || 0, 0), 1));
};

export const valueAt = (scale, place) => {
  const share = place / STEPS;
  return scale.log ? scale.low * (scale.high / scale.low) ** share : scale.low + share * (scale.high - scale.low);
};
