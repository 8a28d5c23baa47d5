const FIRST_SIZE = 1024;

/**
 * The coming events of a simulation: a binary heap keyed (instant, order of adding). The keys lie in typed arrays, and a
 * place moves along a hole instead of being swapped.
 */
export class EventHeap<T> {
  #at = new Float64Array(FIRST_SIZE);
  #order = new Float64Array(FIRST_SIZE);
  readonly #events: (T | undefined)[] = [];
  #size = 0;
  #added = 0;

  get size(): number {
    return this.#size;
  }

  /** The instant of the next event; infinity if there is none. */
  get nextAt(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#at[0] as number);
  }

  push(at: number, event: T): void {
    if (this.#size === this.#at.length) this.#grow();
    const order = this.#added++;
    let hole = this.#size++;
    const times = this.#at;
    const orders = this.#order;
    const events = this.#events;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const parentAt = times[parent] as number;
      if (parentAt <= at) break; // at the same instant the parent was added before
      times[hole] = parentAt;
      orders[hole] = orders[parent] as number;
      events[hole] = events[parent];
      hole = parent;
    }
    times[hole] = at;
    orders[hole] = order;
    events[hole] = event;
  }

  /** The next event; it stays. */
  peek(): T | undefined {
    return this.#events[0];
  }

  /** Puts an event in the place of the next one. */
  replaceNext(at: number, event: T): void {
    if (this.#size === 0) this.push(at, event);
    else this.#sink(at, this.#added++, event);
  }

  /** Takes the next event away. */
  pop(): T | undefined {
    if (this.#size === 0) return undefined;
    const top = this.#events[0];
    const last = --this.#size;
    const event = this.#events[last];
    this.#events[last] = undefined;
    if (last > 0) this.#sink(this.#at[last] as number, this.#order[last] as number, event);
    return top;
  }

  #sink(at: number, order: number, event: T | undefined): void {
    const times = this.#at;
    const orders = this.#order;
    const events = this.#events;
    const size = this.#size;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      let childAt = times[child] as number;
      const right = child + 1;
      if (right < size) {
        const rightAt = times[right] as number;
        if (
          rightAt < childAt ||
          (rightAt === childAt && (orders[right] as number) < (orders[child] as number))
        ) {
          child = right;
          childAt = rightAt;
        }
      }
      if (at < childAt || (at === childAt && order < (orders[child] as number))) break;
      times[hole] = childAt;
      orders[hole] = orders[child] as number;
      events[hole] = events[child];
      hole = child;
    }
    times[hole] = at;
    orders[hole] = order;
    events[hole] = event;
  }

  #grow(): void {
    const at = new Float64Array(this.#at.length * 2);
    at.set(this.#at);
    this.#at = at;
    const order = new Float64Array(this.#order.length * 2);
    order.set(this.#order);
    this.#order = order;
  }
}
