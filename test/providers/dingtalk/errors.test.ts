import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/providers/dialect.ts';
import { errorTable, rowOf } from '../../../src/providers/dingtalk/errors.ts';
import { kindOf } from '../../../src/providers/judge.ts';

describe('the codes of the pages', () => {
  test.each([
    'invalidParameter',
    'idempotencyProcessing',
    'IdempotentParameterMismatch',
    'itemNotFound',
    'instanceNotExist',
    'permissionDeny',
    'flowLimit',
    'InvalidAuthentication',
    'invalidClientIdOrSecret',
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    'Forbidden.AccessDenied.IpNotInWhiteList',
    'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi',
    'Forbidden.AccessDenied.QpsLimitForApi',
    'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi',
    'Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi',
    'Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi',
    'Forbidden.AccessDenied.ApiCountLimitForOrg',
    'systemBusy',
    'system.busy',
    'unknownError',
    'systemError',
    'system.error',
    'InvalidAction.NotFound',
  ])('include %s', (code) => {
    expect(errorTable[code]).toBeDefined();
  });

  test.each(Object.entries(errorTable))('give %s a meaning and a way out', (_code, row) => {
    expect(row.meaning).toMatch(/^[a-z]/);
    expect(row.hint).toMatch(/^[A-Z].*\.$/);
  });
});

test.each<readonly [string, Operation, string]>([
  ['invalidParameter', 'batch', 'entry'],
  ['permissionDeny', 'batch', 'entry'],
  ['invalidParameter.event.eventId', 'batch', 'entry'],
  ['invalidParameter', 'read', 'event'],
  ['invalidParameter', 'delete', 'event'],
  ['itemNotFound', 'delete', 'done'],
  ['instanceNotExist', 'delete', 'done'],
  ['itemNotFound', 'batch', 'absent'],
  ['Forbidden.AccessDenied.QpsLimitForSomethingNew', 'batch', 'rate'],
  ['Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', 'read', 'rate'],
  ['ApiCountLimitForOrg', 'read', 'quota'],
  ['InvalidAuthentication', 'batch', 'auth'],
  ['invalidClientIdOrSecret', 'token', 'auth'],
  ['invalidParameter', 'token', 'auth'],
  ['Forbidden.AccessDenied.AccessTokenPermissionDenied', 'read', 'event'],
  ['unknownError', 'batch', 'lost'],
  ['constructor', 'batch', 'event'],
])('%s answered to %s is of kind %s', (code, operation, kind) => {
  expect(kindOf(rowOf(code), 400, operation)).toBe(kind);
});

test.each([
  [400, 'event'],
  [401, 'auth'],
  [429, 'rate'],
  [500, 'lost'],
])('an unknown code with HTTP %i is of kind %s', (status, kind) => {
  expect(kindOf(rowOf('somethingNew'), status, 'batch')).toBe(kind);
});
