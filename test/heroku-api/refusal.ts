/** An answer of the API that says no. */
export class Refusal extends Error {
  readonly status: number;
  readonly id: string;
  constructor(status: number, id: string, message: string) {
    super(message);
    this.status = status;
    this.id = id;
  }
}

export function refuse(status: number, id: string, message: string): never {
  throw new Refusal(status, id, message);
}
