// Plans the manifests of a folder and prints how long that took and how many calls it was, start-up not counted.
// Argument: the folder.
import { loadManifests, planEvents } from 'rollcall';

const { desired } = loadManifests([process.argv[2]]);
const startedAt = performance.now();
const plan = await planEvents(desired, { env: process.env });
const ms = performance.now() - startedAt;
process.stdout.write(JSON.stringify({ ms, used: plan.requests.used, complete: plan.complete }));
