import type { FindingSubject } from '../model/finding.ts';

const subjectFields = ['groupId', 'topic', 'topicId', 'partition', 'brokerId', 'logDir', 'collector'] as const;

/** Of a finding, the fields that say what it is about. */
export function subjectOf(finding: FindingSubject): FindingSubject {
  const fields = subjectFields.filter((field) => finding[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, finding[field]]));
}

/** What a finding is about, as one string: the fields that its code has, topics by their ID where Kafka gives one (KIP-516). */
export function subjectKey(subject: FindingSubject): string {
  const { groupId, topic, topicId, partition, brokerId, logDir, collector } = subject;
  return [groupId, topicId ?? topic, partition, brokerId, logDir, collector].map((field) => field ?? '').join('\0');
}

/**
 * Identity of a finding: 64 bits in hex over cluster ID, code, subject and sinceMs. The same facts give the same ID, so that what
 * is done again after a crash is an upsert.
 */
export function findingId(clusterId: string, code: string, subject: FindingSubject, sinceMs: number): string {
  return stableHash([clusterId, code, subjectKey(subject), sinceMs].join('\0'));
}

/** Two FNV-1a lanes of 32 bits, mixed at the end as MurmurHash3 does. Not for secrets: it need only spread well and never change. */
export function stableHash(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return hex(mixed(high ^ (low >>> 15))) + hex(mixed(low ^ (high >>> 13)));
}

function mixed(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
