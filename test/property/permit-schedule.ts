import type { RateWindow } from '../../src/http/slots.ts';
import { Client, mostIn } from '../support/permit-clients.ts';
import { PermitStore } from '../support/permit-store.ts';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.ts';
import { randomOf, type Random } from './random.ts';
import { law } from './seeds.ts';

const settings: readonly [readonly RateWindow[], ...(readonly RateWindow[])[]] = [
  [{ calls: 3, perMs: 1000 }],
  [{ calls: 10, perMs: 1000 }],
  [
    { calls: 8, perMs: 1000 },
    { calls: 30, perMs: 10_000 },
  ],
  [
    { calls: 8, perMs: 1000 },
    { calls: 12, perMs: 1000, shared: true },
  ],
];

/** Long beyond what the windows, the stops and the waits for the dead take. */
const longestMs = 600_000;

interface Counted {
  readonly at: number;
  readonly lane: string;
}

/** Clients of one account, some of which are stopped or killed, and a store that fails now and then. */
class PermitSchedule {
  readonly #random: Random;
  readonly #clock: VirtualClock = virtualClock();
  readonly #store: PermitStore;
  readonly #windows: readonly RateWindow[];
  readonly #clients: readonly Client[];
  readonly #killed = new Set<Client>();
  readonly #counted: Counted[] = [];
  readonly #lanes: readonly [string, ...string[]];
  /** Where on its journey a call is counted. */
  readonly #share: number;
  readonly #journeyMs: number;
  readonly #failing: number;

  constructor(seed: number) {
    const random = randomOf(seed);
    this.#random = random;
    this.#store = new PermitStore(() => this.#clock.now());
    this.#windows = random.pick(settings);
    this.#lanes = random.chance(0.5) ? ['list'] : ['list', 'get'];
    this.#share = random.int(11) / 10;
    this.#journeyMs = random.pick([5, 40, 300, 1500]);
    this.#failing = random.pick([0, 0, 0.05, 0.3]);
    this.#clients = Array.from(
      { length: 1 + random.int(6) },
      () =>
        new Client({
          base: this.#clock,
          windows: this.#windows,
          apartMs: random.int(100_000),
          ask: (question) => this.#exchange(() => this.#store.ask(question)),
        }),
    );
  }

  async run(): Promise<void> {
    const workers = this.#clients.map((client) => this.#unlessKilled(client, this.#work(client)));
    const troubles = this.#clients.map((client) => this.#trouble(client));
    await Promise.all([...troubles, ...workers]);
    for (const client of this.#clients) {
      if (!this.#killed.has(client)) await client.permits.close();
    }
    this.#windowsHold();
  }

  #windowsHold(): void {
    const own = this.#windows.filter((window) => window.shared !== true);
    const shared = this.#windows.filter((window) => window.shared === true);
    const timesOf = (lane?: string): number[] =>
      this.#counted.filter((one) => lane === undefined || one.lane === lane).map(({ at }) => at);
    const groups = [
      ...this.#lanes.map((lane) => [own, timesOf(lane)] as const),
      [shared, timesOf()] as const,
    ];
    for (const [windows, times] of groups) {
      for (const { calls, perMs } of windows) {
        const most = mostIn(times, perMs);
        law('no window ever holds more than its calls', most <= calls, () => `${most} calls of ${calls}`);
      }
    }
  }

  /** A killed one never ends. */
  async #unlessKilled(client: Client, work: Promise<void>): Promise<void> {
    const done = work.then(() => true);
    const killed = async (): Promise<boolean> => {
      await this.#clock.sleep(1000);
      return this.#killed.has(client);
    };
    while (!(await Promise.race([done, killed()]))) {
      law('work ends', this.#clock.now() < longestMs, () => 'a call that waits for ever');
    }
  }

  /** Makes its calls, many or few at once. */
  async #work(client: Client): Promise<void> {
    const total = 10 + this.#random.int(40);
    const atOnce = this.#random.pick([1, 4, 30]);
    let left = total;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (left > 0) {
          left -= 1;
          if (this.#random.chance(0.1)) await client.clock.sleep(this.#random.int(5000));
          const lane = this.#random.pick(this.#lanes);
          const units = this.#random.chance(0.1) ? 3 : 1;
          await client.call(lane, this.#journey(), () => this.#count(lane, units), units);
        }
      }),
    );
  }

  #count(lane: string, units: number): 'taken' {
    for (let unit = 0; unit < units; unit += 1) this.#counted.push({ at: this.#clock.now(), lane });
    return 'taken';
  }

  #journey(): [number, number] {
    const slow = this.#random.chance(0.03) ? this.#random.int(6000) : 0;
    const whole = this.#journeyMs + this.#random.int(1 + this.#journeyMs / 2) + slow;
    return [whole * this.#share, whole * (1 - this.#share)];
  }

  /** It may be stopped for some time, or killed. */
  async #trouble(client: Client): Promise<void> {
    for (let times = this.#random.int(3); times > 0; times -= 1) {
      await this.#clock.sleep(this.#random.int(8000));
      client.stop();
      if (this.#random.chance(0.2)) {
        this.#killed.add(client);
        return;
      }
      await this.#clock.sleep(this.#random.pick([50, 500, 4000, 25_000]));
      client.goOn();
    }
  }

  async #exchange<T>(take: () => T): Promise<T> {
    const isLost = this.#random.chance(this.#failing);
    await this.#clock.sleep(this.#random.int(30));
    if (isLost && this.#random.chance(0.5)) throw new Error('no connection');
    if (isLost && this.#random.chance(0.2)) await this.#clock.sleep(15_000);
    const answer = take();
    await this.#clock.sleep(this.#random.int(30));
    if (isLost) throw new Error('the connection broke off');
    return answer;
  }
}

export async function holdPermitLaws(seed: number): Promise<void> {
  await new PermitSchedule(seed).run();
}
