// What a widget of a notebook finds in place of its model where no kernel runs: the traits as Python left them.

/** As much of the models of Jupyter's widgets as ours use. */
export class WidgetModel {
  /** @type {Map<string, Set<(...told: any[]) => void>>} by event */ #listeners = new Map();

  /** @param {Record<string, any>} traits @param {Record<string, string>} [files] what the kernel would send, by name */
  constructor(traits, files = {}) {
    this.traits = { ...traits, _files: traits._files ?? {} };
    this.files = files;
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (JSON.stringify(this.traits[name]) === JSON.stringify(value)) return;
    this.traits[name] = value;
    this.#tell(`change:${name}`);
  }

  /** There is no kernel to tell. */
  save_changes() {}

  /** Answer as the kernel does, later. @param {{want: string}} message */
  send({ want }) {
    const text = this.files[want];
    const [content, buffers] =
      text === undefined
        ? [{ file: want, missing: `no file ${want}` }, []]
        : [{ file: want, type: "application/json" }, [new TextEncoder().encode(text)]];
    queueMicrotask(() => this.#tell("msg:custom", content, buffers));
  }

  /** @param {string} event @param {(...told: any[]) => void} listener */
  on(event, listener) {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  /** @param {string} event @param {(...told: any[]) => void} listener */
  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  /** @param {string} event @param {...any} told */
  #tell(event, ...told) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...told);
  }
}
