/** The error codes as the API pages list them: HTTP status, and a word that what is said of each has to hold. */
export type Row = readonly [code: string | number, status: number, word: RegExp];

export const feishuReads: readonly Row[] = [
  [190002, 400, /parameter/],
  [190003, 500, /internal/],
  [190004, 429, /API.*often/],
  [190005, 429, /app.*many calls/],
  [190006, 403, /tenant/],
  [190007, 404, /bot/],
  [190008, 400, /page token/],
  [190009, 400, /sync token/],
  [190010, 429, /same thing/],
  [190011, 403, /encrypted/],
  [190012, 403, /decrypted/],
  [190013, 400, /risk/],
  [190014, 400, /parameter/],
  [191000, 404, /calendar was not found/],
  [191001, 400, /calendar id/],
  [191002, 403, /no access/],
  [191003, 403, /calendar was deleted/],
  [191004, 403, /calendar.* type/],
  [193000, 400, /event id/],
  [193001, 404, /event was not found/],
  [193002, 403, /may not change the event/],
  [193003, 403, /event was deleted/],
  [194000, 404, /attendee .*not on/],
  [194001, 403, /may not see/],
  [194002, 403, /may not add/],
  [194003, 403, /may not remove/],
  [194004, 400, /attendee type/],
  [195100, 404, /left|not in this tenant/],
  [195107, 403, /may not unbind/],
  [195108, 400, /not the meeting chat/],
  [195109, 400, /meeting chat/],
  [99991400, 429, /often/],
  [99991672, 400, /permission/],
  [99991676, 400, /permission/],
  [99991679, 400, /granted/],
  [99992351, 400, /open_id does not exist/],
  [99992361, 400, /another app/],
  [99992402, 400, /field/],
];

/** Codes that end the run, as each further call would be answered the same. */
export const feishuEnds: readonly Row[] = [
  [99991401, 400, /network address/],
  [99991403, 400, /month/],
  [99991543, 400, /secret/],
  [99991661, 400, /no token/],
  [99991662, 400, /not in use/],
  [99991663, 400, /token/],
  [99991664, 400, /app token/],
  [99991665, 400, /tenant/],
  [99991668, 400, /user token/],
  [99991671, 400, /form/],
  [99991673, 400, /not available/],
  [99991677, 400, /expired/],
];

export const feishuTokens: readonly Row[] = [
  [10003, 200, /token request/],
  [10014, 200, /secret/],
  [10015, 200, /secret/],
];

export const dingtalkReads: readonly Row[] = [
  ['invalidParameter', 400, /parameter/],
  ['invalidParameter.event.calendarId', 400, /parameter/],
  ['invalidParameter.event.eventId', 400, /parameter/],
  ['invalidParameter.subscribed.invalid', 400, /parameter/],
  ['invalidParameter.maxResults', 400, /parameter/],
  ['idempotencyProcessing', 400, /still in progress/],
  ['IdempotentParameterMismatch', 400, /another request/],
  ['itemNotFound', 404, /event was not found/],
  ['instanceNotExist', 404, /no longer exists/],
  ['permissionDeny', 400, /outside the scope/],
  ['flowLimit', 400, /daily limit/],
  ['Forbidden.AccessDenied.AccessTokenPermissionDenied', 403, /permission/],
  ['Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 403, /often/],
  ['Forbidden.AccessDenied.QpsLimitForApi', 403, /often/],
  ['Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', 403, /often/],
  ['Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi', 403, /often/],
  ['Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi', 403, /often/],
  ['systemBusy', 429, /busy/],
  ['system.busy', 429, /busy/],
  ['unknownError', 500, /internal/],
  ['systemError', 500, /internal/],
  ['system.error', 400, /internal/],
  ['InvalidAction.NotFound', 404, /no such API/],
];

export const dingtalkEnds: readonly Row[] = [
  ['InvalidAuthentication', 400, /token/],
  ['Forbidden.AccessDenied.IpNotInWhiteList', 403, /network address/],
  ['Forbidden.AccessDenied.ApiCountLimitForOrg', 403, /month/],
];

export const dingtalkTokens: readonly Row[] = [
  ['invalidClientIdOrSecret', 400, /secret/],
  ['invalid_client', 400, /host/],
];
