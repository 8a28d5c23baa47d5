/** Something that was opened and can be closed; closing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** A bag of disposables closed together, the last opened first. */
export class Disposables implements Disposable {
  #items: Disposable[] | null = [];

  get disposed(): boolean {
    return this.#items === null;
  }

  /** Keeps `item` until this bag is disposed; at once if it already is. */
  add<T extends Disposable>(item: T): T {
    if (this.#items === null) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    const items = this.#items;
    this.#items = null;
    for (const item of items?.reverse() ?? []) item.dispose();
  }
}
