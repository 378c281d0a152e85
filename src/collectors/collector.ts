import type { Answer, KafkaPort } from '../kafka/port.ts';
import type { Discovery, Facet, Facets, Known, Snapshot } from '../model/snapshot.ts';
import type { Scope } from './scope.ts';

/** What one collector knows when it runs: the cycle so far, what earlier cycles found, and what the user wants to see. */
export interface CollectorInput extends Known {
  scope: Scope;
  completeness: Snapshot['completeness'];
}

/** A collector's answer, and what it learned for the collectors and cycles after it. */
export interface Collected<T> extends Answer<T> {
  discovery?: Discovery;
  /** Whether Kafka shows us all that there is. */
  completeness?: Snapshot['completeness'];
}

/** Reads one facet of a cluster. Partial is normal; an exception means that nothing was read, and run.ts says so. */
export interface Collector<F extends Facet = Facet> {
  facet: F;
  /** Default cadence as users write it; `0s` = every cycle. */
  every: string;
  timeout: string;
  /** What it reads, for the documentation of its settings. */
  doc: string;
  collect(kafka: KafkaPort, known: CollectorInput, signal: AbortSignal): Promise<Collected<Facets[F]>>;
}
