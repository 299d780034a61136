import { organisationPart, root } from './organisation.ts';
import type { Tenant } from './tenant-parts.ts';

/** A department as the platforms have it. */
export interface Department {
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly parent: string;
  readonly visible: boolean;
}

/** The departments of a tenant file, and what of them an app may see. */
export class Departments {
  readonly #all: ReadonlyMap<string, Department>;
  /** Nothing is outside what the app may see. */
  readonly #whole: boolean;

  /** `numbers`: what departments are called by on a platform that numbers them, by their ids. */
  constructor(tenant: Tenant, numbers: ReadonlyMap<string, number> = new Map()) {
    const { departments, people } = organisationPart(tenant);
    const given = new Map(departments.map((department) => [department.id, department]));
    const visible = (id: string): boolean => {
      const one = given.get(id);
      return one === undefined || (one.visible ?? visible(one.parent ?? root.id));
    };
    this.#all = new Map(
      departments.map(({ id, name, parent = root.id }) => [
        id,
        { id, number: numbers.get(id) ?? null, name, parent, visible: visible(id) },
      ]),
    );
    this.#whole = [...departments, ...people].every(({ visible }) => visible !== false);
  }

  /** A department by its id; the root is one as well. */
  find(id: string): Department | undefined {
    if (id !== root.id) return this.#all.get(id);
    return { ...root, parent: '', visible: this.#whole };
  }

  /** A department by its number. */
  numbered(number: number): Department | undefined {
    if (number === root.number) return this.find(root.id);
    return [...this.#all.values()].find((department) => department.number === number);
  }

  /** All but the root. */
  all(): readonly Department[] {
    return [...this.#all.values()];
  }

  below(id: string): readonly Department[] {
    return [...this.#all.values()].filter(({ parent }) => parent === id);
  }

  /** All departments under this one, each after its parent. */
  tree(id: string): readonly Department[] {
    return this.below(id).flatMap((department) => [department, ...this.tree(department.id)]);
  }

  /** Whether an app may see who is in one of these departments. */
  seen(departments: readonly string[]): boolean {
    return departments.some((id) => id === root.id || this.#all.get(id)?.visible === true);
  }
}

/** People by the departments that they are right in. */
export function byDepartment<Person extends { readonly departments: readonly string[] }>(
  people: readonly Person[],
): ReadonlyMap<string, readonly Person[]> {
  const members = new Map<string, Person[]>();
  for (const person of people) {
    for (const id of new Set(person.departments)) {
      const own = members.get(id) ?? [];
      members.set(id, own);
      own.push(person);
    }
  }
  return members;
}

/**
 * How many people there are in these departments together, each counted once or once for each membership; `members`
 * tells who is right in one.
 */
export function headcount(
  departments: readonly Department[],
  members: (id: string) => readonly object[],
  counted: 'people' | 'memberships',
): number {
  const all = departments.flatMap(({ id }) => members(id));
  return counted === 'people' ? new Set(all).size : all.length;
}
