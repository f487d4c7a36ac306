// Looking words up in the course: what backmice.sphinx_ext.search wrote, held by MiniSearch.
// Letters are compared without their marks, words without their plural; a word that the course lacks may be misspelt.

import MiniSearch from "./minisearch.js";

/**
 * @typedef {{title: string, address: string, part: string, isGlossary: boolean, isAside: boolean}} Page
 * @typedef {{means: string, typed: string[]}} Group
 * @typedef {{pages: Page[], sections: [number, string, string, string][], synonyms: Group[], names: Group[]}} Data
 * @typedef {{heading: string, address: string, text: string}} Passage
 * @typedef {{page: Page, passages: Passage[], terms: Set<string>}} Result
 */

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const PLURALS = { mice: "mouse", rami: "ramus", septa: "septum", metastases: "metastasis", biopsies: "biopsy" };
// Words that say nothing of what is looked for, in the languages that readers type in.
const EMPTY = new Set(
  ("a an and are at be by can do does for from how i in is it me my near of on or that the to was what where which who why with " +
    "au aux avec dans de des du en et la le les mes sur un une " +
    "con el las los mi por que una y al del il gli nella nel di da della alla " +
    "am auf das dem der die ein eine im mein mit und von zum").split(" "),
);
const BOOST = { title: 5, heading: 3, text: 1 };
const OF_ASIDE = 0.5; // of a page for instructors only its headings are known, and they name what lessons teach
const OF_GLOSSARY = 0.5; // an entry is short, which alone would put it before every lesson
const EXPLAINED = 0.5; // a word that a synonym explains is looked for itself, too
const MISSPELT = 0.25; // letters of a word that may be wrong
const WORTH = 0.1; // of the best page's score; below that it is chance
const AT_ONCE = 40; // sections
const WEIGHTS = { fuzzy: 0.3, prefix: 0.5 };
const PASSAGES = 3;
const FIRST_SIGN = "#".charCodeAt(0); // stands for the first word of a packed index
const AROUND = 12; // words on either side of the first that is shown in bold

/** @param {string} text without marks on letters, in lower case */
export const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss").replaceAll("œ", "oe");

/** @type {Map<string, string>} */
const compared = new Map(); // the course says the same few thousand words again and again

/** @param {string} word @returns {string} what is compared: folded, without its plural; nothing for an empty word */
export function stem(word) {
  let found = compared.get(word);
  if (found === undefined) compared.set(word, (found = stemAfresh(fold(word))));
  return found;
}

/** @param {string} folded */
function stemAfresh(folded) {
  if (EMPTY.has(folded)) return "";
  if (Object.hasOwn(PLURALS, folded)) return PLURALS[folded];
  return folded.length > 3 && /[^siu]s$/.test(folded) ? folded.slice(0, -1) : folded;
}

/** @param {string} text */
const split = (text) => text.match(WORD) ?? [];

/** @param {string} text @returns {string[]} the words that count, as they are compared */
export const stems = (text) => split(text).map(stem).filter(Boolean);

/** @param {string} heading @returns {string} the anchor that it gets when nothing else has it already */
const slug = (heading) => heading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

/**
 * @param {{pages: Page[], words: string[], synonyms: Group[], names: Group[],
 *   sections: [number[], (string | 1)[], string[], string[]]}} packed as backmice.packed wrote it
 * @returns {Data}
 */
export function unpacked({ words, sections: [pages, anchors, headings, texts], ...rest }) {
  const said = (/** @type {string} */ text) => [...text].map((sign) => words[sign.charCodeAt(0) - FIRST_SIGN]).join("");
  const sections = pages.map((page, n) => [page, anchors[n] === 1 ? slug(headings[n]) : anchors[n], headings[n], said(texts[n])]);
  return { ...rest, sections };
}

export class SearchIndex {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    /** @type {Set<string>} every word of the course */
    this.known = new Set();
    this.engine = new MiniSearch({
      fields: Object.keys(BOOST),
      tokenize: split,
      processTerm: (word) => {
        const term = stem(word);
        if (term) this.known.add(term);
        return term;
      },
      searchOptions: {
        processTerm: (term) => term,
        tokenize: (text) => text.split(" "),
        boost: BOOST,
        weights: WEIGHTS,
        boostDocument: (id) => {
          const { isGlossary, isAside } = this.pageOf(id);
          return isGlossary ? OF_GLOSSARY : isAside ? OF_ASIDE : 1;
        },
      },
    });
    const compared = ({ means, typed }) => ({ means: stems(means), typed: typed.map(stems) });
    this.synonyms = data.synonyms.map(compared);
    this.names = data.names.map(compared);
  }

  /** Take the sections in, a few at a time: a reader may be typing. @param {Data} data */
  static async of(data) {
    const index = new SearchIndex(data);
    const sections = data.sections.map(([page, anchor, heading, text], id) => {
      const title = anchor ? "" : data.pages[page].title; // once a page
      return { id, title, heading, text };
    });
    await index.engine.addAllAsync(sections, { chunkSize: AT_ONCE });
    return index;
  }

  /** @param {number} id of a section @returns {Page} */
  pageOf(id) {
    return this.data.pages[this.data.sections[id][0]];
  }

  /**
   * @param {string} query
   * @returns {Result[]} pages, best first, each with its best passages
   */
  find(query) {
    const typed = stems(query);
    if (!typed.length) return [];
    const isTyping = stem(split(query).at(-1)) === typed.at(-1) && !/\s$/.test(query);
    const found = groupsIn(this.synonyms, typed);
    const groups = found.length ? found : groupsIn(this.names, typed);
    const explained = new Set(groups.flatMap((group) => group.words));
    const queries = [this.literal(typed, isTyping, explained), ...groups.map((group) => this.exact(group.means))];
    return this.grouped(this.engine.search({ combineWith: "OR", queries }));
  }

  /** What was typed. A word that neither the course nor a synonym has is taken for one that is spelt much like it. */
  literal(terms, isTyping, explained) {
    return {
      combineWith: "OR",
      queries: [terms.join(" ")],
      fuzzy: (term) => !this.known.has(term) && !explained.has(term) && term.length > 3 && MISSPELT,
      prefix: (term, at, all) => isTyping && at === all.length - 1 && term.length > 1,
      boostTerm: (term) => (explained.has(term) ? EXPLAINED : 1),
    };
  }

  /** What it means: all the words together. */
  exact(terms) {
    return { combineWith: "AND", queries: [terms.join(" ")], fuzzy: false, prefix: false };
  }

  /** @returns {Result[]} */
  grouped(hits) {
    const byPage = new Map();
    for (const hit of hits) {
      const page = this.data.sections[hit.id][0];
      byPage.set(page, [...(byPage.get(page) ?? []), hit]);
    }
    // A page that says much of it goes before one that names it once, yet the best passage counts most.
    const score = (found) => found.slice(0, PASSAGES).reduce((sum, hit, n) => sum + hit.score / 2 ** n, 0);
    return [...byPage]
      .map(([page, found]) => ({ page: this.data.pages[page], found, score: score(found) }))
      .sort((a, b) => b.score - a.score)
      .filter(({ score }, _, [best]) => score >= WORTH * best.score)
      .map(({ page, found, score }) => ({
        page,
        score,
        passages: found.slice(0, PASSAGES).map((hit) => this.passage(hit.id)),
        terms: new Set(found.slice(0, PASSAGES).flatMap((hit) => hit.terms)),
      }));
  }

  /** @returns {Passage} */
  passage(id) {
    const [page, anchor, heading, text] = this.data.sections[id];
    const { address } = this.data.pages[page];
    return { heading, text, address: anchor ? `${address}#${anchor}` : address };
  }
}

/** @param {{means: string[], typed: string[][]}[]} groups @param {string[]} typed @returns the groups that it holds words of */
function groupsIn(groups, typed) {
  // Longer words may have an ending: Rückenschmerz, Rückenschmerzen.
  const said = (word) => typed.filter((one) => one === word || (word.length > 4 && one.startsWith(word)));
  return groups.flatMap(({ means, typed: entries }) => {
    const words = entries.filter((entry) => entry.length && entry.every((word) => said(word).length)).flat();
    return words.length ? [{ means, words: words.flatMap(said) }] : [];
  });
}

/**
 * @param {string} text
 * @param {Set<string>} terms as they are compared
 * @returns {{words: string, isHit: boolean}[]} a part of the text that holds most of them, in runs
 */
export function excerpt(text, terms) {
  const words = [...text.matchAll(WORD)];
  const hits = words.flatMap((word, n) => (terms.has(stem(word[0])) ? [n] : []));
  const held = (from) => new Set(hits.filter((n) => n >= from && n < from + 2 * AROUND).map((n) => stem(words[n][0]))).size;
  const best = hits.reduce((best, n) => (held(n) > held(best) ? n : best), hits[0] ?? 0);
  const first = Math.max(0, best - AROUND / 2);
  const last = Math.min(words.length, first + 2.5 * AROUND);
  const start = first ? words[first].index : 0;
  const end = last < words.length ? words[last].index : text.length;
  const runs = [];
  let at = start;
  for (const word of words.slice(first, last)) {
    if (!terms.has(stem(word[0]))) continue;
    runs.push({ words: text.slice(at, word.index), isHit: false }, { words: word[0], isHit: true });
    at = word.index + word[0].length;
  }
  runs.push({ words: text.slice(at, end).trimEnd(), isHit: false });
  const shown = runs.filter((run) => run.words);
  if (start && shown.length) shown.unshift({ words: "… ", isHit: false });
  if (end < text.length) shown.push({ words: " …", isHit: false });
  return shown;
}
