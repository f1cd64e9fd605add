// Markdown as React elements: whatever HTML it contains is shown as text, never run.

import { lexer, type Token, type Tokens } from "marked";
import { createContext, createElement, Fragment, useContext, useMemo, type ReactNode } from "react";
import { piecesOf } from "./mentions";

const SAFE_LINK = /^(https?:|mailto:|#|\/)/i;

/** Who can be mentioned, by their folded names. */
const Names = createContext<ReadonlySet<string>>(new Set());

interface Props {
  text: string;
  names?: ReadonlySet<string>;
}

export function Markdown({ text, names }: Props) {
  const shown = useMemo(() => rendered(text), [text]);
  const content = <div className="markdown">{shown}</div>;
  return names ? <Names value={names}>{content}</Names> : content;
}

function Text({ text }: { text: string }) {
  const pieces = piecesOf(text, useContext(Names));
  return pieces.map((piece, index) => (piece.name ? <b key={index} className="mention">{piece.text}</b> : piece.text));
}

function rendered(text: string): ReactNode {
  try {
    return all(lexer(text, { gfm: true, breaks: true }));
  } catch {
    return <p>{text}</p>; // it is nested too deeply
  }
}

function all(tokens: Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => <Fragment key={index}>{one(token)}</Fragment>);
}

function one(generic: Token): ReactNode {
  const token = generic as Tokens.Generic;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "paragraph":
      return <p>{all(token.tokens)}</p>;
    case "heading":
      // Below the headings of the page itself.
      return createElement(`h${Math.min(6, (token as Tokens.Heading).depth + 2)}`, null, all(token.tokens));
    case "blockquote":
      return <blockquote>{all(token.tokens)}</blockquote>;
    case "list":
      return list(token as Tokens.List);
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{token["text"]}</code>
        </pre>
      );
    case "table":
      return table(token as Tokens.Table);
    case "hr":
      return <hr />;
    case "br":
      return <br />;
    case "strong":
    case "em":
    case "del":
      return createElement(token.type, null, all(token.tokens));
    case "codespan":
      return <code>{token["text"]}</code>;
    case "link":
      return link(token["href"], all(token.tokens));
    case "image":
      // The page loads no pictures of other origins.
      return link(token["href"], token["text"] || token["href"]);
    case "escape":
    case "text":
      return token.tokens ? all(token.tokens) : <Text text={token["text"]} />;
    default:
      return token.raw;
  }
}

function link(address: string, content: ReactNode): ReactNode {
  if (!SAFE_LINK.test(address)) return content;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const children = items.map((item, index) => (
    <li key={index} className={item.task ? "to-do" : undefined}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly disabled />}
      {all(item.tokens.filter(({ type }) => type !== "checkbox"))}
    </li>
  ));
  return ordered ? <ol start={start || 1}>{children}</ol> : <ul>{children}</ul>;
}

function table({ header, rows }: Tokens.Table): ReactNode {
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell, index) => (
            <th key={index}>{all(cell.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, at) => (
              <td key={at}>{all(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
