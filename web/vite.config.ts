import { defineConfig } from "vite";

export default defineConfig({
  // Relative, so that the page works below any path that a proxy puts before it.
  base: "./",
  build: {
    // The first browsers with `light-dark()` in style sheets and with popovers.
    target: ["chrome123", "firefox125", "safari17.5"],
    // The page's policy loads pictures from files only.
    assetsInlineLimit: 0,
    license: { fileName: "LICENSES.txt" },
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" is for servers that render React.
      onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
    },
  },
  // `npm run dev` beside `make run`.
  server: { proxy: { "/api": "http://localhost:8080" } },
});
