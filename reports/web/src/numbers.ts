// Numbers as the other reports write them (reports/text/quantity.cpp).

export function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

export function amount(value: number, one: string, many: string): string {
  return `${grouped(value)} ${value === 1 ? one : many}`;
}

export function milliseconds(value: number): string {
  if (value < 0.995) return `${Number(value.toFixed(2))} ms`;
  if (value < 9.95) return `${Number(value.toFixed(1))} ms`;
  if (value < 999.5) return `${value.toFixed(0)} ms`;
  return `${(value / 1000).toFixed(value < 9995 ? 2 : 1)} s`;
}

export function percent(share: number): string {
  const value = share * 100;
  if (value <= 0) return "0 %";
  if (value >= 100) return "100 %";
  if (value < 0.01) return "under 0.01 %";
  if (value > 99.99) return "over 99.99 %";
  return `${Number(value.toFixed(value < 1 || value > 99 ? 2 : 1))} %`;
}

/** A moment of the run: "0:05", "12:30", "1:02:00". */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** At most one decimal for small rates, none for large ones. */
export function rate(value: number): string {
  return value < 100 ? String(Number(value.toFixed(1))) : grouped(value);
}
