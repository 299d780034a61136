/** What differs on paper. */
export const paper: string = `
@media print {
  @page { margin: 16mm 14mm; }
  :root { color-scheme: light; --ground: #fff; --surface: #fff; --sunken: #fff; --line: #bbb; --edge: #666; --text: #000; --quiet: #444; --link: #000; --red: #a01c15; --red-ground: #fff; --green: #0d5a2f; --green-ground: #fff; --amber: #6b4200; --amber-ground: #fff; --kept: #999; --replaced: #8a5a00; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; font-size: 1rem; }
  h1 { font-size: 1.75rem; max-width: none; }
  main > section, footer { margin-top: 1.25rem; }
  a { text-decoration: none; color: inherit; }
  #filter, .permalink, .skip, noscript { display: none !important; }
  .totals { grid-template-columns: 5fr 4fr; }
  .tile { padding: .35rem .6rem .45rem; }
  .tile dd { font-size: 1.4rem; }
  .bar, .badge::before, .status::before { print-color-adjust: exact; }
  h2, .event > details > summary { break-after: avoid; }
  .event:not(:has(tbody tr:nth-child(12))) { break-inside: avoid; }
  .changes { border-collapse: separate; border-spacing: 0; }
  .changes tbody tr > td:first-child { box-shadow: none !important; border-left: 2pt solid; }
  .in-sync .body:not(:has(> :not(.technical, .after))) { display: none; }
  .event > details > summary { padding: .5rem .75rem; min-height: 0; grid-template-columns: minmax(0, 5fr) 6rem minmax(0, 4fr); }
  .event > details > summary::before { display: none; }
  .changes tr, .overview tr, .card > li, .callout, .event > details > summary { break-inside: avoid; }
  thead { display: table-header-group; }
  th, td { padding: .2rem .4rem; }
  .changes thead th:nth-child(1) { width: 14.5%; }
  .changes thead th:nth-child(2) { width: 21%; }
  .changes.replies thead th:nth-child(3) { width: 12%; }
  .changes thead th:nth-last-child(2) { width: 12%; }
  .changes thead th:nth-last-child(1) { width: 24%; }
  .changes thead button { padding: .2rem .4rem; }
  .changes thead button::after { content: none; }
  .body { padding: .5rem .75rem .75rem; gap: .5rem; }
  .technical:not([open]), .after:not([open]) { display: none; }
  :not(.long) > #list > .event > details::details-content { content-visibility: visible; display: block; }
  .long .overview { display: table; margin-bottom: 1rem; }
  .long .overview caption { text-align: left; padding-bottom: .4rem; }
  .overview thead th { font-weight: 600; border-bottom: 1px solid var(--edge); }
  .overview tbody th { font-weight: 600; }
  .overview .lost { display: block; }
  .overview .when { font-weight: 400; }
  .overview .numbers, .overview [class^=n-] { margin-right: .6rem; }
  .long .event { content-visibility: visible; }
  .long .event:not(:has(> details[open])) { display: none; }
}
`;
