// Something that a test waits for and another part of it lets happen.

export interface Signal {
  readonly done: Promise<void>;
  fire(): void;
}

export function signal(): Signal {
  let fire: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { done, fire };
}
