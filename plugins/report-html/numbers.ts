import { grouped } from 'dna-nas/errors';

/** `1,234,567` */
export function count(value: number): string {
  return grouped(Math.round(value));
}

/** Three figures and a unit: `1.61 M`. */
export function magnitude(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${Number(rest.toPrecision(3))}${units[unit]}`;
}

/** A share as per cent with two decimals: `89.51 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** Four significant figures, zeros at the end included: `0.1780`. */
export function rating(value: number): string {
  return value.toPrecision(4);
}

/** Four significant figures without zeros at the end: `0.18`. */
export function tickLabel(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Costs as people call them. */
export function costName(name: string): string {
  return { macs: 'multiply-adds', params: 'parameters' }[name] ?? name;
}

/** With a capital first letter, for headings. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
