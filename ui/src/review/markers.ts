import type { Segment } from '../ipc/types';

/** The segment in which a moment falls: the one being said, else the next, else the last. */
export function segmentAt(at: number, segments: readonly Segment[]): Segment | undefined {
  return segments.find((segment) => segment.end_ms > at) ?? segments[segments.length - 1];
}

/** Marked moments by the index of the segment in which they fall. */
export function placeMarkers(markers: readonly number[], segments: readonly Segment[]): ReadonlyMap<number, number[]> {
  const placed = new Map<number, number[]>();
  for (const at of markers) {
    const home = segmentAt(at, segments);
    if (home !== undefined) placed.set(home.index, [...(placed.get(home.index) ?? []), at]);
  }
  return placed;
}
