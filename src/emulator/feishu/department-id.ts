import { root } from '../organisation.ts';
import type { Call } from '../route.ts';
import { FeishuRefusal } from './answer.ts';

/** Which of a department's ids is meant. */
export type DepartmentIdType = 'open_department_id' | 'department_id';

/** Which kind a call speaks: `department_id_type`, open_department_id where it is absent. */
export function departmentIdTypeOf(call: Call, name = 'department_id_type'): DepartmentIdType {
  const type = call.query.get(name) ?? '';
  if (type === '' || type === 'open_department_id') return 'open_department_id';
  if (type === 'department_id') return type;
  throw new FeishuRefusal(40001, `${name} must be open_department_id or department_id`);
}

/** An id of the tenant file as that kind: `od-platform` has the department_id `platform`, the root is the same in both. */
export function departmentId(id: string, type: DepartmentIdType): string {
  if (id === root.id || type === 'open_department_id') return id;
  return id.startsWith('od-') ? id.slice(3) : `custom-${id}`;
}
