import { visible } from './escape.ts';

/** The id that an event's permalink names. */
export function eventId(name: string): string {
  return `event-${visible(name)}`;
}

/** The permalink within the page. What is spelled out has no lone surrogate left that could not be encoded. */
export function eventLink(name: string): string {
  return `#${encodeURIComponent(eventId(name))}`;
}
