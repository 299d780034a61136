// oxlint-disable no-underscore-dangle -- Node has no public name for this.
// Given to Node with --import: says at the end how much memory the process had at most, in KiB.
process.on('exit', () => process._rawDebug(`peak ${process.resourceUsage().maxRSS}`));
