import type { Clock } from '../../model/clock.ts';
import type { Answer } from '../port.ts';

/** Notes when each broker answered: rates are computed with these, not with the time of the cycle. */
export class AnswerTimes {
  readonly byBroker: Record<number, number> = {};
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answered(brokerId: number): void {
    this.byBroker[brokerId] = this.#clock.wallMs();
  }

  /** Makes an answer of what was read. */
  answer<T>(value: T, failures: Answer<T>['failures'] = []): Answer<T> {
    return { value, brokers: this.byBroker, failures };
  }
}
