import type { Fault, InterceptedCall } from '../../src/emulator/intercept.ts';
import type { Random } from './random.ts';

/** What goes wrong with the lists of a source, from the second page on where there is one. */
export const mishaps = ['none', 'none', 'fails', 'short', 'cut', 'repeats'] as const;
export type Mishap = (typeof mishaps)[number];

const apis: Readonly<Record<string, 'department' | 'chat'>> = {
  'feishu.users.department': 'department',
  'feishu.chat.members': 'chat',
};

/** A department and a chat whose people come and go while the server runs, in pages of three. */
export class Memberships {
  readonly department: Set<string> = new Set();
  readonly chat: Set<string> = new Set();
  mishap: Mishap = 'none';
  /** Of which of them. */
  of: 'department' | 'chat' = 'department';

  /** Answers for the server where it is asked about them. */
  readonly answer = ({ api, query }: InterceptedCall): Fault | undefined => {
    if (api === 'feishu.departments.batch') return counted(this.department.size);
    const kind = apis[api];
    return kind === undefined ? undefined : this.#page(kind, Number(query['page_token'] ?? '0'));
  };

  /** Somebody comes, goes, or takes the place of another. */
  change(people: readonly [string, ...string[]], random: Random): void {
    const set = random.chance(0.7) ? this.department : this.chat;
    for (let count = 1 + random.int(2); count > 0; count -= 1) {
      const one = random.pick(people);
      if (!set.delete(one)) set.add(one);
    }
  }

  #page(kind: 'department' | 'chat', start: number): Fault {
    const all = [...this[kind]];
    const mishap = kind === this.of ? this.mishap : 'none';
    const last = start + 3 >= all.length;
    if (mishap === 'fails' && last) {
      return { kind: 'answer', status: 400, body: { code: 40004, msg: 'no dept authority error' } };
    }
    let rows = all.slice(start, start + 3);
    if (mishap === 'short' && last) rows = rows.slice(1);
    // The page before once more: what stood on this one is lost.
    if (mishap === 'repeats' && last) rows = start === 0 ? [] : all.slice(start - 3, start);
    const more = !last && mishap !== 'cut';
    const page = more ? { has_more: true, page_token: String(start + 3) } : { has_more: false };
    const data =
      kind === 'chat'
        ? { items: rows.map((id) => ({ member_id: id, name: id })), member_total: all.length, ...page }
        : { items: rows.map((id) => ({ open_id: id, name: id })), ...page };
    return { kind: 'answer', status: 200, body: { code: 0, msg: 'success', data } };
  }

  /** Whether the mishap loses somebody: a list of one page is not cut, and of nobody nobody is left out. */
  get loses(): boolean {
    const { size } = this[this.of];
    if (this.mishap === 'none') return false;
    if (this.mishap === 'fails') return true;
    return this.mishap === 'cut' ? size > 3 : size > 0;
  }
}

/** The department as it is, with the number of people that it has. */
function counted(members: number): Fault {
  return {
    kind: 'rewrite',
    rewrite: (answer) => {
      // What the server answers.
      const body = JSON.parse(answer.body) as { data: { items: object[] } };
      const items = body.data.items.map((one) => ({ ...one, member_count: members }));
      return { ...answer, body: JSON.stringify({ ...body, data: { items } }) };
    },
  };
}
