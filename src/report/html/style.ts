const screen = `
:root {
  color-scheme: light dark;
  --ground: #f6f6f4; --surface: #ffffff; --sunken: #f1f1ee; --line: #dfdfda; --edge: #86867f;
  --text: #1d1e20; --quiet: #5a5c62; --link: #1d4fb8;
  --red: #b3261e; --red-ground: #fdeeec; --green: #14693a; --green-ground: #e8f5ec;
  --amber: #7d4e00; --amber-ground: #fdf3dc; --kept: #8b8d94; --replaced: #b07a10;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131416; --surface: #1b1d20; --sunken: #232529; --line: #33363b; --edge: #7d818a;
    --text: #e9eaec; --quiet: #a5a8b0; --link: #93b7ff;
    --red: #ff9b91; --red-ground: #3a1f1d; --green: #7bd39a; --green-ground: #17301f;
    --amber: #f2c063; --amber-ground: #352912; --kept: #80838c; --replaced: #d9a441;
  }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 2.5rem) 3rem; max-width: 76rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans", "Noto Sans CJK SC", sans-serif;
}
h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: clamp(1.4rem, 1.1rem + 1.4vw, 1.95rem); line-height: 1.2; letter-spacing: -.02em; font-weight: 680; text-wrap: balance; max-width: 60rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; font-weight: 650; line-height: 1.3; }
a { color: var(--link); text-underline-offset: .15em; }
code, .id, .place, .tag { font-family: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace; font-size: .875em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.quiet, caption { color: var(--quiet); font-weight: 400; }
.unseen, .skip:not(:focus), .changes caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: absolute; z-index: 2; top: .5rem; left: .5rem; padding: .5rem 1rem; background: var(--surface); }
.defs { position: absolute; width: 0; height: 0; }

header { display: grid; gap: .8rem; }
.brand { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem; color: var(--quiet); }
.brand b { color: var(--text); font-weight: 650; letter-spacing: -.01em; }
.brand .badge { margin-left: auto; }
.lead { font-size: 1.0625rem; max-width: 60rem; overflow-wrap: anywhere; }
.meta { color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
.badge, .status { display: inline-flex; align-items: center; gap: .45em; font-weight: 600; font-size: .875rem; white-space: nowrap; }
.badge { padding: .2rem .75rem; border-radius: 99px; border: 1px solid; white-space: normal; }
.badge::before, .status::before { content: ""; flex: none; width: .6em; height: .6em; border-radius: 50%; background: currentColor; }
.badge.refused, .refused > details > summary .status { color: var(--red); }
.badge.unknown, .unknown > details > summary .status { color: var(--amber); }
.badge.in-sync, .badge.changed, .in-sync > details > summary .status { color: var(--green); }
.badge.refused { background: var(--red-ground); }
.badge.unknown { background: var(--amber-ground); }
.badge.in-sync, .badge.changed { background: var(--green-ground); }
.badge.refused::before, .refused > details > summary .status::before { border-radius: 0; }
.badge.unknown::before, .unknown > details > summary .status::before { border-radius: 0; clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.in-sync > details > summary .status::before { background: none; border: 2px solid; }
.totals { display: grid; grid-template-columns: 5fr 4fr; gap: 1rem; margin-top: .35rem; }
.totals:has(.tile:nth-child(6)) { grid-template-columns: minmax(0, 1fr); }
.totals section { display: grid; grid-template-rows: auto 1fr; }
.totals h2 { font-size: .8125rem; color: var(--quiet); font-weight: 600; margin-bottom: .35rem; }
.tiles { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.tile { padding: .7rem .9rem .8rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tile + .tile { border-left: 1px solid var(--line); }
.tile dt { font-size: .8125rem; color: var(--quiet); line-height: 1.3; }
.tile dd { font-size: 1.7rem; font-weight: 640; line-height: 1.2; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.tile small { font-size: .8125rem; font-weight: 400; color: var(--quiet); letter-spacing: 0; display: inline-block; line-height: 1.25; }
.tile.zero dd { color: var(--quiet); font-weight: 400; }
.tile.removed dd, .tile.refused dd { color: var(--red); }
.tile.added dd { color: var(--green); }
.tile.replaced dd, .tile.unknown dd { color: var(--amber); }
.whole { display: grid; gap: .5rem; margin-top: .4rem; }
.bar { display: block; width: 100%; height: .55rem; border-radius: 3px; overflow: hidden; forced-color-adjust: none; }
.whole .bar { height: .85rem; }
.b-kept { fill: var(--kept); }
.b-removed, .b-deleted { fill: url(#hatch); }
.b-added { fill: var(--green); }
.b-replaced { fill: var(--replaced); }
.bar rect { stroke: var(--surface); stroke-width: 1; }
.hatch-ground { fill: var(--red); }
.hatch-line { fill: var(--surface); opacity: .45; }
.numbers { display: flex; flex-wrap: wrap; gap: .1rem .8rem; font-size: .875rem; font-variant-numeric: tabular-nums; }
.numbers b { margin-right: .2em; }
.n-removed, .lost { color: var(--red); }
.n-added { color: var(--green); }
.n-replaced { color: var(--amber); }
.n-kept { color: var(--quiet); }
.lost { font-weight: 600; }
.share .lost { font-size: .875rem; }

main > section, footer { margin-top: 2.25rem; }
main h2 { margin-bottom: .75rem; }
#events:focus { outline: none; }
.callout { border: 1px solid; border-radius: 8px; padding: .6rem .9rem; overflow-wrap: anywhere; }
.callout.refused { border-color: var(--red); background: var(--red-ground); }
.callout.unknown { border-color: var(--amber); background: var(--amber-ground); }
.callout + .callout, .left > .callout { margin-top: .5rem; }
.callout .what { font-size: .875rem; }
.callout.refused .what { color: var(--red); }
.callout.unknown .what { color: var(--amber); }
.callout .what code { opacity: 1; font-weight: 400; }
.place { margin-right: .4em; }
.hint, .names { display: block; }
.command { user-select: all; }
.callout .quiet, .callout .left summary::before { color: inherit; }
.plain { list-style: none; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
.card > li { padding: .5rem 1rem; }
.card > li + li { border-top: 1px solid var(--line); }
#people .card > li { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 7fr); gap: .1rem 1rem; }
#people .card b { font-weight: 600; }
#people .card .id { font-weight: 400; color: var(--quiet); }
#people [class^=n-] { font-weight: 600; }
#people > .left { margin-top: .5rem; }

#filter { display: flex; flex-wrap: wrap; align-items: end; gap: .8rem 1.5rem; margin-bottom: .9rem; padding: .9rem 1rem .7rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.field { display: grid; gap: .25rem; }
.field:first-child { flex: 1 1 15rem; }
.sort.narrow, .overview { display: none; }
.field label, .sort label, legend { font-size: .8125rem; font-weight: 600; color: var(--quiet); padding: 0; }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
.chips { display: flex; flex-wrap: wrap; gap: .35rem; margin-top: .25rem; }
input[type=search], select, .acts button, .chip { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--edge); border-radius: 7px; min-height: 2.25rem; padding: .25rem .65rem; min-width: 0; }
input::placeholder { color: var(--quiet); opacity: 1; }
.chip { display: inline-flex; align-items: center; gap: .4rem; cursor: pointer; }
.chip input { margin: 0; accent-color: var(--link); }
.chip:has(:checked) { border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.chip:has(:focus-visible) { outline: 2px solid var(--link); outline-offset: 2px; }
.chip input:focus-visible { outline: none; }
.chip .n { color: var(--quiet); font-variant-numeric: tabular-nums; }
.foot { flex: 1 0 100%; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem; border-top: 1px solid var(--line); padding-top: .6rem; }
#shown { font-size: .875rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.acts { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; }
.sort { display: flex; align-items: center; gap: .5rem; margin-right: .6rem; }
.sort select { min-height: 2rem; padding: .15rem .4rem; font-size: .875rem; }
.acts button { cursor: pointer; font-size: .875rem; min-height: 2rem; padding: .15rem .65rem; }
.acts button:hover, .changes th button:hover { background: var(--sunken); }
.acts button:disabled { color: var(--quiet); border-color: var(--line); cursor: default; }

#list { display: grid; gap: .5rem; }
.event { position: relative; min-width: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
.long .event { content-visibility: auto; contain-intrinsic-size: auto 4rem; }
.event.refused { border-color: var(--red); }
.event.unknown { border-color: var(--amber); }
.event:target { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
.event > details > summary { display: grid; grid-template-columns: 1rem minmax(0, 5fr) 6rem minmax(0, 4fr); align-items: center; gap: .25rem 1rem; padding: .8rem 3.25rem .8rem 1rem; min-height: 3.75rem; cursor: pointer; list-style: none; border-radius: 10px; }
summary::-webkit-details-marker { display: none; }
.event > details > summary:hover { background: var(--sunken); }
.event > details[open] > summary { border-radius: 10px 10px 0 0; }
.event > details > summary::before { content: ""; width: .5rem; height: .5rem; border: solid var(--quiet); border-width: 0 2px 2px 0; transform: rotate(-45deg); }
.event > details[open] > summary::before { transform: rotate(45deg); }
.event summary:focus-visible { outline-offset: -2px; border-radius: 10px; }
.who { min-width: 0; }
h3 { font-size: 1.1rem; font-weight: 640; line-height: 1.3; letter-spacing: -.01em; overflow-wrap: anywhere; }
.when { display: block; font-size: .875rem; color: var(--quiet); overflow-wrap: anywhere; }
.share { display: grid; gap: .3rem; min-width: 0; }
.permalink { position: absolute; top: .9rem; right: .7rem; width: 2rem; height: 2rem; display: grid; place-items: center; border-radius: 7px; color: var(--quiet); text-decoration: none; font-weight: 600; }
.permalink:hover { background: var(--sunken); color: var(--link); }
.body { display: grid; grid-template-columns: minmax(0, 1fr); gap: .8rem; padding: .9rem 1rem 1.1rem; border-top: 1px solid var(--line); }
.body .callout + .callout { margin-top: -.3rem; }

table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; font-weight: 400; }
.changes { table-layout: fixed; }
.changes thead th:nth-child(1) { width: 8.25rem; }
.changes thead th:nth-child(2) { width: 22%; }
.changes.replies thead th:nth-child(3) { width: 7.5rem; }
.changes thead th:nth-last-child(1) { width: 21%; }
.changes thead th:nth-last-child(2) { width: 17%; }
.changes thead th { padding: 0; color: var(--quiet); font-size: .8125rem; font-weight: 600; border-bottom-color: var(--edge); }
.changes thead button { font: inherit; color: inherit; background: none; border: 0; width: 100%; text-align: left; cursor: pointer; padding: .35rem .6rem; border-radius: 5px; }
.changes thead button::after { content: " ↕"; content: " ↕" / ""; opacity: .6; }
.changes [aria-sort=ascending] button::after { content: " ↑"; content: " ↑" / ""; opacity: 1; }
.changes [aria-sort=descending] button::after { content: " ↓"; content: " ↓" / ""; opacity: 1; }
.changes [aria-sort] button { color: var(--text); }
.changes tbody th { font-weight: 600; }
.changes td:first-child { white-space: nowrap; font-weight: 500; }
.changes td b { display: inline-block; width: 1em; text-align: center; }
.changes .remove td:first-child { color: var(--red); box-shadow: inset 3px 0 var(--red); }
.changes .add td:first-child { color: var(--green); box-shadow: inset 3px 0 var(--green); }
.changes .replace td:first-child { color: var(--amber); box-shadow: inset 3px 0 var(--amber); }
.changes tbody tr:last-child > * { border-bottom: 0; }
.changes .id, .changes .from { color: var(--quiet); }
.changes .from { font-size: .875rem; }
.r-accepted, .r-tentative, .r-declined { white-space: nowrap; font-weight: 600; }
.r-accepted { color: var(--green); }
.r-tentative { color: var(--amber); }
.r-declined { color: var(--red); }
.r-accepted::before { content: "✓ "; content: "✓ " / ""; }
.r-tentative::before { content: "? "; content: "? " / ""; }
.r-declined::before { content: "✕ "; content: "✕ " / ""; }
.r-none { color: var(--quiet); }
.tag { padding: .05em .4em; border-radius: 4px; background: var(--sunken); color: var(--quiet); white-space: nowrap; font-weight: 400; }
.via { display: block; color: var(--quiet); }
.left > summary, .fold > summary { cursor: pointer; list-style: none; width: fit-content; padding: .1rem 0; }
.left > summary::before, .fold > summary::before { content: "▸ "; content: "▸ " / ""; color: var(--quiet); }
.left[open] > summary::before, .fold[open] > summary::before { content: "▾ "; content: "▾ " / ""; }
.after > dl { display: grid; gap: .35rem; margin: .4rem 0 0 1.1rem; font-size: .9375rem; }
.after > dl > div { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 7fr); gap: 0 1rem; }
.after dt { font-weight: 600; }
.after dd ul:not(.card) { margin: 0; }
.left.after > summary { font-weight: 600; }
.left ul:not(.card) { margin: .2rem 0 0 1.1rem; padding: 0; list-style: none; columns: 18rem auto; gap: 1.5rem; font-size: .9375rem; overflow-wrap: anywhere; }
.left ul.card { margin-top: .5rem; }
.technical > summary { color: var(--quiet); font-size: .875rem; }
.notes { padding-left: 1.1rem; overflow-wrap: anywhere; font-size: .9375rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: .55rem 1.5rem; font-size: .875rem; }
.facts dt { color: var(--quiet); font-size: .8125rem; }
.facts dd { overflow-wrap: anywhere; }
.body .facts { margin-top: .4rem; padding: .8rem 1rem; background: var(--sunken); border-radius: 8px; }
footer { border-top: 1px solid var(--line); padding-top: 1.25rem; }
footer h2 { display: inline; font-size: 1rem; }
footer .facts { margin-top: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
#none { padding: 2rem; text-align: center; color: var(--quiet); }

@media (max-width: 60rem) {
  .totals { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 48rem) {
  body { padding-top: 1.1rem; }
  .brand .badge { margin-left: .4rem; }
  .tiles { display: flex; flex-wrap: wrap; gap: 1px; background: var(--line); }
  .tile, .tile + .tile { flex: 1 1 5.5rem; padding: .6rem .75rem .7rem; border: 0; background: var(--surface); }
  .tile dd { font-size: 1.4rem; }
  .field { flex: 1 1 8rem; }
  .sort.narrow { display: flex; }
  .acts, .acts button, .sort { flex: 1 1 auto; }
  .sort select { flex: 1; }
  #people .card > li { grid-template-columns: minmax(0, 1fr); }
  .event > details > summary { grid-template-columns: 1rem minmax(0, 1fr) auto; padding-right: 1rem; }
  .share { grid-column: 2 / -1; }
  .permalink { top: auto; bottom: .6rem; right: .5rem; }
  .event:has(> details[open]) .permalink { display: none; }
  .changes, .changes tbody { display: block; }
  .changes thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .changes tbody tr { display: grid; grid-template-columns: 1.75rem minmax(0, 1fr) auto; gap: 0 .5rem; padding: .45rem 0; border-bottom: 1px solid var(--line); }
  .changes tbody tr:last-child { border-bottom: 0; }
  .changes tbody tr > * { display: block; border: 0; padding: 0; grid-column: 2 / -1; }
  .after > dl > div { grid-template-columns: minmax(0, 1fr); }
  .changes tbody td:first-child { padding-left: .5rem; grid-column: 1; grid-row: 1 / span 5; }
  .changes td:first-child span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .changes.replies tbody th { grid-column: 2; }
  .changes.replies tbody th + td { grid-column: 3; }
  .via { display: inline; }
  footer .facts { grid-template-columns: minmax(0, 1fr); }
  .body .facts { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); }
}
@media (forced-colors: active) {
  .badge::before, .status::before { forced-color-adjust: none; }
}
`;

/** What differs on paper. */
const paper: string = `
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

/** The style of the page as the page has it: light, dark and print, wide and narrow. */
export const style: string = `${screen}${paper}`;
