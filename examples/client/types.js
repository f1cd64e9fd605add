// Generate src/corkboard.d.ts from a running server: `npm run types -- 8080`.

import { writeFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const address = `http://127.0.0.1:${process.argv[2] ?? 8080}/openapi.json`;
const response = await fetch(address).catch(() => undefined);
if (!response?.ok) {
  console.error(`${address} doesn't answer. Start the server, and name its port.`);
  process.exit(1);
}
// By default, a field with a default would have to be sent.
const types = await openapiTS(await response.json(), { defaultNonNullable: false });
await writeFile("src/corkboard.d.ts", COMMENT_HEADER + astToString(types));
