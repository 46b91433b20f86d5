import { grouped } from 'dna-nas/errors';

/** Seconds for people: `0:07`, `12:30`, `1:02:03`, `3 d 04:05:06`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  if (days > 0) return `${days} d ${two(hours)}:${rest}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, '');
}

/** A share from 0 to 1 as whole per cent; 100 only when it is all. */
export function formatShare(share: number): string {
  const percent = Math.floor(100 * Math.min(1, Math.max(0, share)));
  return `${String(percent).padStart(3)} %`;
}

/** A count with its thousands apart: `1,234,567`. */
export function formatCount(count: number): string {
  return grouped(Math.round(count));
}

/** A large count in three figures: `1.61 M`, `393 M`, `5.30 G`. */
export function formatMagnitude(count: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return String(Math.round(value));
  return `${value.toPrecision(3)}${units[unit]}`;
}

/** A share as per cent, and how far its confidence interval reaches: `76.31 % ±0.37`. */
export function formatAccuracy(share: number, interval?: readonly [low: number, high: number]): string {
  const percent = `${(100 * share).toFixed(2)} %`;
  if (!interval) return percent;
  const reach = 50 * (interval[1] - interval[0]);
  return `${percent} ±${reach.toFixed(2)}`;
}

/** Four significant figures without an exponent where they fit: `0.1234`, `12.35`. */
export function formatRating(rating: number): string {
  return String(Number(rating.toPrecision(4)));
}

/** Cuts a line to a width, with `…` for what is lost. Only for text without control sequences. */
export function cutLine(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? '' : `${text.slice(0, width - 1)}…`;
}

/** Text from elsewhere as one line without characters that steer a terminal or turn the direction of reading. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();
}
