import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "./markdown";

function html(text: string): string {
  return renderToStaticMarkup(<Markdown text={text} />).replace(/^<div class="markdown">|<\/div>$/g, "");
}

test.each([
  ["**a** _b_ ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"],
  ["# a\n\nb", "<h3>a</h3><p>b</p>"],
  ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
  ["- [x] a", '<ul><li class="to-do"><input type="checkbox" readOnly="" disabled="" checked=""/>a</li></ul>'],
  ["a & b < c", "<p>a &amp; b &lt; c</p>"],
  ["https://a.example", '<p><a href="https://a.example" target="_blank" rel="noopener noreferrer">https://a.example</a></p>'],
])("%s", (text, expected) => {
  expect(html(text)).toBe(expected);
});

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[a](javascript:alert(1))",
  "[a](data:text/html,x)",
  "[a]( JaVaScRiPt:alert(1))",
  "![a](https://elsewhere.example/x.png)",
  "a <b onclick=alert(1)>b</b>",
  "<javascript:alert(1)>",
  "[a](&#106;avascript:alert(1))",
])("nothing of %s runs or is loaded", (text) => {
  expect(html(text)).not.toMatch(/<(script|img|b|iframe)|href="(?!https?:|mailto:|\/|#)/i);
});

test("text that is nested too deeply is shown as it is", () => {
  const text = "> ".repeat(4_999) + "a";
  expect(html(text)).toContain("&gt; &gt; &gt;");
});
