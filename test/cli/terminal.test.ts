import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { widthFor } from '../../src/cli/terminal.ts';

describe('the width of a text', () => {
  it('is the same as by the rules of all scripts, for every character that needs none of them', async () => {
    const width = await widthFor([]);
    // The large blocks of Han and hangul by samples and by their ends.
    const ends = new Set([0x4dbf, 0x4dc0, 0x4e00, 0x9fff, 0xa000, 0xabff, 0xac00, 0xd7a3, 0xd7a4]);
    for (let code = 0x20; code <= 0xffff; code += 1) {
      if (code > 0x3401 && code < 0xff00 && code % 97 > 0 && !ends.has(code)) continue;
      const text = `a${String.fromCharCode(code)}b`;
      if ((await widthFor([text])) !== stringWidth)
        expect([code, width(text)]).toEqual([code, stringWidth(text)]);
    }
    expect(width('张三 Zhang San (ou_zhangsan)')).toBe(28);
    expect(width('ヤマダ、田中 ！')).toBe(15);
  });

  it.each(['👩‍👩‍👧 family', 'e\u0301', '\u200b', 'ﬁ', '𠮷', 'สวัสดี', '\u00ad', '…'])(
    'is by the rules of all scripts where a text holds %j',
    async (text) => {
      expect(await widthFor(['Zhang San', text])).toBe(stringWidth);
    },
  );
});
