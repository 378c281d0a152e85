import { protocolErrorsCodesById } from '@platformatic/kafka';
import { type ErrorCode, TidemarkError } from '../../model/errors.ts';

/**
 * What to do about an error code of Kafka: `stale` = refresh the metadata and ask again; `transient` = unknown in this cycle;
 * `unknown-group` = there is no such group (KIP-1043), which is an answer; `fatal` = we did not expect it here.
 */
export type ErrorClass = 'none' | 'stale' | 'transient' | 'denied' | 'unsupported' | 'unknown-group' | 'fatal';

const classByName: Readonly<Record<string, ErrorClass>> = {
  NONE: 'none',
  UNKNOWN_TOPIC_OR_PARTITION: 'stale',
  UNKNOWN_TOPIC_ID: 'stale',
  NOT_LEADER_OR_FOLLOWER: 'stale',
  FENCED_LEADER_EPOCH: 'stale',
  UNKNOWN_LEADER_EPOCH: 'stale',
  NOT_COORDINATOR: 'stale',
  LEADER_NOT_AVAILABLE: 'transient',
  OFFSET_NOT_AVAILABLE: 'transient',
  COORDINATOR_LOAD_IN_PROGRESS: 'transient',
  COORDINATOR_NOT_AVAILABLE: 'transient',
  REQUEST_TIMED_OUT: 'transient',
  REPLICA_NOT_AVAILABLE: 'transient',
  NOT_CONTROLLER: 'transient',
  TOPIC_AUTHORIZATION_FAILED: 'denied',
  GROUP_AUTHORIZATION_FAILED: 'denied',
  CLUSTER_AUTHORIZATION_FAILED: 'denied',
  UNSUPPORTED_VERSION: 'unsupported',
  GROUP_ID_NOT_FOUND: 'unknown-group',
};

const failureCodes: Readonly<Record<ErrorClass, ErrorCode>> = {
  none: 'bug.unexpected',
  stale: 'upstream.stale',
  transient: 'upstream.transient',
  denied: 'upstream.denied',
  unsupported: 'upstream.unsupported',
  'unknown-group': 'upstream.protocol',
  fatal: 'upstream.protocol',
};

/** Kafka's name of an error code; a code younger than the library is shown by its number. */
export function errorName(code: number): string {
  const names: Readonly<Record<number, string>> = protocolErrorsCodesById;
  return names[code] ?? `error ${code}`;
}

export function classOf(code: number): ErrorClass {
  return classByName[errorName(code)] ?? 'fatal';
}

/** The code of our catalogue for an error code of Kafka. */
export function failureCode(code: number): ErrorCode {
  return failureCodes[classOf(code)];
}

/** @throws TidemarkError where a whole answer has an error code */
export function throwOn(errorCode: number, api: string): void {
  if (errorCode === 0) return;
  throw new TidemarkError(failureCode(errorCode), `Kafka answered ${api} with ${errorName(errorCode)}`);
}
