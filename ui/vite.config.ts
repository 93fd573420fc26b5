import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Under test, Svelte's browser build: components are mounted in a DOM.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: {
    target: 'safari16',
    // Fonts and icons stay files: nothing is inlined that the content policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    css: false,
    // A busy machine is slow, not wrong.
    testTimeout: 60_000,
  },
}));
