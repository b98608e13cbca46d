import type * as Pulumi from "@pulumi/pulumi";

/** One resource as the program registered it, in the order of registration. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The id to import, else empty. */
  importId: string;
}

/** How long each resource takes to be made: what does not wait for it overtakes it. */
const MAKING_MS = 15;

/** Pulumi's mocks: every resource is made after a moment, with ids and outputs as the real ones would have. */
export class MockedEngine {
  readonly registered: Registered[] = [];
  readonly #pulumi: typeof Pulumi;

  /** @param pulumi the copy of the SDK that the program under test uses. */
  constructor(pulumi: typeof Pulumi) {
    this.#pulumi = pulumi;
  }
  async start(stack: string): Promise<void> {
    await this.#pulumi.runtime.setMocks(
      {
        newResource: async ({ type, name, inputs, id }) => {
          this.registered.push({ type, name, inputs: plain(inputs), importId: id ?? "" });
          await new Promise((resolve) => setTimeout(resolve, MAKING_MS));
          return { id: id || `${name}-id`, state: { ...inputs, ...computed(type, name) } };
        },
        call: ({ inputs }) => ({ ...inputs, region: "eu" }),
      },
      "trunkline",
      stack,
      false,
    );
  }

  /** What the stack file says: `encrypted` are the names of the settings that are encrypted there. */
  configure(settings: Record<string, unknown>, encrypted: readonly string[]): void {
    const key = (name: string) => `trunkline:${name}`;
    const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    const entries = given.map(([name, value]) => [key(name), text(value)]);
    this.#pulumi.runtime.setAllConfig(Object.fromEntries(entries), encrypted.map(key));
  }

  names(): string[] {
    return this.registered.map(({ type, name }) => `${type.split(/[:/]/).at(-1)} ${name}`);
  }

  find(type: string, name?: string): Registered {
    const found = this.registered.find((one) => one.type.endsWith(`:${type}`) && (name ?? one.name) === one.name);
    if (found === undefined) throw new Error(`${type} ${name ?? ""} was not declared, but ${this.names().join(", ")}`);
    return found;
  }
}

function computed(type: string, name: string): Record<string, unknown> {
  if (type.endsWith(":App")) return { uuid: `${name}-uuid`, webUrl: `https://${name}.herokuapp.com/` };
  if (type.endsWith(":SipOutboundTrunk")) return { sipTrunkId: "ST_declared" };
  if (type.endsWith(":RandomPassword")) return { result: `generated-${name}` };
  if (type.endsWith(":AppAdoption")) return { kept: ["ANNOUNCEMENT"] };
  return { removedIds: [] };
}

const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Secrets as `{ secret: value }`, so that a test sees which values are. */
function plain(value: unknown): never {
  return unwrapped(value) as never;
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.some(([, item]) => item === SECRET)) return { secret: unwrapped((value as { value: unknown }).value) };
  return Object.fromEntries(entries.map(([key, item]) => [key, unwrapped(item)]));
}
