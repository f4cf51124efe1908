import type { OpenApiDocument } from '../document.ts';
import { conventionsView } from './conventions-view.ts';
import { type Html, html, prose } from './html.ts';
import { type Listed, operationView } from './operation-view.ts';
import { componentView, schemaAnchor } from './schema-view.ts';

const anchor = (tag: string) => `tag-${tag.replaceAll(/\W+/g, '-')}`;

const navigation = (
  groups: Map<string, Listed[]>,
  schemas: string[],
): Html => html`<nav id="contents" aria-label="Reference">
<label class="search"><span class="visually-hidden">Find an operation</span>
<input id="search" type="search" placeholder="Find an operation" autocomplete="off" spellcheck="false" aria-controls="contents"><kbd aria-hidden="true">/</kbd></label>
<p id="found" class="found" role="status"></p>
<section data-aside><h2><a href="#conventions">For every operation</a></h2></section>
${[...groups].map(
  ([tag, listed]) =>
    html`<section data-group><h2><a href="#${anchor(tag)}">${tag}</a></h2><ul>${listed.map(
      ({ method, operation }) => html`<li data-for="${operation.operationId}"><a href="#${operation.operationId}">
<span class="method ${method.toLowerCase()}">${method}</span> ${operation.summary}</a></li>`,
    )}</ul></section>`,
)}
<section data-aside><h2><a href="#schemas">Schemas</a></h2><ul>${schemas.map(
  (name) => html`<li><a href="#${schemaAnchor(name)}">${name}</a></li>`,
)}</ul></section></nav>`;

const listOperations = (document: OpenApiDocument): Map<string, Listed[]> => {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Listed => ({ method: method.toUpperCase(), path, operation })),
  );
  return new Map(document.tags.map(({ name }) => [name, all.filter(({ operation }) => operation.tags[0] === name)]));
};

/** The reference page: the whole document as one HTML page whose style and script come from the same origin. */
export const renderPage = (document: OpenApiDocument): string => {
  const { info, components, tags } = document;
  const groups = listOperations(document);
  const schemas = Object.keys(components.schemas);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${info.title} reference</title>
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/docs/reference.css"><script src="/docs/reference.js" defer></script></head>
<body><a class="skip" href="#content">Skip to the content</a>
<header class="bar"><a class="brand" href="/docs"><img src="/docs/icon.svg" alt="" width="26" height="26">${info.title}</a> <span class="version">${info.version}</span>
<a class="download" href="/openapi.json">openapi.json</a> <button type="button" id="theme" hidden>Dark</button></header>
<div class="frame">${navigation(groups, schemas)}
<main id="content" tabindex="-1"><section class="intro" data-aside><h1>${info.title} reference</h1>${prose(info.description)}</section>
${conventionsView(document)}
${tags.map(
  ({ name, description }) => html`<section class="group" data-group><h2 id="${anchor(name)}">${name}</h2>
${description && prose(description)}${groups.get(name)?.map((listed) => operationView(listed, document))}</section>`,
)}
<section class="group" data-aside><h2 id="schemas">Schemas</h2>${schemas.map((name) => componentView(name, components.schemas))}</section>
</main></div></body></html>`;
  return page.markup;
};
