import type { Points } from './answers.ts';

export interface Sparkline {
  /** An SVG path in a box of `width` by `height`; '' where there are too few points. */
  path: string;
  least: number;
  most: number;
}

/** A line through the known points, its lowest value at the bottom; a flat line runs in the middle; a gap breaks it. */
export function sparklineOf(points: Points, width: number, height: number): Sparkline | null {
  const known = points.filter((point): point is readonly [number, number] => point[1] !== null);
  if (known.length < 2) return null;
  const values = known.map(([, value]) => value);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const [fromMs, toMs] = [points[0]![0], points.at(-1)![0]];
  const x = (atMs: number) => Math.round(((atMs - fromMs) / (toMs - fromMs)) * width * 10) / 10;
  const y = (value: number) =>
    most === least ? height / 2 : Math.round((1 + (1 - (value - least) / (most - least)) * (height - 2)) * 10) / 10;
  let pen = 'M';
  let path = '';
  for (const [atMs, value] of points) {
    if (value !== null) path += `${pen}${x(atMs)} ${y(value)}`;
    pen = value === null ? 'M' : 'L';
  }
  return { path, least, most };
}
