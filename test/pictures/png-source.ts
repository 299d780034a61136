import { crc32 } from 'node:zlib';

/** The keyword of the text that says what a picture was made of (PNG, 11.3.4: tEXt). */
const keyword = 'Source\0';

/** Where a PNG's first chunk after the header begins: behind the signature and IHDR. */
const behindHeader = 8 + 25;

/** The same picture, saying what it was made of: ASCII text. */
export function withSource(png: Buffer, source: string): Buffer {
  const data = Buffer.from(`tEXt${keyword}${source}`, 'latin1');
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length - 4);
  sum.writeUInt32BE(crc32(data));
  return Buffer.concat([png.subarray(0, behindHeader), length, data, sum, png.subarray(behindHeader)]);
}

/** What {@link withSource} said of a picture; null where nothing is said. */
export function sourceOf(png: Buffer): string | null {
  const data = png
    .subarray(behindHeader + 8, behindHeader + 8 + png.readUInt32BE(behindHeader))
    .toString('latin1');
  return data.startsWith(keyword) ? data.slice(keyword.length) : null;
}
