import { listOf, objectOf, textOf, textsOf, WrongField, type Json } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import { may, type Caller } from '../tokens.ts';
import { departmentId, departmentIdTypeOf } from './access.ts';
import { success } from './answer.ts';
import { slice, type PageTerms } from './page.ts';
import { hasLeft, type FeishuPerson, type UserIdType } from './people.ts';
import { dialled } from '../organisation.ts';
import { nameOf, sees, staff } from './users.ts';
import { feishuOf } from './world.ts';

const terms: PageTerms = {
  least: 1,
  usual: 20,
  most: 100,
  badToken: 2221004,
  expired: 2221004,
};
/** The numbers of `staff_status`. */
const status = { active: 1, left: 2, leaving: 5 };

/** What a condition looks at. */
const fields: Readonly<Record<string, (person: FeishuPerson, value: string) => boolean>> = {
  'base_info.mobile': ({ mobile }, value) => mobile !== undefined && dialled(mobile) === dialled(value),
  'base_info.email': ({ email }, value) => email?.toLowerCase() === value.toLowerCase(),
  'work_info.job_number': ({ employeeNo }, value) => employeeNo === value,
};

/**
 * The employees who fit all of up to ten conditions, page by page; nobody who has left. This is the only way from a job
 * number to an id. The value of a condition is JSON in a string.
 * https://open.feishu.cn/document/directory-v1/employee/filter
 */
export function filterEmployees(call: Call, context: Context, caller: Caller): Answer {
  const type = employeeIdTypeOf(call);
  const body = objectOf(call.body);
  const wanted = requiredFields(body);
  const conditions = listOf(objectOf(body['filter'], 'filter'), 'conditions');
  if (conditions.length > 10) throw new WrongField('conditions', 'at most ten');
  const tests = conditions.map((condition) => testOf(objectOf(condition, 'conditions')));
  const page = objectOf(body['page_request'], 'page_request');
  const size = page['page_size'] ?? terms.usual;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > terms.most) {
    throw new WrongField('page_size', 'a whole number from 0 to 100');
  }
  const found = staff(context).filter(
    (person) => sees(caller, person, context) && tests.every((test) => test(person)),
  );
  const list = JSON.stringify([call.api, body['filter'] ?? null]);
  const given = textOf(page, 'page_token') ?? '';
  const { items, more } = slice(found, { given, size: Math.max(size, terms.least), list }, context, terms);
  return success({
    employees: items.map((person) => employeeView(person, { type, wanted, call, caller, context })),
    page_response: more,
  });
}

/**
 * Up to 100 employees by their ids, also those who have left. Anyone who is not there (2002), or may not be seen
 * (1000), is told under `abnormals`. https://open.feishu.cn/document/directory-v1/employee/mget
 */
export function mgetEmployees(call: Call, context: Context, caller: Caller): Answer {
  const type = employeeIdTypeOf(call);
  const body = objectOf(call.body);
  const wanted = requiredFields(body);
  const ids = textsOf(body, 'employee_ids');
  if (ids.length < 1 || ids.length > 100) throw new WrongField('employee_ids', '1 to 100 ids');
  const found = ids.map((id) => {
    const { person, known } = feishuOf(context.world).people.find(type, id);
    if (!known || person.external)
      return { id, abnormal: { id, row_error: 0, field_errors: { employee_id: 2002 } } };
    if (!sees(caller, person, context)) return { id, abnormal: { id, row_error: 1000, field_errors: {} } };
    return { id, person };
  });
  return success({
    employees: found.flatMap(({ person }) =>
      person === undefined ? [] : [employeeView(person, { type, wanted, call, caller, context })],
    ),
    abnormals: found.flatMap(({ abnormal }) => abnormal ?? []),
  });
}

function employeeIdTypeOf(call: Call): UserIdType {
  const type = call.query.get('employee_id_type') ?? 'open_id';
  if (type === '' || type === 'open_id') return 'open_id';
  if (type === 'union_id') return type;
  if (type === 'employee_id') return 'user_id';
  throw new WrongField('employee_id_type', 'open_id, union_id or employee_id');
}

function requiredFields(body: Json): readonly string[] {
  const wanted = textsOf(body, 'required_fields');
  if (wanted.length < 1 || wanted.length > 100) throw new WrongField('required_fields', '1 to 100 names');
  return wanted;
}

function testOf(condition: Json): (person: FeishuPerson) => boolean {
  const field = textOf(condition, 'field') ?? '';
  const operator = textOf(condition, 'operator') ?? '';
  const fits = fields[field];
  if (fits === undefined) throw new WrongField('field', `one of ${Object.keys(fields).join(', ')}`);
  const value = parsed(textOf(condition, 'value') ?? '');
  const values: readonly unknown[] = operator === 'in' && Array.isArray(value) ? value : [value];
  if (operator !== 'eq' && operator !== 'in') throw new WrongField('operator', 'eq or in');
  if (!values.every((one) => typeof one === 'string')) {
    throw new WrongField('value', 'JSON in a string: "\\"00712\\""');
  }
  return (person) => values.some((one) => fits(person, one));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface View {
  readonly type: UserIdType;
  readonly wanted: readonly string[];
  readonly call: Call;
  readonly caller: Caller;
  readonly context: Context;
}

/** What was asked for of an employee; what the app lacks the permission for is left out. */
function employeeView(person: FeishuPerson, { type, wanted, call, caller, context }: View): object {
  const left = hasLeft(person, context.now);
  const asked = (field: string): boolean =>
    wanted.some((name) => name === field || name === `${field.split('.')[0] ?? ''}.*`);
  const shown = (field: string, scope: string | undefined, value: object): object =>
    asked(field) && (scope === undefined || may(caller, scope)) ? value : {};
  const departments = person.departments.map((id) => ({
    department_id: departmentId(id, departmentIdTypeOf(call)),
  }));
  const staffStatus = left ? status.left : person.goneFrom === null ? status.active : status.leaving;
  return {
    base_info: {
      employee_id: person.ids[type],
      ...shown('base_info.name', undefined, { name: { name: { default_value: nameOf(person) } } }),
      ...shown('base_info.email', 'directory:employee.base.email:read', { email: person.email ?? '' }),
      ...shown('base_info.mobile', undefined, { mobile: person.mobile ?? '' }),
      ...shown('base_info.departments', undefined, { departments }),
      ...shown('base_info.is_resigned', 'directory:employee.base.is_resigned:read', { is_resigned: left }),
    },
    work_info: {
      ...shown('work_info.job_number', undefined, { job_number: person.employeeNo ?? '' }),
      ...shown('work_info.staff_status', 'directory:employee.work.staff_status:read', {
        staff_status: staffStatus,
      }),
    },
  };
}
