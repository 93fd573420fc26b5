import type { Segment } from '../ipc/types';

/** The segment after which a moment stands: the one being said or said last; before any speech, the first. */
export function segmentAt(at: number, segments: readonly Segment[]): Segment | undefined {
  return segments.findLast((segment) => segment.start_ms <= at) ?? segments[0];
}

/** Marked moments by the index of the segment after which they stand. */
export function placeMarkers(markers: readonly number[], segments: readonly Segment[]): ReadonlyMap<number, number[]> {
  const placed = new Map<number, number[]>();
  for (const at of markers) {
    const home = segmentAt(at, segments);
    if (home !== undefined) placed.set(home.index, [...(placed.get(home.index) ?? []), at]);
  }
  return placed;
}
