import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const target = process.env.SVARA_DEV_TARGET ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: {
      "/api": { target, ws: true },
      "/sip": { target, ws: true },
    },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 700, // kB before compression; the softphone's SIP stack is the largest part
  },
});
