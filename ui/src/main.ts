// First: libraries ask for the language while they load.
import './locale';

import '@fontsource-variable/atkinson-hyperlegible-next/wght.css';
import '@fontsource-variable/source-serif-4/opsz.css';
import './styles/tokens.css';
import './styles/base.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { applyTheme } from './styles/theme';

applyTheme('system');

// A browser without the core shows the screens over an invented consultation; it is no part of what is shipped.
if (import.meta.env.DEV || import.meta.env.MODE === 'mock') {
  const parameters = new URLSearchParams(window.location.search);
  if (parameters.has('mock')) {
    const { connectMock } = await import('./ipc/mock');
    await connectMock(parameters);
  }
}

const target = document.getElementById('app');
if (target !== null) mount(App, { target });
