import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { listen } from './frame/router.svelte';
import { keepInStep, speak } from './frame/session.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no place for the window');
listen();
keepInStep();
// The wallet is being asked meanwhile which language was chosen; until it answers, the computer's own.
await speak({ language: 'system' });
// What stood here since the page was read gives way to the same, drawn by the window itself.
target.replaceChildren();
mount(App, { target });
