/** Whether the key of a letter is pressed, in upper or lower case. Where it writes a letter of another alphabet, its
 * place on the keyboard counts. */
export function isKey({ key, code }: Pick<KeyboardEvent, "key" | "code">, letter: string): boolean {
  if (/^(?!\p{Script=Latin})\p{Letter}$/u.test(key)) return code === `Key${letter.toUpperCase()}`;
  return key.toLowerCase() === letter;
}
