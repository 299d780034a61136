/** Made of the schemas by schema-types.test.ts. */

export type Event = {
  readonly apiVersion: 'rollcall.dev/v1';
  readonly kind: 'Event';
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google';
    readonly calendarId?: string;
    readonly eventId: string;
    readonly organizer?: string;
    readonly userIdType?: 'open_id' | 'union_id' | 'user_id';
    readonly state?: 'present' | 'absent';
    readonly sync?: 'exact' | 'remove-only' | 'add-only';
    readonly notify?: boolean;
    readonly attendees?: readonly {
      readonly user?: string;
      readonly person?: string;
      readonly roster?: string;
      readonly chat?: string;
      readonly room?: string;
      readonly email?: string;
      readonly group?: string;
      readonly optional?: boolean;
      readonly until?: string;
    }[];
    readonly ignore?: readonly {
      readonly type?: 'user' | 'chat' | 'room' | 'email';
      readonly user?: string;
      readonly person?: string;
      readonly roster?: string;
      readonly chat?: string;
      readonly room?: string;
      readonly email?: string;
      readonly group?: string;
    }[];
    readonly external?: 'keep' | 'remove';
    readonly optionalDrift?: 'ignore' | 'replace';
    readonly exceptions?: 'leave' | 'report' | 'follow';
    readonly leavers?: 'keep' | 'remove';
    readonly guards?: {
      readonly maxRemovals?: number | `${number}%`;
      readonly allowEmpty?: boolean;
      readonly allowDelete?: boolean;
      readonly allowPast?: boolean;
      readonly maxAdditions?: number;
      readonly maxNotified?: number;
      readonly allow?: { readonly removals: number; readonly until: string };
    };
    readonly meetingChat?: { readonly id: string; readonly state: 'present' | 'absent' };
    readonly admin?: { readonly instanceStartTime?: string };
    readonly roomContact?: string;
    readonly internalDomains?: readonly string[];
  };
};

export type Roster = {
  readonly apiVersion: 'rollcall.dev/v1';
  readonly kind: 'Roster';
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly members: readonly {
      readonly user?: string;
      readonly person?: string;
      readonly roster?: string;
      readonly chat?: string;
      readonly room?: string;
      readonly email?: string;
      readonly department?: string | number;
      readonly group?: string;
      readonly role?: string | number;
      readonly chatMembers?: string;
      readonly recursive?: boolean;
      readonly provider?: 'feishu' | 'lark' | 'dingtalk' | 'google';
      readonly optional?: boolean;
      readonly until?: string;
    }[];
    readonly exclude?: readonly {
      readonly user?: string;
      readonly person?: string;
      readonly roster?: string;
      readonly chat?: string;
      readonly room?: string;
      readonly email?: string;
    }[];
    readonly max?: number;
  };
};

export type Directory = {
  readonly apiVersion: 'rollcall.dev/v1';
  readonly kind: 'Directory';
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly people: Readonly<
      Record<
        string,
        {
          readonly name?: string;
          readonly email?: string;
          readonly mobile?: string;
          readonly employeeNo?: string;
          readonly left?: string;
          readonly feishu?:
            string | { readonly open_id?: string; readonly union_id?: string; readonly user_id?: string };
          readonly lark?:
            string | { readonly open_id?: string; readonly union_id?: string; readonly user_id?: string };
          readonly dingtalk?: string;
          readonly google?: string;
        }
      >
    >;
  };
};

export type FleetTenant = {
  readonly apiVersion: 'rollcall.dev/v1';
  readonly kind: 'Tenant';
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google'; readonly manifests: string };
};

export type Lock = {
  readonly formatVersion: '1';
  readonly entries: readonly {
    readonly person: string;
    readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google';
    readonly id: string;
    readonly idType: string;
    readonly by: 'email' | 'mobile' | 'employeeNo';
    readonly value: string;
    readonly resolvedAt: string;
  }[];
};

export type Plan = {
  readonly formatVersion: '1';
  readonly tool: { readonly name: string; readonly version: string };
  readonly createdAt: string;
  readonly asOf: string;
  readonly manifestDigest?: string;
  readonly locked?: { readonly digest: string };
  readonly digest?: string;
  readonly redacted?: true;
  readonly accounts: {
    readonly feishu?: { readonly host: string; readonly appId: string | null };
    readonly lark?: { readonly host: string; readonly appId: string | null };
    readonly dingtalk?: { readonly host: string; readonly appId: string | null };
    readonly google?: { readonly host: string; readonly appId: string | null };
  };
  readonly selection: {
    readonly target: readonly string[];
    readonly exclude: readonly string[];
    readonly selector: readonly string[];
  };
  readonly maxRemovals: number;
  readonly complete: boolean;
  readonly applyable: boolean;
  readonly summary: {
    readonly events: number;
    readonly inSync: number;
    readonly changed: number;
    readonly refused: number;
    readonly unknown: number;
    readonly add: number;
    readonly remove: number;
    readonly deleteEvents: number;
    readonly unbindChats: number;
    readonly notified: number;
    readonly repliesLost?: {
      readonly accepted: number;
      readonly tentative: number;
      readonly declined: number;
    };
    readonly leftOut?: { readonly add: number; readonly remove: number; readonly events: number };
  };
  readonly requests: { readonly used: number; readonly needed: number };
  readonly events: readonly {
    readonly name: string;
    readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google';
    readonly calendarId: string;
    readonly eventId: string;
    readonly source: { readonly file: string; readonly line: number; readonly column: number };
    readonly organizer?: string;
    readonly userIdType?: 'open_id' | 'union_id' | 'user_id';
    readonly admin?: { readonly instanceStartTime?: string };
    readonly roomContact?: string;
    readonly internalDomains?: readonly string[];
    readonly event?: { readonly summary?: string; readonly start?: string; readonly recurring: boolean };
    readonly sync: 'exact' | 'remove-only' | 'add-only';
    readonly external?: 'keep' | 'remove';
    readonly epoch?: number;
    readonly exceptions?: 'report' | 'follow';
    readonly series?: { readonly name: string; readonly original?: string; readonly start?: string };
    readonly notify: boolean;
    readonly notified: number;
    readonly order: 'adds-first' | 'removes-first';
    readonly limits: {
      readonly maxRemovals: number | `${number}%` | null;
      readonly allowEmpty: boolean;
      readonly allowDelete: boolean;
      readonly allowPast: boolean;
      readonly maxAdditions: number | null;
      readonly maxNotified: number;
      readonly allowed: number | 'event' | null;
    };
    readonly status: 'in-sync' | 'changed' | 'refused' | 'unknown';
    readonly observed?: {
      readonly count: number;
      readonly managed: number;
      readonly fingerprint?: string;
      readonly members?: string;
    };
    readonly desired?: { readonly count: number; readonly digest?: string };
    readonly changes: readonly (
      | {
          readonly action: 'remove';
          readonly attendee: {
            readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
            readonly id: string;
            readonly attendeeId?: string;
            readonly name?: string;
            readonly optional: boolean;
            readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
          };
          readonly reason:
            'not-in-manifest' | 'expired' | 'excluded' | 'left' | 'optional-drift' | 'reverted';
          readonly certain: boolean;
          readonly source?: { readonly file: string; readonly line: number; readonly column: number };
          readonly via?: readonly string[];
        }
      | {
          readonly action: 'add';
          readonly attendee: {
            readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
            readonly id: string;
            readonly attendeeId?: string;
            readonly name?: string;
            readonly optional: boolean;
            readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
          };
          readonly reason: 'in-manifest' | 'optional-drift' | 'reverted';
          readonly wasRemoved?: true;
          readonly operateId?: string;
          readonly certain: boolean;
          readonly source?: { readonly file: string; readonly line: number; readonly column: number };
          readonly via?: readonly string[];
        }
      | {
          readonly action: 'unbind-chat';
          readonly chatId: string;
          readonly reason: 'chat-absent';
          readonly certain: boolean;
          readonly source?: { readonly file: string; readonly line: number; readonly column: number };
          readonly via?: readonly string[];
        }
      | {
          readonly action: 'delete-event';
          readonly reason: 'state-absent';
          readonly certain: boolean;
          readonly source?: { readonly file: string; readonly line: number; readonly column: number };
          readonly via?: readonly string[];
        }
    )[];
    readonly kept: readonly {
      readonly attendee: {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly attendeeId?: string;
        readonly name?: string;
        readonly optional: boolean;
        readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
      };
      readonly reason: 'organizer' | 'ignored' | 'external' | 'add-only';
    }[];
    readonly missing: readonly {
      readonly attendee: {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly attendeeId?: string;
        readonly name?: string;
        readonly optional: boolean;
        readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
      };
      readonly reason: 'remove-only';
      readonly source?: { readonly file: string; readonly line: number; readonly column: number };
      readonly via?: readonly string[];
    }[];
    readonly drift: readonly {
      readonly attendee: {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly attendeeId?: string;
        readonly name?: string;
        readonly optional: boolean;
        readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
      };
      readonly reason: 'optional-drift';
      readonly source?: { readonly file: string; readonly line: number; readonly column: number };
      readonly via?: readonly string[];
    }[];
    readonly occurrences?: readonly {
      readonly name: string;
      readonly eventId: string;
      readonly original: string;
      readonly start: string;
      readonly summary?: string;
      readonly differs?: {
        readonly changes: readonly (
          | {
              readonly action: 'remove';
              readonly attendee: {
                readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
                readonly id: string;
                readonly attendeeId?: string;
                readonly name?: string;
                readonly optional: boolean;
                readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
              };
              readonly reason:
                'not-in-manifest' | 'expired' | 'excluded' | 'left' | 'optional-drift' | 'reverted';
              readonly certain: boolean;
              readonly source?: { readonly file: string; readonly line: number; readonly column: number };
              readonly via?: readonly string[];
            }
          | {
              readonly action: 'add';
              readonly attendee: {
                readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
                readonly id: string;
                readonly attendeeId?: string;
                readonly name?: string;
                readonly optional: boolean;
                readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
              };
              readonly reason: 'in-manifest' | 'optional-drift' | 'reverted';
              readonly wasRemoved?: true;
              readonly operateId?: string;
              readonly certain: boolean;
              readonly source?: { readonly file: string; readonly line: number; readonly column: number };
              readonly via?: readonly string[];
            }
          | {
              readonly action: 'unbind-chat';
              readonly chatId: string;
              readonly reason: 'chat-absent';
              readonly certain: boolean;
              readonly source?: { readonly file: string; readonly line: number; readonly column: number };
              readonly via?: readonly string[];
            }
          | {
              readonly action: 'delete-event';
              readonly reason: 'state-absent';
              readonly certain: boolean;
              readonly source?: { readonly file: string; readonly line: number; readonly column: number };
              readonly via?: readonly string[];
            }
        )[];
        readonly missing: readonly {
          readonly attendee: {
            readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
            readonly id: string;
            readonly attendeeId?: string;
            readonly name?: string;
            readonly optional: boolean;
            readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
          };
          readonly reason: 'remove-only';
          readonly source?: { readonly file: string; readonly line: number; readonly column: number };
          readonly via?: readonly string[];
        }[];
        readonly drift: readonly {
          readonly attendee: {
            readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
            readonly id: string;
            readonly attendeeId?: string;
            readonly name?: string;
            readonly optional: boolean;
            readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
          };
          readonly reason: 'optional-drift';
          readonly source?: { readonly file: string; readonly line: number; readonly column: number };
          readonly via?: readonly string[];
        }[];
      };
    }[];
    readonly skipped?: readonly {
      readonly attendee: {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly attendeeId?: string;
        readonly name?: string;
        readonly optional: boolean;
        readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
      };
      readonly reason: 'left';
      readonly source?: { readonly file: string; readonly line: number; readonly column: number };
      readonly via?: readonly string[];
    }[];
    readonly violations: readonly {
      readonly code:
        'empty' | 'max-removals' | 'max-additions' | 'max-notified' | 'delete-event' | 'past-event';
      readonly message: string;
    }[];
    readonly notes: readonly string[];
    readonly named?: readonly {
      readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
      readonly id: string;
      readonly name?: string;
    }[];
    readonly remembered?: readonly { readonly address: string; readonly other?: string }[];
    readonly problem?: {
      readonly code:
        | 'list-refused'
        | 'list-failed'
        | 'list-malformed'
        | 'internal'
        | 'list-moved'
        | 'held'
        | 'overtaken'
        | 'store'
        | 'list-partial'
        | 'not-organizer'
        | 'event-not-found'
        | 'event-deleted'
        | 'source-unread'
        | 'source-incomplete'
        | 'over-max'
        | 'quota'
        | 'credentials';
      readonly message: string;
      readonly hint?: string;
      readonly platformCode?: string;
      readonly logId?: string;
    };
  }[];
  readonly sources?: readonly {
    readonly kind: 'department' | 'group' | 'role' | 'chat';
    readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google';
    readonly id: string;
    readonly recursive?: true;
    readonly userIdType?: 'open_id' | 'union_id' | 'user_id';
    readonly name: string | null;
    readonly count: number;
    readonly digest?: string;
  }[];
  readonly unmanaged?: readonly {
    readonly name: string;
    readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google';
    readonly calendarId: string;
    readonly eventId: string;
    readonly source: { readonly file: string; readonly line: number; readonly column: number };
    readonly observed: { readonly count: number } | null;
    readonly renamedTo: string | null;
  }[];
  readonly violations: readonly { readonly code: 'run-removals'; readonly message: string }[];
  readonly diagnostics: readonly {
    readonly severity: 'error' | 'warning';
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly source?: { readonly file: string; readonly line: number; readonly column: number };
    readonly more?: number;
    readonly excerpt?: string;
  }[];
};

export type Result = {
  readonly formatVersion: '1';
  readonly runId: string;
  readonly planDigest?: string;
  readonly redacted?: true;
  readonly journal: string | null;
  readonly exitCode: number;
  readonly requests: { readonly used: number };
  readonly summary: {
    readonly events: number;
    readonly converged: number;
    readonly applied: number;
    readonly unchanged: number;
    readonly partial: number;
    readonly failed: number;
    readonly refused: number;
    readonly unknown: number;
    readonly notConverged: number;
    readonly notAttempted: number;
    readonly interrupted: number;
    readonly added: number;
    readonly removed: number;
    readonly failedChanges: number;
    readonly eventsDeleted: number;
    readonly chatsUnbound: number;
  };
  readonly events: readonly {
    readonly name: string;
    readonly outcome:
      | 'converged'
      | 'applied'
      | 'unchanged'
      | 'partial'
      | 'failed'
      | 'refused'
      | 'unknown'
      | 'not-converged'
      | 'not-attempted'
      | 'interrupted';
    readonly changes: readonly {
      readonly action: 'remove' | 'add' | 'unbind-chat' | 'delete-event';
      readonly attendee?: {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly attendeeId?: string;
        readonly name?: string;
        readonly optional: boolean;
        readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
      };
      readonly chatId?: string;
      readonly outcome: 'done' | 'already' | 'failed' | 'unknown' | 'not-attempted';
      readonly error?: {
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
        readonly logId?: string;
      };
    }[];
    readonly newcomers: readonly {
      readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
      readonly id: string;
      readonly name?: string;
    }[];
    readonly notes: readonly string[];
    readonly violations: readonly {
      readonly code:
        | 'empty'
        | 'max-removals'
        | 'max-additions'
        | 'max-notified'
        | 'delete-event'
        | 'past-event'
        | 'run-removals';
      readonly message: string;
    }[];
    readonly problem?: {
      readonly code:
        | 'list-refused'
        | 'list-failed'
        | 'list-malformed'
        | 'internal'
        | 'list-moved'
        | 'held'
        | 'overtaken'
        | 'store'
        | 'list-partial'
        | 'not-organizer'
        | 'event-not-found'
        | 'event-deleted'
        | 'source-unread'
        | 'source-incomplete'
        | 'over-max'
        | 'quota'
        | 'credentials';
      readonly message: string;
      readonly hint?: string;
      readonly platformCode?: string;
      readonly logId?: string;
    };
  }[];
};

export type Fleet = {
  readonly formatVersion: '1';
  readonly mode: 'plan' | 'apply';
  readonly run: string | null;
  readonly exitCode: number;
  readonly maxRemovals: number;
  readonly stopped: boolean;
  readonly summary: {
    readonly tenants: number;
    readonly done: number;
    readonly failed: number;
    readonly notAttempted: number;
    readonly open: number;
    readonly events: number;
    readonly added: number;
    readonly removed: number;
  };
  readonly problems?: readonly {
    readonly event?: string;
    readonly source?: { readonly file: string; readonly line: number; readonly column: number };
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
  }[];
  readonly tenants: readonly {
    readonly tenant: string;
    readonly state: 'done' | 'failed' | 'not-attempted' | 'open';
    readonly attempt: number;
    readonly outcome: {
      readonly exitCode: number;
      readonly events: number;
      readonly by: Readonly<Record<string, number>>;
      readonly added: number;
      readonly removed: number;
      readonly problems: readonly {
        readonly event?: string;
        readonly source?: { readonly file: string; readonly line: number; readonly column: number };
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
      }[];
      readonly more: number;
      readonly drift: string | null;
      readonly run: string | null;
      readonly calls: number;
    } | null;
  }[];
  readonly redacted?: true;
};

export type Journal =
  | {
      readonly formatVersion: '1';
      readonly runId: string;
      readonly seq: number;
      readonly at: string;
      readonly kind: 'run-started';
      readonly tool: { readonly name: string; readonly version: string };
      readonly accounts: {
        readonly feishu?: { readonly host: string; readonly appId: string | null };
        readonly lark?: { readonly host: string; readonly appId: string | null };
        readonly dingtalk?: { readonly host: string; readonly appId: string | null };
        readonly google?: { readonly host: string; readonly appId: string | null };
      };
      readonly planDigest: string;
      readonly asOf: string;
      readonly events: readonly string[];
      readonly origin?: {
        readonly commit?: string;
        readonly repository?: string;
        readonly job?: string;
        readonly actor?: string;
      };
    }
  | {
      readonly formatVersion: '1';
      readonly runId: string;
      readonly seq: number;
      readonly at: string;
      readonly kind: 'batch-started';
      readonly event: {
        readonly name: string;
        readonly provider: 'feishu' | 'lark' | 'dingtalk' | 'google';
        readonly calendarId: string;
        readonly eventId: string;
        readonly organizer?: string;
        readonly userIdType?: 'open_id' | 'union_id' | 'user_id';
        readonly admin?: { readonly instanceStartTime?: string };
      };
      readonly action: 'remove' | 'add' | 'unbind-chat' | 'delete-event' | 'reply';
      readonly batch: number;
      readonly notify: boolean;
      readonly attendees: readonly {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly attendeeId?: string;
        readonly name?: string;
        readonly optional: boolean;
        readonly operateId?: string;
        readonly external?: true;
        readonly reply?: 'accepted' | 'tentative' | 'declined';
        readonly source?: { readonly file: string; readonly line: number; readonly column: number };
      }[];
      readonly chatId?: string;
      readonly source?: { readonly file: string; readonly line: number; readonly column: number };
    }
  | {
      readonly formatVersion: '1';
      readonly runId: string;
      readonly seq: number;
      readonly at: string;
      readonly kind: 'batch-done';
      readonly name: string;
      readonly batch: number;
      readonly outcome: 'done' | 'failed' | 'unknown';
      readonly error?: {
        readonly code: string;
        readonly message: string;
        readonly hint?: string;
        readonly logId?: string;
      };
      readonly listed?: string;
    }
  | {
      readonly formatVersion: '1';
      readonly runId: string;
      readonly seq: number;
      readonly at: string;
      readonly kind: 'event-done';
      readonly name: string;
      readonly outcome:
        | 'converged'
        | 'applied'
        | 'unchanged'
        | 'partial'
        | 'failed'
        | 'refused'
        | 'unknown'
        | 'not-converged'
        | 'not-attempted'
        | 'interrupted';
      readonly settled: readonly {
        readonly action: 'remove' | 'add' | 'unbind-chat' | 'delete-event';
        readonly attendee?: {
          readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
          readonly id: string;
          readonly attendeeId?: string;
          readonly name?: string;
          readonly optional: boolean;
          readonly reply?: 'none' | 'accepted' | 'tentative' | 'declined';
        };
        readonly chatId?: string;
        readonly outcome: 'done' | 'already' | 'failed' | 'unknown' | 'not-attempted';
        readonly error?: {
          readonly code: string;
          readonly message: string;
          readonly hint?: string;
          readonly logId?: string;
        };
      }[];
      readonly newcomers: readonly {
        readonly type: 'user' | 'chat' | 'room' | 'email' | 'group';
        readonly id: string;
        readonly name?: string;
      }[];
      readonly notes: readonly string[];
      readonly violations: readonly {
        readonly code:
          | 'empty'
          | 'max-removals'
          | 'max-additions'
          | 'max-notified'
          | 'delete-event'
          | 'past-event'
          | 'run-removals';
        readonly message: string;
      }[];
      readonly problem?: {
        readonly code:
          | 'list-refused'
          | 'list-failed'
          | 'list-malformed'
          | 'internal'
          | 'list-moved'
          | 'held'
          | 'overtaken'
          | 'store'
          | 'list-partial'
          | 'not-organizer'
          | 'event-not-found'
          | 'event-deleted'
          | 'source-unread'
          | 'source-incomplete'
          | 'over-max'
          | 'quota'
          | 'credentials';
        readonly message: string;
        readonly hint?: string;
        readonly platformCode?: string;
        readonly logId?: string;
      };
    }
  | {
      readonly formatVersion: '1';
      readonly runId: string;
      readonly seq: number;
      readonly at: string;
      readonly kind: 'run-done';
      readonly exitCode: number;
      readonly requests: number;
    };
