/** A document that holds every term of a query. */
export interface SearchHit {
  readonly branchId: string;
  readonly key: string;
}

interface Document extends SearchHit {
  readonly terms: readonly string[];
}

/** Inverted index over the documents of all branches: term -> document -> positions. */
export class SearchIndex {
  readonly #postings = new Map<string, Map<string, number[]>>();
  readonly #documents = new Map<string, Document>();

  get documentCount(): number {
    return this.#documents.size;
  }

  get termCount(): number {
    return this.#postings.size;
  }

  get postingCount(): number {
    let count = 0;
    for (const documents of this.#postings.values()) count += documents.size;
    return count;
  }

  add(branchId: string, key: string, text: string): void {
    this.remove(branchId, key);
    const id = documentId(branchId, key);
    const positions = positionsByTerm(text);
    for (const [term, places] of positions) {
      const documents = this.#postings.get(term);
      if (documents === undefined) this.#postings.set(term, new Map([[id, places]]));
      else documents.set(id, places);
    }
    this.#documents.set(id, { branchId, key, terms: [...positions.keys()] });
  }

  remove(branchId: string, key: string): void {
    const id = documentId(branchId, key);
    const document = this.#documents.get(id);
    if (document === undefined) return;
    this.#documents.delete(id);
    for (const term of document.terms) {
      const documents = this.#postings.get(term);
      documents?.delete(id);
      if (documents?.size === 0) this.#postings.delete(term);
    }
  }

  /** Documents with all terms of the query, those that name them most often first. */
  search(query: string, limit = 20): SearchHit[] {
    const postings = [...positionsByTerm(query).keys()].map((term) => this.#postings.get(term));
    const [rarest, ...others] = postings.sort((left, right) => (left?.size ?? 0) - (right?.size ?? 0));
    const scored: { hit: SearchHit; occurrences: number }[] = [];
    for (const [id, places] of rarest ?? []) {
      if (!others.every((documents) => documents?.has(id))) continue;
      const { branchId, key } = this.#documents.get(id)!;
      const occurrences = others.reduce((sum, documents) => sum + (documents?.get(id)?.length ?? 0), places.length);
      scored.push({ hit: { branchId, key }, occurrences });
    }
    scored.sort((left, right) => right.occurrences - left.occurrences);
    return scored.slice(0, limit).map(({ hit }) => hit);
  }
}

function documentId(branchId: string, key: string): string {
  return `${branchId}/${key}`;
}

function positionsByTerm(text: string): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  const terms = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const [position, term] of terms.entries()) {
    const places = positions.get(term);
    if (places === undefined) positions.set(term, [position]);
    else places.push(position);
  }
  return positions;
}
