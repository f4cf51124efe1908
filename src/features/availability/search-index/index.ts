export { type IndexedSearch, searchIndexed } from './indexed-search.ts';
export { createSearchIndexes, type SearchIndexes } from './indexes.ts';
