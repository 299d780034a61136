/** A comment of ours on a pull or merge request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Its page; null where that is not known. */
  readonly url: string | null;
}

/** The labels to put on a pull or merge request, and those to take off. */
export interface LabelChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** One pull or merge request on the site that hosts it. */
export interface Review {
  /** `GitHub` or `GitLab`. */
  readonly site: string;
  /** The most characters that a comment may have there. */
  readonly longest: number;
  /** The commit that is being reviewed; null where the surroundings do not say. */
  readonly commit: string | null;
  /** Comments whose text begins with a marker and whose author is the owner of the token, oldest first. */
  comments(marker: string): Promise<readonly Comment[]>;
  /** @throws Lost where the comment may have been written or not. */
  create(body: string): Promise<Comment>;
  /** Null: the comment is no longer there. */
  update(id: number, body: string): Promise<Comment | null>;
  /** Also where it is gone already. */
  remove(id: number): Promise<void>;
  /** All labels, no matter who put them there. */
  labels(): Promise<readonly string[]>;
  label(change: LabelChange): Promise<void>;
}

/** A comment that cannot be written, with the way out. Never shows a token. */
export class ReviewError extends Error {
  override readonly name: string = 'ReviewError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** A call that was sent and not answered as it should be: what it asked for may have been done. */
export class Lost extends ReviewError {
  override readonly name = 'Lost';
}
