// oxlint-disable no-underscore-dangle -- Node has no public name for this.
// Given to Node with --import: says at the end what the process took.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process._rawDebug(`peak ${maxRSS} KiB, processor ${userCPUTime + systemCPUTime} us`);
});
