import type { ApiTraffic } from '../port.ts';

/** Counts requests and received bytes by Kafka API: what tidemark costs its brokers. */
export class Traffic {
  readonly #byApi = new Map<string, ApiTraffic>();

  get byApi(): ReadonlyMap<string, Readonly<ApiTraffic>> {
    return this.#byApi;
  }

  sent(api: string): void {
    this.#of(api).requests++;
  }

  received(api: string, bytes: number): void {
    this.#of(api).receivedBytes += bytes;
  }

  #of(api: string): ApiTraffic {
    let traffic = this.#byApi.get(api);
    if (!traffic) {
      traffic = { requests: 0, receivedBytes: 0 };
      this.#byApi.set(api, traffic);
    }
    return traffic;
  }
}
