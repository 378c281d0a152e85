/** "What changed at 02:51?": findings, members, settings, leaders and tidemark's own restarts on one time axis. */
import type { EventAnswer, EventsAnswer, Finding, Severity, Transition } from './answers.ts';
import { codeWords, severityTone } from './codes.ts';
import { subjectWords } from './finding-words.ts';
import type { Tone } from './outlook.ts';
import { durationWords, momentWords, secondWords } from './words.ts';

export interface Mark {
  /** Shares of the axis, 0..1; width 0 for a moment. */
  from: number;
  width: number;
  tone: Tone;
  title: string;
}

export interface Lane {
  label: string;
  /** Rows of bars that do not overlap; one row for moments. */
  rows: readonly (readonly Mark[])[];
  count: number;
}

export interface Span {
  fromMs: number;
  toMs: number;
}

const laneOfKind: Readonly<Record<string, string>> = {
  member: 'members',
  rebalance: 'members',
  group: 'members',
  config: 'config',
  topic: 'config',
  leader: 'leaders',
  broker: 'leaders',
  tidemark: 'tidemark',
};
const momentLanes = ['members', 'config', 'leaders', 'tidemark'] as const;

/** Most bars drawn one above the other; what is beyond is counted, and in the list. */
const mostBarRows = 3;
/** Moments nearer than this share of the axis are one mark: a storm of a thousand joins must not be a thousand elements. */
const slot = 1 / 240;

/** All lanes, the empty ones too: that nothing changed is an answer. */
export function lanesOf(answer: EventsAnswer, open: readonly Finding[], span: Span): Lane[] {
  const bars = findingBars(answer.transitions, open, span);
  return [
    { label: 'findings', rows: stacked(bars), count: bars.length },
    ...momentLanes.map((label) => {
      const events = answer.events.filter((event) => laneOfKind[event.kind] === label && inSpan(event.atMs, span));
      return { label, rows: [moments(events, span)], count: events.length };
    }),
  ];
}

interface Life {
  id: string;
  fromMs: number;
  toMs: number;
  severity: Severity;
  title: string;
}

/** A finding's life: from its first poll to its clearing, or to now. */
function findingBars(transitions: readonly Transition[], open: readonly Finding[], span: Span): Mark[] {
  const lives = new Map<string, Life>();
  for (const transition of transitions) {
    if (transition.type !== 'cleared' || transition.severity === 'info') continue;
    const title = `${subjectWords(transition)} ${codeWords(transition.code)}, cleared: ${transition.reason}`;
    lives.set(transition.id, { ...transition, fromMs: transition.sinceMs, toMs: transition.atMs, title });
  }
  for (const finding of open) {
    if (finding.severity === 'info') continue;
    const title = `${subjectWords(finding)} ${codeWords(finding.code)}, still open`;
    lives.set(finding.id, {
      id: finding.id,
      fromMs: finding.sinceMs,
      toMs: span.toMs,
      severity: finding.severity,
      title,
    });
  }
  return [...lives.values()]
    .filter((life) => life.toMs >= span.fromMs && life.fromMs <= span.toMs)
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((life) => {
      const from = share(Math.max(life.fromMs, span.fromMs), span);
      const lasted = durationWords((life.toMs - life.fromMs) / 1000);
      return {
        from,
        width: Math.max(slot, share(life.toMs, span) - from),
        tone: severityTone(life.severity),
        title: `${life.title}; since ${momentWords(life.fromMs, span.toMs)}, ${lasted}`,
      };
    });
}

/** Bars in as few rows as hold them without overlap, worst first into the first rows. */
function stacked(bars: readonly Mark[]): Mark[][] {
  const rows: Mark[][] = [];
  for (const bar of bars.toSorted((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad') || a.from - b.from)) {
    const free = rows.find((row) =>
      row.every((other) => bar.from >= other.from + other.width || bar.from + bar.width <= other.from),
    );
    if (free) free.push(bar);
    else if (rows.length < mostBarRows) rows.push([bar]);
  }
  return rows;
}

function moments(events: readonly EventAnswer[], span: Span): Mark[] {
  const slots = new Map<number, EventAnswer[]>();
  for (const event of events) {
    const at = Math.floor(share(event.atMs, span) / slot);
    slots.set(at, [...(slots.get(at) ?? []), event]);
  }
  return [...slots].map(([at, together]) => ({
    from: at * slot,
    width: 0,
    tone: 'plain',
    title: togetherWords(together),
  }));
}

function togetherWords(events: readonly EventAnswer[]): string {
  const shown = events.slice(0, 4).map((event) => `${secondWords(event.atMs)} ${event.summary}`);
  if (events.length > 4) shown.push(`and ${events.length - 4} more`);
  return shown.join('\n');
}

function share(atMs: number, span: Span): number {
  return (atMs - span.fromMs) / (span.toMs - span.fromMs);
}

function inSpan(atMs: number, span: Span): boolean {
  return atMs >= span.fromMs && atMs <= span.toMs;
}

/** Five labels for the axis; the last is `now`. */
export function axisWords(span: Span, timeZone?: string): string[] {
  const steps = [0, 1, 2, 3].map((step) => span.fromMs + ((span.toMs - span.fromMs) * step) / 4);
  return [...steps.map((atMs) => momentWords(atMs, span.toMs, timeZone)), 'now'];
}

/** The same as text, newest first: for those who cannot or will not hover. */
export interface HappeningRow {
  atMs: number;
  what: string;
  lane: string;
}

export function happenings(answer: EventsAnswer, open: readonly Finding[], span: Span, atMost: number): HappeningRow[] {
  const events = answer.events.map((event) => ({
    atMs: event.atMs,
    what: event.summary,
    lane: laneOfKind[event.kind] ?? event.kind,
  }));
  const cleared = answer.transitions.flatMap((transition) => {
    if (transition.type !== 'cleared' || transition.severity === 'info') return [];
    const what = `${subjectWords(transition)} ${codeWords(transition.code)}: ${transition.reason}`;
    return [{ atMs: transition.atMs, what, lane: 'cleared' }];
  });
  const raised = new Map<string, HappeningRow>();
  // What is still open says its present numbers; a store that could not be written has no transition of it at all.
  for (const finding of [
    ...answer.transitions.filter(({ type }) => type === 'raised'),
    ...open,
  ] as readonly Finding[]) {
    if (finding.severity === 'info' || !inSpan(finding.raisedAtMs, span)) continue;
    raised.set(finding.id, { atMs: finding.raisedAtMs, what: finding.summary, lane: 'finding' });
  }
  return [...events, ...cleared, ...raised.values()].toSorted((a, b) => b.atMs - a.atMs).slice(0, atMost);
}
